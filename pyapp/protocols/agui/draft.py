"""Draft: what one patch has made anew of a document: each container once, however many of its changes are in it."""

from __future__ import annotations

from typing import Any

MAX_SHIFTED = 500_000_000
"""Values behind those that one patch puts into lists and takes out of them: they are all moved each time."""


class Draft:
    """Owns which containers the patch has made itself, so that it may change them in place."""

    def __init__(self) -> None:
        self._ours: dict[int, Any] = {}
        """By identity; each is kept, so that no other one gets its identity."""
        self._shifted = 0

    def own(self, around: Any) -> Any:
        """A container that may be changed: itself, where this patch has made it."""
        if id(around) not in self._ours:
            around = around.copy()
            self._ours[id(around)] = around
        return around

    def share(self) -> None:
        """What was made is in two places from now on: nothing of it may be changed in place."""
        self._ours.clear()

    def put(self, around: Any, key: Any, value: Any) -> None:
        """Put it there: what is behind it in a list moves on. Raises ValueError beyond the bounds."""
        if isinstance(around, list):
            self._shift(len(around) - key)
            around.insert(key, value)
        else:
            around[key] = value

    def take(self, around: Any, key: Any) -> None:
        """Take it away: what is behind it in a list moves up. Raises ValueError beyond the bounds."""
        if isinstance(around, list):
            self._shift(len(around) - key)
        del around[key]

    def _shift(self, values: int) -> None:
        self._shifted += values
        if self._shifted > MAX_SHIFTED:
            raise ValueError("the patch moves too much in lists")
