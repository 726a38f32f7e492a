"""RedisFollower: one connection that waits for all streams that a relay watches."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from . import redis_raw as raw
from .port import PAGE, Batch, News, Stream, Unavailable
from .redis_asking import asked
from .redis_keys import STARTS, entry_of, id_of, run_key, seq_of, wake_key

WAIT_MS = 2_000
"""How long Redis is asked to wait; less than a connection may be silent."""
WAKE_S = 60
STREAM_S = 4e-6
"""What a stream that is waited for takes of processors in each read: it is named, looked up, and waited for anew."""
log = logging.getLogger("flowglow.relay")


class RedisFollower:
    """A Follower of a RedisLog. What is watched anew wakes the reader by a stream of its own.

    Owns the one connection of `waiting`: while it waits, nobody else is heard on it. That it was lost is told to
    whoever follows, as much may have been lost with it: a pool would make another, and say nothing.
    """

    def __init__(self, waiting: Redis, redis: Redis, started: str) -> None:
        self._reader = waiting
        self._redis = redis
        self._started = started
        """The id in the stream of new runs up to which everything was taken."""
        self._wake = wake_key(secrets.token_hex(8))
        self._woken = "0-0"
        self._positions: dict[tuple[str, Stream], int] = {}
        self._waking: asyncio.Task[None] | None = None
        self._waiting = self._stale = self._closed = False

    @property
    def reading_s(self) -> float:
        return STREAM_S * len(self._positions)

    def watch(self, run_id: str, after: int, stream: Stream = "events") -> None:
        self._positions[run_id, stream] = after
        self._stale = self._stale or self._waiting
        if self._stale and (self._waking is None or self._waking.done()):
            self._waking = asyncio.ensure_future(self._wake_up())

    def unwatch(self, run_id: str, stream: Stream = "events") -> None:
        self._positions.pop((run_id, stream), None)

    async def next(self) -> list[News]:
        places = {run_key(run_id, stream): (run_id, stream) for run_id, stream in self._positions}
        streams: dict[Any, Any] = {STARTS: self._started, self._wake: self._woken}
        streams |= {key: id_of(self._positions[place]) for key, place in places.items()}
        self._waiting = True
        try:
            told = await asked(self._reader.xread(streams, count=PAGE, block=WAIT_MS))
        except Unavailable:
            await self._pass_over(places)
            raise
        finally:
            self._waiting = False
            if self._closed:
                await self._reader.aclose()
        news: list[News] = []
        for key, entries in told or ():
            if key == STARTS:
                self._started = entries[-1][0]
                news += raw.started(entries)
            elif key == self._wake:
                self._woken = entries[-1][0]
            else:
                news += self._said(*places[key], entries, streams[key])
        return news  # none after a while, too: whoever follows looks whether this is still the Redis it was

    async def close(self) -> None:
        self._closed = True
        if self._waking is not None:
            self._waking.cancel()
        with contextlib.suppress(RedisError, OSError):
            async with self._redis.pipeline(transaction=False) as questions:
                questions.xadd(self._wake, {"w": "1"}, maxlen=1)  # whoever waits for it waits no longer
                questions.delete(self._wake)
                await questions.execute()
        if not self._waiting:
            await self._reader.aclose()

    def _said(self, run_id: str, stream: Stream, entries: list[Any], asked_from: str) -> list[News]:
        """What came, unless it is not watched any more, or from elsewhere by now."""
        position = self._positions.get((run_id, stream))
        if position is None or id_of(position) != asked_from:
            return []
        self._positions[run_id, stream] = seq_of(entries[-1][0])
        return [Batch(run_id, stream, [entry_of(run_id, stream, *each) for each in entries])]

    async def _pass_over(self, places: Mapping[str, tuple[str, Stream]]) -> None:
        """Let go of keys in which somebody keeps something else: one of them, and Redis tells of no stream at all."""
        async with self._redis.pipeline(transaction=False) as questions:
            for key in places:
                questions.type(key)
            kinds = await asked(questions.execute())
        for (key, (run_id, stream)), kind in zip(places.items(), kinds, strict=True):
            if kind not in ("stream", "none"):
                log.error("%s is a %s and no stream: what happens there is not told", key, kind)
                self.unwatch(run_id, stream)

    async def _wake_up(self) -> None:
        with contextlib.suppress(RedisError, OSError):  # it wakes by itself before long
            while self._stale:
                self._stale = False
                async with self._redis.pipeline(transaction=False) as questions:
                    questions.xadd(self._wake, {"w": "1"}, maxlen=1)
                    questions.expire(self._wake, WAKE_S)
                    await questions.execute()
