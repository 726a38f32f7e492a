"""web/built/: from what the page of the tree starts in a third of the time, and every edit shows all the same.

A snapshot with our own modules in it. The page takes them out of it for as long as every file of theirs is, byte by
byte, what it was then (setup/snapshot_contents.py); after an edit it imports them anew. So it is never wrong, only
slower when it is old; the set-up takes another one then.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .archive import packed
from .machine import Machine
from .manifest import NAME as MANIFEST
from .parts import NAME, Part, part
from .place import Place, digest
from .site import python_files
from .snapshot import module_names, take_snapshot

FOLDER = "web/built"
SEEN_FROM_PYODIDE = "../../built"
STAMP = "stamp.txt"
SCRATCH = ".built-"
CODE = ("archive.py", "built.py", "snapshot.py", "snapshot_contents.py", "snapshot.mjs")


def ensure_built(place: Place, machine: Machine, *, exact: bool = True) -> None:
    """Fill web/built/ unless it was filled from this very tree; with `exact` off, our own modules may be others."""
    target = place.root / FOLDER
    stamp, key = target / STAMP, _key(place)
    old = stamp.read_text() if stamp.exists() else ""
    if old == key or (not exact and old.partition("\n")[0] == key.partition("\n")[0]):
        return
    with tempfile.TemporaryDirectory(dir=place.web, prefix=SCRATCH) as scratch:
        filled = _filled(place, machine, Path(scratch))
        (filled / STAMP).write_text(key)
        shutil.rmtree(target, ignore_errors=True)
        with contextlib.suppress(FileExistsError):  # another set-up was as fast: its snapshot is as good
            filled.replace(target)


def built_text(snapshot: dict[str, Any] | None, bundle: Part | None) -> str:
    """The module web/built/parts.mjs.

    `snapshot`: what setup/snapshot.mjs says of it, and its parts `memory` and `library`; with `open`, modules may be
    imported that are not in it. `bundle`: our own Python, where PyScript does not bring it.
    """
    return f"export default {json.dumps({'snapshot': snapshot, 'bundle': bundle}, indent=1)};\n"


def _key(place: Place) -> str:
    here = Path(__file__).parent
    code = [*(here / name for name in CODE), place.web / "js" / "sideload.mjs"]
    modules = python_files(place.root)
    ours = digest((place.root / name for name in modules), *modules)
    return f"{digest([place.vendor / MANIFEST, *code])}\n{ours}"


def _filled(place: Place, machine: Machine, scratch: Path) -> Path:
    modules = python_files(place.root)
    sources, filled = scratch / "app.zip", scratch / "built"
    sources.write_bytes(packed(place.root, modules))
    snapshot = take_snapshot(place, machine, scratch / "work", sources, module_names(modules), may_change=True)
    filled.mkdir()
    parts: dict[str, Any] = {"open": True}
    for name, path in (("memory", snapshot.memory), ("library", snapshot.library)):
        shutil.move(path, filled)
        found = part(filled / path.name)
        parts[name] = found | {"file": f"{SEEN_FROM_PYODIDE}/{found['file']}"}
    (filled / NAME).write_text(built_text(snapshot.facts | parts, None))
    return filled
