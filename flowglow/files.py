"""The files of a built page: each with its type, in every form in which it lies ready, and how long it may be kept.

Only what the page's own list (manifest.json) names is a file of it: there is no way from an address to anything else.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TYPES = {
    ".css": "text/css", ".csv": "text/csv", ".html": "text/html", ".ico": "image/x-icon", ".js": "text/javascript",
    ".json": "application/json", ".map": "application/json", ".md": "text/markdown", ".mjs": "text/javascript",
    ".ndjson": "application/x-ndjson", ".png": "image/png", ".py": "text/x-python", ".svg": "image/svg+xml",
    ".toml": "application/toml", ".ts": "text/plain", ".txt": "text/plain", ".wasm": "application/wasm",
    ".webp": "image/webp", ".whl": "application/zip", ".woff2": "font/woff2", ".zip": "application/zip",
}  # fmt: skip
"""By suffix; Python's own table depends on the machine. Without one of these a file is bytes."""
TWINS = {"zstd": ".zst", "br": ".br", "gzip": ".gz"}
"""The packed forms that may lie beside a file, by the name that browsers give each, the best first."""
PLAIN = "identity"
"""The form of a file as it is."""
MANIFEST = "manifest.json"
MIN_GAIN = 0.95
"""What packing makes no smaller than this part of it is sent as it is."""
CONFIG = re.compile(r"pyscript\.[0-9a-f]{10}\.toml")
DIGITS = 10
"""How much of the hash of its content stands in the name of a file that never changes."""


class NoPageError(Exception):
    """There is no built page where one was looked for. The text says what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """One file. `bodies` by form: where it lies, or the bytes themselves."""

    kind: str
    etag: str
    is_kept: bool
    """Its name has its content in it: a browser need never ask for it again."""
    bodies: Mapping[str, Path | bytes]


def built_page() -> Path:
    """The folder of the page that came with this package; in the tree, of the one that `make dist` built."""
    here = Path(__file__).parent
    for folder in (here / "site", here.parent / "dist"):
        if (folder / MANIFEST).is_file():
            return folder
    raise NoPageError("There is no built page here. Run `make dist` in the tree of flowglow, or install its wheel.")


def read_files(folder: Path) -> dict[str, File]:
    """Every file of the page that was built into the folder, by its path there. Raises NoPageError."""
    try:
        listed = json.loads((folder / MANIFEST).read_text())["files"]
        return {name: _on_disk(folder / name, **facts) for name, facts in listed.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoPageError(
            f"{folder} is no page that `make dist` has built, or not all of it is there: {error}."
        ) from None


def in_memory(name: str, content: bytes, *, is_kept: bool) -> File:
    """A file that is made from the settings."""
    bodies: dict[str, Path | bytes] = {PLAIN: content}
    packed = gzip.compress(content, mtime=0)
    if len(packed) < MIN_GAIN * len(content):
        bodies["gzip"] = packed
    return File(_kind(name), hashlib.sha256(content).hexdigest()[:32], is_kept, bodies)


def named_by_content(name: str, content: bytes) -> str:
    """The name with the hash of the content in it, as all files that never change are called."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:DIGITS]}.{suffix}"


def _on_disk(path: Path, *, integrity: str, immutable: bool, **_: object) -> File:
    if path.is_symlink() or not path.is_file():
        raise FileNotFoundError(f"{path.name} is missing")
    bodies: dict[str, Path | bytes] = {}
    for name, suffix in TWINS.items():
        twin = path.with_name(path.name + suffix)
        if twin.is_file() and not twin.is_symlink():
            bodies[name] = twin
    bodies[PLAIN] = path
    return File(_kind(path.name), hashlib.sha256(integrity.encode()).hexdigest()[:32], immutable, bodies)


def _kind(name: str) -> str:
    """The Content-Type of a file of this name."""
    kind = TYPES.get(Path(name).suffix, "application/octet-stream")
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
