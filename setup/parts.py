"""web/vendor/pyodide/parts.mjs: by which names and hashes the page finds Pyodide's files and the snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .manifest import integrity_of

NAME = "parts.mjs"
UNCHECKED = ("pyodide.asm.wasm", "python_stdlib.zip")
"""Pyodide loads these without a look at their hash, so the page has the browser check them."""

Part = dict[str, str]
"""`file`, as seen from web/vendor/pyodide/, and `integrity`."""


def part(path: Path) -> Part:
    """A file in web/vendor/pyodide/."""
    return {"file": path.name, "integrity": integrity_of(path.read_bytes())}


def parts_text(files: dict[str, Part], snapshot: dict[str, Any] | None, bundle: Part | None) -> str:
    """The module.

    `files`: by the names that Pyodide asks for. `snapshot`: what setup/snapshot.mjs says of it, and its parts `memory`
    and `library`. `bundle`: our own Python, where PyScript does not
    bring it.
    """
    content = {"files": files, "snapshot": snapshot, "bundle": bundle}
    return f"export default {json.dumps(content, indent=1)};\n"


def write_parts(folder: Path) -> None:
    """Write the module for a folder whose files have their own names."""
    files = {name: part(folder / name) for name in UNCHECKED}
    (folder / NAME).write_text(parts_text(files, None, None))
