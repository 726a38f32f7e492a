"""The outbox of one socket: what is to be sent, bounded, so that a slow page never holds up a relay."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..wire import size

MAX_WAITING = 10_000
"""Live events that may wait when more come; a page that is further behind must connect again and resume."""
MAX_WAITING_BYTES = 8 << 20
BATCH = 32 << 10
"""Bytes of a batch: small, since a page takes in each frame as one task."""


@dataclass(frozen=True, slots=True)
class Part:
    """Events that go together: their JSON with commas between; made once for all sockets that get the same."""

    text: str
    count: int
    size: int


class Outbox:
    """Frames in the order in which they were put in; events that wait are sent in batches.

    `overflow` is called, once, when more waits than may: then nothing more is taken in.
    """

    def __init__(self, max_waiting: int = MAX_WAITING, overflow: Callable[[], None] = lambda: None) -> None:
        self._parts: deque[tuple[bool, Part]] = deque()
        self._waiting = self._waiting_bytes = self._kept_bytes = 0
        self._max_waiting = max_waiting
        self._overflow = overflow
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()
        self.overflown = False
        self.quiet = False
        """Nothing was taken since this was set."""

    @property
    def idle(self) -> bool:
        """Nothing was sent since `quiet` was set, and nothing is to be."""
        return self.quiet and not self._parts

    def live(self, parts: Sequence[Part]) -> None:
        """Put in events that happen now. Never blocks and never raises."""
        if self.overflown:
            return
        if self._waiting >= self._max_waiting or self._waiting_bytes >= MAX_WAITING_BYTES:
            self.overflown = True
            self._overflow()
            return
        for part in parts:
            self._waiting += part.count
            self._waiting_bytes += part.size
            self._parts.append((True, part))
        self._changed.set()

    def kept(self, text: str) -> None:
        """Put in a control frame: what the socket itself asked for does not count."""
        self._put(Part(text, 1, size(text)))

    def old(self, texts: Sequence[str]) -> None:
        """Put in old events, in frames of their own; they do not count either."""
        for part in parts_of(texts):
            self._put(part)

    async def room(self, limit: int = 4 * BATCH) -> None:
        """Wait until most of what was asked for is on its way."""
        while self._kept_bytes > limit:
            self._taken.clear()
            await self._taken.wait()

    async def take(self) -> list[str]:
        """The next frames, once there are some."""
        if not self._parts:
            self._changed.clear()
            await self._changed.wait()
        self.quiet = False
        live, part = self._parts.popleft()
        if not live:
            self._kept_bytes -= part.size
            self._taken.set()
            return [frame(part)]
        parts = [part]
        while self._parts and self._parts[0][0]:
            parts.append(self._parts.popleft()[1])
        self._waiting -= sum(each.count for each in parts)
        self._waiting_bytes -= sum(each.size for each in parts)
        return [frame(each) for each in batches(parts)]

    def _put(self, part: Part) -> None:
        self._kept_bytes += part.size
        self._parts.append((False, part))
        self._changed.set()


def parts_of(texts: Sequence[str]) -> list[Part]:
    """Events in as few parts as fit into frames."""
    return batches([Part(text, 1, size(text)) for text in texts])


def batches(parts: Sequence[Part], limit: int = BATCH) -> list[Part]:
    """The same events in as few parts as fit into batches of `limit` bytes; what is larger stays as it is."""
    joined: list[Part] = []
    gathered: list[Part] = []
    used = 0
    for part in parts:
        if gathered and used + part.size + 1 > limit:
            joined.append(_join(gathered))
            gathered, used = [], 0
        gathered.append(part)
        used += part.size + 1
    if gathered:
        joined.append(_join(gathered))
    return joined


def frame(part: Part) -> str:
    """A frame of the contract: one event as it is, several as a batch."""
    return part.text if part.count == 1 else f"[{part.text}]"


def _join(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    count, length = sum(part.count for part in parts), sum(part.size + 1 for part in parts) - 1
    return Part(",".join(part.text for part in parts), count, length)
