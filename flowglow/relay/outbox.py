"""The outbox of one socket: what is to be sent, bounded, so that a slow page never holds up a relay."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from ..wire import size
from .direct import Direct, encoded

MAX_WAITING = 10_000
"""Live events and control frames that may wait when more come; a page that is further behind must connect again and
resume."""
MAX_WAITING_BYTES = 8 << 20
BATCH = 32 << 10
"""Bytes of a batch: small, since a page takes in each frame as one task."""
Kind = Literal["live", "control", "old"]
SHARED = 64
"""Joins that are remembered, for the next socket that needs the same."""


@dataclass(frozen=True, eq=False)
class Part:
    """Events that go together: their JSON with commas between; made once for all sockets that get the same."""

    text: str
    count: int
    size: int

    @cached_property
    def encoded(self) -> bytes:
        """Its frame, as it is written to each of those sockets."""
        return encoded(frame(self))


class Outbox:
    """Frames in the order in which they were put in; events that wait are sent in batches.

    `overflow` is called, once, when more waits than may: then nothing more is taken in. Old events do not count, as
    whoever puts them in waits for `room` between them; live ones that wait elsewhere for these do (`hold`). What
    `direct` takes at once is sent by `flush`; the rest, and without it everything, is for whoever calls `take` and
    sends what it gives.
    """

    def __init__(
        self,
        max_waiting: int = MAX_WAITING,
        overflow: Callable[[], None] = lambda: None,
        direct: Direct | None = None,
    ) -> None:
        self._parts: deque[tuple[Kind, Part]] = deque()
        self._waiting = self._waiting_bytes = self._old_bytes = 0
        self._max_waiting = max_waiting
        self._overflow = overflow
        self._direct = direct
        self._sending = False
        """What was taken is being sent: nothing may overtake it."""
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()
        self.overflown = False
        self.quiet = False
        """Nothing was taken since this was set."""

    @property
    def idle(self) -> bool:
        """Nothing was sent since `quiet` was set, and nothing is to be."""
        return self.quiet and not self._parts

    @property
    def stuck(self) -> bool:
        """Something waits, or is being sent, and nothing was taken since `quiet` was set."""
        return self.quiet and (self._sending or bool(self._parts))

    def live(self, parts: Sequence[Part]) -> None:
        """Put in events that happen now; `flush` sends them. Never blocks and never raises."""
        self._count("live", parts)

    def flush(self) -> None:
        """Send what waits, as far as that can be done at once. Never blocks and never raises."""
        direct = self._direct
        if direct is not None and not self._sending:
            while self._parts and direct.ready():
                for part in self._next():
                    direct.write(part.encoded)
        if self._parts:
            self._changed.set()

    def kept(self, text: str) -> None:
        """Put in a control frame. Never blocks and never raises."""
        self.put(control(text))

    def put(self, part: Part) -> None:
        """Put in such a frame that may be for others, too."""
        self._count("control", [part])
        self._changed.set()

    def hold(self, parts: Sequence[Part]) -> bool:
        """Count live events that wait elsewhere until they may be put in; False where more waits than may."""
        fits = self._fits()
        if fits:
            self._weigh(parts, 1)
        return fits

    def unhold(self, parts: Sequence[Part]) -> None:
        """They wait there no longer."""
        self._weigh(parts, -1)

    def old(self, part: Part) -> None:
        """Put in old events that go together, in a frame of their own."""
        if self.overflown:
            return
        self._old_bytes += part.size
        self._parts.append(("old", part))
        self._changed.set()

    async def room(self, limit: int = 4 * BATCH) -> None:
        """Wait until most of the old events are on their way."""
        while self._old_bytes > limit:
            self._taken.clear()
            await self._taken.wait()

    async def take(self) -> list[str]:
        """The next frames, once there are some; those that were taken before are sent by now."""
        self._sending = False
        while not self._parts:
            self._changed.clear()
            await self._changed.wait()
        self._sending = True
        return [frame(part) for part in self._next()]

    def _count(self, kind: Kind, parts: Sequence[Part]) -> None:
        """Put in what counts, unless more waits than may."""
        if self._fits():
            self._weigh(parts, 1)
            self._parts.extend((kind, part) for part in parts)

    def _fits(self) -> bool:
        """Whether more may wait; where not, that is told, once. What comes together is never too much by itself."""
        full = self._waiting >= self._max_waiting or self._waiting_bytes >= MAX_WAITING_BYTES
        if full and not self.overflown:
            self.overflown = True
            self._overflow()
        return not self.overflown

    def _weigh(self, parts: Sequence[Part], sign: Literal[1, -1]) -> None:
        """They wait from now on, or do no longer."""
        self._waiting += sign * sum(part.count for part in parts)
        self._waiting_bytes += sign * sum(part.size for part in parts)

    def _next(self) -> list[Part]:
        """What goes out next: a control frame or an old event, or what waits of live ones."""
        self.quiet = False
        kind, part = self._parts.popleft()
        parts = [part]
        if kind == "old":
            self._old_bytes -= part.size
            self._taken.set()
            return parts
        while kind == "live" and self._parts and self._parts[0][0] == "live":
            parts.append(self._parts.popleft()[1])
        self._weigh(parts, -1)
        return parts if len(parts) == 1 else _shared(tuple(parts))


def control(text: str) -> Part:
    """A control frame."""
    return Part(text, 1, size(text))


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


@lru_cache(SHARED)
def _shared(parts: tuple[Part, ...]) -> list[Part]:
    """Batches of the same parts: sockets that are equally far behind get the same ones."""
    return batches(parts)


def _join(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    count, length = sum(part.count for part in parts), sum(part.size + 1 for part in parts) - 1
    return Part(",".join(part.text for part in parts), count, length)
