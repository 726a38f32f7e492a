"""The Python environment: .venv, filled from the lock."""

from __future__ import annotations

import shutil

from .machine import Machine, SetupError
from .place import Place, digest

OLDEST = (3, 11)
APT_PATIENCE_S = 300
"""So long apt-get waits for another one that is at work on this machine."""


def ensure_environment(place: Place, machine: Machine) -> None:
    """Make .venv and install every locked package, unless that is done already."""
    if machine.version < OLDEST:
        found = ".".join(map(str, machine.version))
        raise SetupError(f"Python 3.11 or newer is needed, this is {found}. Run `make PYTHON=python3.11`.")
    lock = place.locks / "python.txt"
    key = digest([lock], ".".join(map(str, machine.version)))
    if place.is_done("python", key) and place.python.exists():
        return
    if not place.python.exists() or not machine.succeeds([place.python, "-c", "import pip"], what="looking for pip"):
        _make_venv(place, machine)
    machine.say("installing the Python packages, checked by hash")
    machine.run(
        [place.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
         "--no-deps", "-r", lock],
        what="installing the Python packages",
        advice="Check that the package registry can be reached, then run the same command again.",
    )  # fmt: skip
    place.mark_done("python", key)


def _make_venv(place: Place, machine: Machine) -> None:
    machine.say("making the Python environment .venv")
    shutil.rmtree(place.venv, ignore_errors=True)
    if not machine.succeeds([machine.executable, "-c", "import ensurepip, venv"], what="looking for venv"):
        package = f"python{machine.version[0]}.{machine.version[1]}-venv"
        apt_install(machine, package, "ca-certificates", why="Python's venv module lacks ensurepip here.")
    machine.run(
        [machine.executable, "-m", "venv", place.venv],
        what="making .venv",
        advice="Install Python's venv module (on Debian: apt-get install python3-venv), then try again.",
    )


def apt_install(machine: Machine, *packages: str, why: str) -> None:
    """Install Debian packages as root. Raises SetupError where that can't be done."""
    wanted = " ".join(packages)
    if machine.find("apt-get") is None or not machine.is_root():
        raise SetupError(f"{why} Install the package {wanted} (on Debian: apt-get install {wanted}), then try again.")
    machine.say(f"installing {wanted} with apt-get")
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", f"DPkg::Lock::Timeout={APT_PATIENCE_S}"]
    advice = f"Install {wanted} by hand, then try again."
    machine.run([*apt, "update"], what="apt-get update", advice=advice)
    machine.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages], what=f"apt-get install {wanted}", advice=advice
    )
