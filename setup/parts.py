"""web/vendor/pyodide/parts.mjs: by which names and hashes the page finds Pyodide's files."""

from __future__ import annotations

import json
from pathlib import Path

from .manifest import integrity_of

NAME = "parts.mjs"
UNCHECKED = ("pyodide.asm.wasm", "python_stdlib.zip")
"""Pyodide loads these without a look at their hash, so the page has the browser check them."""

Part = dict[str, str]
"""`file`, as seen from web/vendor/pyodide/, and `integrity`."""


def part(path: Path) -> Part:
    """A file in web/vendor/pyodide/."""
    return {"file": path.name, "integrity": integrity_of(path.read_bytes())}


def parts_text(files: dict[str, Part]) -> str:
    """The module; `files` by the names that Pyodide asks for."""
    return f"export default {json.dumps({'files': files}, indent=1)};\n"


def write_parts(folder: Path) -> None:
    """Write the module for a folder whose files have their own names."""
    files = {name: part(folder / name) for name in UNCHECKED}
    (folder / NAME).write_text(parts_text(files))
