"""The file of a SQLite log: it can be removed, or another put in its place, under whoever has it open."""

from __future__ import annotations

from pathlib import Path

from .port import Unavailable


class OpenFile:
    """Owns what tells the file that was opened from any other of its name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._identity()

    def see(self) -> None:
        """Raises Unavailable where it is not there any more: what is written into it is lost with its process."""
        if self._identity() != self._known:
            words = f"The file of the event log, {self._path}, was removed, or another one is in its place"
            raise Unavailable(f"{words}. Put it back, or start this again.")

    def _identity(self) -> tuple[int, int] | None:
        try:
            facts = self._path.stat()
        except OSError:
            return None
        return facts.st_dev, facts.st_ino
