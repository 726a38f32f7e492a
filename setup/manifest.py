"""The manifest: a SHA-256 of every vendored byte, checked at each set-up."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

NAME = "manifest.json"


def write_manifest(folder: Path) -> None:
    """Write `folder`/manifest.json over all files in the folder."""
    (folder / NAME).write_text(json.dumps(_hashes(folder), indent=0, sort_keys=True) + "\n")


def check_manifest(folder: Path) -> str | None:
    """None when every file is as the manifest says; else a sentence that names the first that is not."""
    try:
        wanted: dict[str, str] = json.loads((folder / NAME).read_text())
    except (OSError, ValueError):
        return f"{folder.name}/{NAME} is missing or damaged."
    found = _hashes(folder)
    for name, value in wanted.items():
        if name not in found:
            return f"{folder.name}/{name} is missing."
        if found[name] != value:
            return f"{folder.name}/{name} is not what was fetched (wrong SHA-256)."
    extra = sorted(found.keys() - wanted.keys())
    return f"{folder.name}/{extra[0]} does not belong there." if extra else None


def integrity_of(content: bytes) -> str:
    """The hash as browsers take it: for `fetch`, a tag or an import map."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    }
