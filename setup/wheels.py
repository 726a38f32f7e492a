"""The WebAssembly wheels: fetched by lock, and packed again as byte code by the Pyodide that will load them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .machine import Machine
from .node import node
from .place import Place

PLATFORM = [
    "--only-binary=:all:", "--python-version", "3.14", "--implementation", "cp", "--abi", "cp314",
    "--platform", "pyemscripten_2026_0_wasm32", "--platform", "any",
]  # fmt: skip
"""For pip: what the page's Python can load."""
COMPILER = Path(__file__).parent / "bytecode.mjs"
LIBRARY, SITE = "/lib/python314.zip/", "/lib/python3.14/site-packages/"
"""Where files are in the page: tracebacks there name them so."""


def fetch_wheels(place: Place, machine: Machine, name: str) -> list[Path]:
    """Fetch the wheels of setup/locks/`name`.txt. pip refuses one with another hash."""
    machine.say(f"fetching the wheels for the browser ({name}, checked by hash)")
    folder = place.venv / f"wheels-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    machine.run(
        [place.python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--require-hashes", *PLATFORM, "-d", folder, "-r", place.locks / f"{name}.txt"],
        what="fetching the wheels for the browser",
        advice="Check that the package registry can be reached, then run the same command again.",
    )  # fmt: skip
    return sorted(folder.glob("*.whl"))


def compile_to_bytecode(place: Place, machine: Machine, wheels: list[Path], target: Path) -> None:
    """Pack the standard library and the wheels into `target` with .pyc in the place of .py."""
    machine.say("compiling the standard library and the wheels to byte code, with Pyodide itself")
    pyodide = place.modules / "pyodide"
    jobs = [job(pyodide / "python_stdlib.zip", target, LIBRARY), *(job(wheel, target, SITE) for wheel in wheels)]
    repack(place, machine, pyodide, jobs)


def repack(place: Place, machine: Machine, pyodide: Path, jobs: list[dict[str, str]]) -> None:
    """Have the Pyodide of this folder do the jobs."""
    machine.run(
        [node(place, machine), COMPILER, pyodide / "pyodide.mjs", json.dumps(jobs)],
        what="compiling to byte code",
        advice="Run `make clean` and try again; if it fails again, the versions in the locks do not fit together.",
    )


def job(source: Path, target: Path, prefix: str) -> dict[str, str]:
    """Pack a zip anew into the folder `target`; `prefix` is where its files will be in the page."""
    return {"from": str(source), "to": str(target / source.name), "prefix": prefix}
