"""Wishes: what somebody wants of a server. Handlers and the inbox say so; `Sync` alone asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Wish = Literal["events", "state", "results", "log", "alive"]
"""events: the numbers that are missing. state: how the run is. results: what it gave, now that it is over. log: its log
lines, until it is over. alive: that its silence is noticed."""


class Wishes:
    """Owns nothing: passes each wish on, in the order in which it was made."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[str, Wish], None]] = []

    def listen(self, listener: Callable[[str, Wish], None]) -> None:
        """Call `listener(run_id, wish)` for each."""
        self._listeners.append(listener)

    def want(self, run_id: str, wish: Wish) -> None:
        """Wanting what is wanted already changes nothing."""
        for listener in self._listeners:
            listener(run_id, wish)
