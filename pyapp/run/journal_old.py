"""The journal: the accepted events of one run, in the order they were applied, bounded.

The journal is the truth and the page its picture; nothing that was accepted is changed here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ..contract.events import Event

MAX_EVENTS = 20_000


class Journal:
    """Keeps the last `limit` events of a run; `dropped` says how many older ones left."""

    def __init__(self, limit: int = MAX_EVENTS) -> None:
        self._events: deque[Event] = deque(maxlen=limit)
        self.dropped = 0

    def append(self, event: Event) -> None:
        if len(self._events) == self._events.maxlen:
            self.dropped += 1
        self._events.append(event)

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)
