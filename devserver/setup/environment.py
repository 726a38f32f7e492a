"""The Python environment: .venv, filled from the lock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .step import LOCKS, ROOT, VENV, SetupError, digest, is_done, mark_done, run, say

LOCK = LOCKS / "python.txt"


def ensure_environment() -> None:
    """Make .venv and install every locked package, unless that is done already."""
    if sys.version_info < (3, 11):  # noqa: UP036 - run by whatever Python the machine has
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(f"Python 3.11 or newer is needed, this is {found}. Run `make PYTHON=python3.11`.")
    key = digest([LOCK], sys.version)
    if is_done("python", key) and python().exists():
        return
    if not python().exists() or not _has_pip():
        _make_venv()
    say("installing the Python packages, checked by hash")
    run(
        [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
         "--no-deps", "-r", LOCK],
        what="installing the Python packages",
        advice="Check that the package registry can be reached, then run the same command again.",
    )  # fmt: skip
    mark_done("python", key)


def python() -> Path:
    """The environment's own interpreter."""
    return VENV / "bin" / "python"


def apt_install(*packages: str, why: str) -> None:
    """Install Debian packages as root. Raises SetupError where that can't be done."""
    wanted = " ".join(packages)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise SetupError(f"{why} Install the package {wanted} (on Debian: apt-get install {wanted}), then try again.")
    say(f"installing {wanted} with apt-get")
    advice = f"Install {wanted} by hand, then try again."
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    os.environ.update(environment)
    run(["apt-get", "update", "-qq"], what="apt-get update", advice=advice)
    run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        what=f"apt-get install {wanted}",
        advice=advice,
    )


def _make_venv() -> None:
    say("making the Python environment .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if not _venv_works():
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        apt_install(f"{version}-venv", "ca-certificates", why="Python's venv module lacks ensurepip here.")
    run(
        [sys.executable, "-m", "venv", VENV],
        what="making .venv",
        advice="Install Python's venv module (on Debian: apt-get install python3-venv), then try again.",
        cwd=ROOT,
    )


def _venv_works() -> bool:
    return subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0


def _has_pip() -> bool:
    return subprocess.run([python(), "-c", "import pip"], capture_output=True).returncode == 0
