"""LocalFollower: hears of a log in the same process, without asking it again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from .port import PAGE, Appeared, Batch, Entry, News, Stream

Key = tuple[str, Stream]
MAX_PENDING = 50_000
"""Entries of one stream that wait to be taken; beyond it they are read again instead."""


class LocalFollower:
    """A Follower that is told by its log; it reads only what it was not told of.

    `read` gives entries behind a number, `closed` is called once it wants to hear no more. `tell` is for the log.
    """

    def __init__(
        self,
        read: Callable[[str, int, Stream], Awaitable[list[Entry]]],
        closed: Callable[[LocalFollower], None],
    ) -> None:
        self._read = read
        self._closed = closed
        self._positions: dict[Key, int] = {}
        """By stream: the number up to which everything was taken, or waits to be."""
        self._pending: dict[Key, list[Entry]] = {}
        self._behind: dict[Key, int] = {}
        """What must be read, and how often it was told of since that is known."""
        self._ready: list[News] = []
        self._changed = asyncio.Event()

    @property
    def reading_s(self) -> float:
        return 0.0

    def watch(self, run_id: str, after: int, stream: Stream = "events") -> None:
        key = (run_id, stream)
        self._positions[key] = after
        self._pending.pop(key, None)
        self._fall_behind(key)

    def unwatch(self, run_id: str, stream: Stream = "events") -> None:
        key = (run_id, stream)
        self._positions.pop(key, None)
        self._pending.pop(key, None)
        self._behind.pop(key, None)

    def tell(self, news: News) -> None:
        """Something happened. Never blocks."""
        if isinstance(news, Appeared):
            self._ready.append(news)
            self._changed.set()
            return
        key = (news.run_id, news.stream)
        position = self._positions.get(key)
        if key in self._behind:
            self._behind[key] += 1
        if position is None or key in self._behind or not news.entries or news.entries[-1].seq <= position:
            return
        pending = self._pending.setdefault(key, [])
        if news.entries[0].seq != position + 1 or len(pending) > MAX_PENDING:
            self._fall_behind(key)
            return
        pending += news.entries
        self._positions[key] = news.entries[-1].seq
        self._changed.set()

    def check(self) -> None:
        """Somebody else may have written: look at everything that is watched."""
        for key in self._positions:
            self._fall_behind(key)

    async def next(self) -> list[News]:
        while True:
            await self._changed.wait()
            self._changed.clear()
            for (run_id, stream), entries in self._pending.items():
                self._ready.append(Batch(run_id, stream, entries))
            self._pending = {}
            try:
                while self._behind:
                    await self._catch_up(next(iter(self._behind)))
            except BaseException:
                self._changed.set()
                raise
            if self._ready:
                ready, self._ready = self._ready, []
                return ready

    async def close(self) -> None:
        self._closed(self)

    def _fall_behind(self, key: Key) -> None:
        pending = self._pending.pop(key, None)
        if pending:
            self._positions[key] = pending[0].seq - 1
        self._behind[key] = 0
        self._changed.set()

    async def _catch_up(self, key: Key) -> None:
        after, told = self._positions[key], self._behind[key]
        entries = await self._read(key[0], after, key[1])
        if self._positions.get(key) != after:
            return  # it is watched from elsewhere now, or no more
        if len(entries) < PAGE and self._behind.get(key) == told:
            del self._behind[key]
        if entries:
            self._positions[key] = entries[-1].seq
            self._ready.append(Batch(key[0], key[1], entries))
