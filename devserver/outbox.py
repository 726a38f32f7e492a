"""The outbox of one socket: what is to be sent, bounded, so that a slow page never holds up a run."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from flowglow.wire import frames

MAX_WAITING = 10_000
"""Live events that may wait; a page that is further behind must connect again and resume."""
BATCH = 32 << 10
"""Bytes of a batch: small, since a page takes in each frame as one task."""


class Overflow(Exception):
    """The page reads too slowly."""


class Outbox:
    """Frames in the order in which they were put in; what waits is sent in batches."""

    def __init__(self, max_waiting: int = MAX_WAITING) -> None:
        self._parts: deque[tuple[bool, Sequence[str]]] = deque()
        self._waiting = 0
        self._max_waiting = max_waiting
        self._overflown = False
        self._changed = asyncio.Event()

    def event(self, text: str) -> None:
        """Put in a live event. Never blocks and never raises; what is too much makes `take` raise."""
        if self._waiting >= self._max_waiting:
            self._overflown = True
        else:
            self._waiting += 1
            self._parts.append((True, (text,)))
        self._changed.set()

    def control(self, text: str, then: Sequence[str] = ()) -> None:
        """Put in a control frame, and old events that follow it. These are kept anyhow, and do not count."""
        self._parts.append((False, (text,)))
        if then:
            self._parts.append((False, then))
        self._changed.set()

    async def take(self, patience_s: float) -> list[str]:
        """The next frames; none when nothing came in that time. Raises Overflow."""
        if not self._parts:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), patience_s)
            except TimeoutError:
                return []
        if self._overflown:
            raise Overflow(f"More than {self._max_waiting} events wait for this page.")
        live, texts = self._parts.popleft()
        if not live:
            return list(frames(texts, BATCH))
        batch = list(texts)
        while self._parts and self._parts[0][0]:
            batch += self._parts.popleft()[1]
        self._waiting -= len(batch)
        return list(frames(batch, BATCH))
