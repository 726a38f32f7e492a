"""Text files to work on: the project's own documents and sources, and the Python libraries installed here."""

from __future__ import annotations

import hashlib
import os
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = Path(sysconfig.get_path("purelib"))
OWN = ("docs", "pyapp", "devserver", "web", "tests")
"""The project's folders, as far as they are there; its README counts as `docs`."""
SUFFIXES = frozenset({".css", ".html", ".js", ".md", ".mjs", ".py", ".toml"})
SKIPPED = frozenset({"vendor", "node_modules", "__pycache__"})
MAX_BYTES = 200_000
"""Larger files are generated, and say little."""

Check = Callable[[], None]
"""Raises when the work is not wanted any more; called once a file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file: the folder it counts for, its name in there, where it is, and its size in bytes."""

    folder: str
    name: str
    path: Path
    size: int

    def text(self) -> str:
        """What it says; bytes that are no UTF-8 become U+FFFD."""
        return self.path.read_text(encoding="utf-8", errors="replace")

    def digest(self) -> str:
        """SHA-256 of its bytes, in hex."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def list_folder(root: Path, folder: str, check: Check) -> list[Source]:
    """The text files below one of the project's folders, by name."""
    found = [_source(folder, path, root / folder) for path in _walk(root / folder, check)]
    readme = root / "README.md"
    if folder == "docs" and readme.is_file():
        found.append(_source(folder, readme, root))
    return [source for source in found if source is not None]


def list_libraries(libraries: Path, limit: int, check: Check, largest: int = MAX_BYTES) -> list[Source]:
    """Up to `limit` Python files of the installed libraries, by name; each counts for its library."""
    found: list[Source] = []
    for path in _walk(libraries, check):
        source = _source(path.relative_to(libraries).parts[0].removesuffix(".py"), path, libraries)
        if source is not None and path.suffix == ".py" and source.size <= largest:
            found.append(source)
    # spread over all libraries, instead of the first ones by alphabet
    step = max(1, -(-len(found) // limit))
    return found[::step]


def _walk(folder: Path, check: Check) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        check()
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
        yield from (Path(where, name) for name in sorted(names) if Path(name).suffix in SUFFIXES)


def _source(folder: str, path: Path, base: Path) -> Source | None:
    size = path.stat().st_size
    return Source(folder, path.relative_to(base).as_posix(), path, size) if size <= MAX_BYTES else None
