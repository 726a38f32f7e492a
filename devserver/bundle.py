"""app.zip: all of the page's Python in one request, made from the tree as it is now."""

from __future__ import annotations

import hashlib
from pathlib import Path

from setup.archive import packed
from setup.site import python_files


class Bundle:
    """The archive of `root`'s page modules, made anew when one was added, removed or changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._key: tuple[tuple[str, int, int], ...] = ()
        self._content, self._etag = b"", ""

    def current(self) -> tuple[bytes, str]:
        """The archive and its ETag."""
        names = python_files(self._root)
        stats = ((name, (self._root / name).stat()) for name in names)
        key = tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
        if not self._etag or key != self._key:
            self._content = packed(self._root, names)
            self._etag = f'"{hashlib.sha256(self._content).hexdigest()[:32]}"'
            self._key = key
        return self._content, self._etag
