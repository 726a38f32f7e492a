"""`make lock`: pin the newest versions that pyproject.toml and package.json allow, by hash."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from .machine import Machine
from .node import npm
from .place import Place
from .wheels import PLATFORM

if TYPE_CHECKING:
    from .machine import Command

EXTRAS = ("server", "relay", "watch", "agno", "test", "check", "node")
WHEELS = {
    "wasm": ["pydantic==2.14.3", "pydantic-core==2.50.4", "annotated-types", "typing-extensions", "typing-inspection"],
    "testing": ["pytest", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis", "sortedcontainers"],
}
"""Lock → what the page's Python loads; all of it named, as nothing is resolved there."""
ADVICE = "Check that the package registries can be reached."


def relock(place: Place, machine: Machine) -> None:
    """Write every lock anew. Look at the difference before committing it."""
    _lock_environment(place, machine)
    for name, wanted in WHEELS.items():
        _lock_wheels(place, machine, name, wanted)
    machine.say("locking the browser libraries")
    machine.run(
        [*npm(place, machine), "install", "--package-lock-only", "--ignore-scripts",
         "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--prefix", place.web],
        what="locking the browser libraries", advice=ADVICE,
    )  # fmt: skip


def _lock_environment(place: Place, machine: Machine) -> None:
    machine.say("locking the Python packages")
    tools = place.venv / "lock-tools"
    pip: Command = [place.python, "-m", "pip", "install", "-q", "--target", tools, "uv"]
    machine.run(pip, what="installing uv", advice=ADVICE)
    machine.run(
        [tools / "bin" / "uv", "pip", "compile", "-q", "--upgrade", "--generate-hashes", "--python-version", "3.11",
         "--no-header", "--no-annotate", *(f"--extra={name}" for name in EXTRAS), "pyproject.toml",
         "-o", place.locks / "python.txt"],
        what="locking the Python packages", advice=ADVICE, cwd=place.root,
    )  # fmt: skip
    shutil.rmtree(tools, ignore_errors=True)


def _lock_wheels(place: Place, machine: Machine, name: str, wanted: list[str]) -> None:
    """pip resolves for the browser's platform; its hashes go into the lock."""
    folder = place.venv / "wheels-lock"
    shutil.rmtree(folder, ignore_errors=True)
    machine.say(f"locking {', '.join(wanted)} for the browser")
    machine.run(
        [place.python, "-m", "pip", "download", "-q", "--no-deps", *PLATFORM, "-d", folder, *wanted],
        what="resolving the wheels for the browser", advice=ADVICE,
    )  # fmt: skip
    lines = []
    for wheel in sorted(folder.glob("*.whl")):
        project, version = wheel.name.split("-")[:2]
        said = machine.run([place.python, "-m", "pip", "hash", wheel], what=f"hashing {wheel.name}", advice=ADVICE)
        lines.append(f"{project.replace('_', '-')}=={version} {said.strip().splitlines()[-1]}\n")
    (place.locks / f"{name}.txt").write_text("".join(lines))
    shutil.rmtree(folder, ignore_errors=True)
