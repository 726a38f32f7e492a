"""The snapshot: the memory of a Pyodide that has imported what the page imports, so that the page need not."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .machine import Machine
from .node import node
from .place import Place

MAKER = Path(__file__).parent / "snapshot.mjs"


@dataclass(frozen=True)
class Snapshot:
    """Where its two files are, and what the page must know to restore it."""

    memory: Path
    library: Path
    """The dynamic library of pydantic_core: code is not in a picture of the memory."""
    facts: dict[str, Any]


def module_names(files: Sequence[str]) -> list[str]:
    """What Python calls these files."""
    return [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files]


def take_snapshot(
    place: Place,
    machine: Machine,
    work: Path,
    app: Path | None = None,
    modules: Sequence[str] = (),
    *,
    may_change: bool = False,
) -> Snapshot:
    """Take it with what set-up made, and with our own `modules` out of the zip `app`; its files are in `work`.

    `may_change`: the page has the files of these modules, too, and they may have been edited since.
    """
    machine.say("taking a snapshot of Python with all that the page imports")
    site, home, memory = work / "packages", work / "home", work / "python.snap"
    for folder in (site, home):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for wheel in sorted((place.vendor / "pyodide").glob("*.whl")):
        _unpack(wheel, site)
    if app is not None:
        _unpack(app, home)
    job = {
        "pyodide": str(place.vendor / "pyodide"),
        "site": str(site),
        "home": str(home),
        "pyscript": str(place.vendor / "pyscript" / "python" / "pyscript.js"),
        "modules": list(modules),
        "mayChange": may_change,
        "target": str(memory),
    }
    machine.run(
        [node(place, machine), MAKER, json.dumps(job)],
        what="taking the snapshot",
        advice="Run `make clean` and try again; if it fails again, the versions in the locks do not fit together.",
    )
    library = work / "pydantic_core.wasm"
    shutil.copy(next(site.rglob("*.so")), library)
    return Snapshot(memory, library, json.loads(memory.with_name("python.snap.json").read_text()))


def _unpack(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(target)
