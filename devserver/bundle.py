"""app.zip: all of the page's Python in one request, made from the tree as it is now."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from setup.site import python_files

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: the same sources give the same bytes."""


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
            self._content = self._pack(names)
            self._etag = f'"{hashlib.sha256(self._content).hexdigest()[:32]}"'
            self._key = key
        return self._content, self._etag

    def _pack(self, names: list[str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                info = zipfile.ZipInfo(name, EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, (self._root / name).read_bytes())
        return buffer.getvalue()
