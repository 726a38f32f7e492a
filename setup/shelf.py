"""The shelf: a folder in which a file's name has its content in it, so that one name never means two things.

A page that was loaded goes on with the files it knows, and one that is loaded anew names only new ones: old and new
are never mixed, and a cache may keep each for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

from .machine import SetupError
from .manifest import integrity_of

DIGITS = 10
MODULES = (".js", ".mjs")
STYLE_URL = re.compile(rb'url\("(?!data:)([^"]+)"\)')
STATIC_IMPORT = re.compile(rb"""(?:\bfrom|\bimport)\s*["'](\.{1,2}/[^"']+)["']""")


class Shelf:
    """Owns the files below `root`, and knows each by its path in the tree."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: dict[str, str] = {}
        """Path in the tree → path here."""
        self.integrity: dict[str, str] = {}
        """Path here → its hash."""

    def put(self, path: str, content: bytes) -> str:
        """Add what is `path` in the tree; its path here."""
        plain = PurePosixPath(path)
        digest = hashlib.sha256(content).hexdigest()[:DIGITS]
        name = plain.with_name(f"{plain.stem}.{digest}{plain.suffix}").as_posix()
        self.names[path] = name
        self._write(name, content)
        return name

    def put_style(self, path: str, content: bytes) -> str:
        """Add a style sheet; the files that it names must be here already."""
        folder = PurePosixPath(path).parent

        def renamed(match: re.Match[bytes]) -> bytes:
            named = _joined(folder, match[1].decode())
            if named not in self.names:
                raise SetupError(f"{path} names {named}, which is not there.")
            return f'url("{"../" * len(folder.parts)}{self.names[named]}")'.encode()

        return self.put(path, STYLE_URL.sub(renamed, content))

    def put_plain(self, path: str, content: bytes) -> None:
        """Add a file that keeps its name, and must be asked about each time."""
        self._write(path, content)

    def part(self, path: str, seen_from: str) -> dict[str, Any]:
        """The file as parts.mjs names it; `seen_from` is a folder."""
        name = self.names[path]
        up = "../" * len(PurePosixPath(seen_from).parts)
        inside = name.removeprefix(f"{seen_from}/")
        file = inside if inside != name else up + name
        return {"file": file, "integrity": self.integrity[name], "bytes": (self.root / name).stat().st_size}

    def import_map(self) -> str:
        """For the browser: where each module is that another imports by its path in the tree, and its hash."""
        modules = {path: name for path, name in self.names.items() if path.endswith(MODULES)}
        return json.dumps(
            {
                "imports": {f"./{path}": f"./{name}" for path, name in modules.items()},
                "integrity": {f"./{name}": self.integrity[name] for name in modules.values()},
            },
            separators=(",", ":"),
        )

    def reached_from(self, *paths: str) -> list[str]:
        """These modules and all that they import without a condition, by their paths in the tree."""
        found: dict[str, None] = {}
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            if path in found or path not in self.names:
                continue
            found[path] = None
            content = (self.root / self.names[path]).read_bytes()
            for match in STATIC_IMPORT.finditer(content):
                waiting.append(_joined(PurePosixPath(path).parent, match[1].decode()))
        return sorted(found)

    def manifest(self) -> str:
        """Every file with its hash; `immutable` tells which a cache may keep for ever."""
        kept = set(self.names.values())
        files = {
            name: {"integrity": value, "immutable": name in kept, "bytes": (self.root / name).stat().st_size}
            for name, value in sorted(self.integrity.items())
        }
        return json.dumps({"files": files}, indent=1) + "\n"

    def _write(self, name: str, content: bytes) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.integrity[name] = integrity_of(content)


def _joined(folder: PurePosixPath, relative: str) -> str:
    parts = list(folder.parts)
    for part in PurePosixPath(relative).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
