"""The notices store: short sentences to the person at the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .store import Batch, MapStore

MAX_NOTICES = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """`role` decides how it is announced: `status` politely, `alert` at once. `count` says how often it came."""

    key: str
    role: Literal["status", "alert"]
    text: str
    count: int = 1


class NoticesStore(MapStore[str, Notice]):
    """Notices by key: the same key again replaces the text and counts; at most MAX_NOTICES stay."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)

    def say(self, key: str, text: str) -> None:
        """Tell politely."""
        self._add(key, "status", text)

    def alert(self, key: str, text: str) -> None:
        """Tell at once."""
        self._add(key, "alert", text)

    def _add(self, key: str, role: Literal["status", "alert"], text: str) -> None:
        known = self.get(key)
        self.set(key, Notice(key, role, text, known.count + 1 if known else 1))
        if len(self) > MAX_NOTICES:
            self.delete(next(iter(dict(self.items()))))
