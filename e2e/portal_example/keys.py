"""Keys: what the portal gives out and takes back. A real portal has its own identity provider in its place."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable


class Keys:
    """Owns random words, each good for so many seconds."""

    def __init__(self, lasts_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._lasts_s = lasts_s
        self._now = now
        self._until: dict[str, float] = {}

    def issue(self) -> str:
        key = secrets.token_urlsafe(24)
        self._until[key] = self._now() + self._lasts_s
        return key

    def is_good(self, key: str) -> bool:
        return self._now() < self._until.get(key, 0.0)

    def end_all(self) -> None:
        """None of them is good any more."""
        self._until.clear()
