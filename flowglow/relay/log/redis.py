"""RedisLog: a log in Redis Streams, for any number of relays and producers on any number of machines.

A run's events are one stream; what happens to it happens in one script, so that numbers are given once. What a run
amounts to is kept beside it, with the number it is true at: a cache that anybody may bring up to date.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import ReadOnlyError

from ..picture import LIVE as UNDER_WAY
from . import redis_scripts as scripts
from .kept import KeptRun, is_over, new_run
from .port import (
    KEEP,
    PAGE,
    PAGE_CHARS,
    Clock,
    Conflict,
    Draft,
    NewRun,
    Page,
    Query,
    Retention,
    Stream,
    Unavailable,
    UnknownRun,
    UsedUp,
)
from .redis_address import complaint_of
from .redis_asking import WrongKind, asked
from .redis_follower import RedisFollower
from .redis_instance import RedisInstance
from .redis_keys import (
    CHUNK,
    GONE,
    INDEX,
    LIVE,
    RUNS,
    STARTS,
    STARTS_KEPT,
    TAKEN,
    entry_of,
    id_of,
    run_key,
)
from .redis_pictures import Known, Pictures
from .redis_sweeping import Sweeper
from .redis_tickets import RedisTickets

ANSWER_S = 5.0
"""How long Redis may take to answer."""


class RedisLog:
    """An EventLog in Redis. Used on one event loop, after `opened`."""

    def __init__(self, url: str, retention: Retention = KEEP, clock: Clock | None = None) -> None:
        self._url = url
        self._redis = redis = _client(url, retries=1)
        self._retention = retention
        self._instance = RedisInstance(redis, lambda: self._pictures.begin_again())
        self.now = clock or self._instance.now
        self._pictures = Pictures(redis, retention, self.now)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._read = redis.register_script(scripts.READ)
        self._append = redis.register_script(scripts.APPEND)
        self._write = redis.register_script(scripts.WRITE)
        self._order = redis.register_script(scripts.ORDER)
        self._sweeper = Sweeper(redis, self._pictures, retention)
        self._tickets = RedisTickets(redis)

    @classmethod
    async def opened(cls, url: str, retention: Retention = KEEP, clock: Clock | None = None) -> RedisLog:
        """The log in the Redis of that address. Raises Unavailable, also where that one cannot keep a log.

        `clock`: another one than that of Redis.
        """
        if complaint := complaint_of(url):
            raise Unavailable(f"The address {complaint}")
        log = cls(url, retention, clock)
        try:
            await log._instance.see_that_it_fits()
            await log.instance()
        except Unavailable:
            await log.close()
            raise
        return log

    async def instance(self) -> str:
        return await self._instance.word()

    async def renew(self, instance: str) -> str:
        return await self._instance.renew(instance)

    async def open(self, run: NewRun) -> bool:
        return await self._pictures.open(KeptRun(run))

    async def append(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        if not drafts:
            return []
        unique: dict[str, Draft] = {}
        for draft in drafts:
            unique.setdefault(draft.event_id, draft)
        lock = self._locks.setdefault(run_id, asyncio.Lock())
        async with lock:
            seqs = None
            while seqs is None:
                seqs = await self._append_now(new_run(run_id, drafts), list(unique.values()))
        numbers = dict(zip(unique, seqs, strict=True))
        return [numbers[draft.event_id] for draft in drafts]

    async def read(self, run_id: str, after: int = -1, stream: Stream = "events", limit: int = PAGE) -> Page:
        key = run_key(run_id, stream)
        place: list[Any] = [id_of(after + 1) if after >= 0 else "-", max(1, limit), PAGE_CHARS]
        try:
            answer = await asked(self._read(keys=[run_key(run_id, "run"), key], args=place))
        except WrongKind:
            raise UnknownRun(run_id) from None
        known, first, following, found = answer
        if not known:
            raise UnknownRun(run_id)
        return Page(first, following - 1, [entry_of(run_id, stream, *each) for each in found[:limit]])

    async def run(self, run_id: str) -> dict[str, Any]:
        known = await self._pictures.of(run_id)
        return known.kept.json(known.following - 1)

    async def runs(self, query: Query) -> list[dict[str, Any]]:
        await self._pictures.adopt()
        index = LIVE if query.statuses and query.statuses <= UNDER_WAY else RUNS
        below: str | float = "+inf"
        if query.before is not None:
            score = await asked(self._redis.zscore(RUNS, query.before))
            if score is None:
                return []
            below = f"({score}"
        found: list[dict[str, Any]] = []
        size = query.limit
        while len(found) < query.limit:
            size = min(CHUNK, max(32, size))
            names = await asked(self._redis.zrange(index, below, "-inf", desc=True, byscore=True, offset=0, num=size,
                                                    withscores=True))  # fmt: skip
            for run in await self._pictures.summaries([name for name, _ in names]):
                fits = query.flow_id in (None, run["flow_id"])
                if fits and (not query.statuses or run["status"] in query.statuses):
                    found.append(run)
            if len(names) < size:
                break
            below, size = f"({names[-1][1]}", size * 2
        return found[: query.limit]

    async def write(self, run_id: str, lines: Sequence[str], ids: Sequence[str | None] = ()) -> None:
        keys = [run_key(run_id, name) for name in ("lines", "run", "line_ids")]
        told = zip((each or "" for each in ids or [None] * len(lines)), lines, strict=True)
        if not await asked(self._write(keys=keys, args=[self._retention.lines, *chain.from_iterable(told)])):
            raise UnknownRun(run_id)

    async def order(self, run_id: str, orders: Mapping[str, str]) -> None:
        keys = [*(run_key(run_id, name) for name in ("orders", "said", "run")), TAKEN]
        args = [each for pair in orders.items() for each in pair]
        before = self._instance.known
        place, *taken = await asked(self._order(keys=keys, args=args))
        if place < 0:
            raise UnknownRun(run_id)
        if place > 0:
            raise Conflict(args[place - 1])
        await self._instance.see(before, taken[0], more=1)

    async def issue(self, ticket: str, user: str, good_s: float) -> None:
        await self._tickets.issue(ticket, user, good_s)

    async def redeem(self, ticket: str) -> str | None:
        return await self._tickets.redeem(ticket)

    async def sweep(self, now: float) -> list[str]:
        self._tickets.sweep()
        return await self._sweeper.sweep(now)

    async def follow(self) -> RedisFollower:
        last = await asked(self._redis.xrevrange(STARTS, count=1))
        waiting = _client(self._url, retries=0, single_connection_client=True)
        return RedisFollower(waiting, self._redis, last[0][0] if last else "0-0")

    async def close(self) -> None:
        await self._redis.aclose()

    # -- inside -------------------------------------------------------------------------------------
    async def _append_now(self, run: NewRun, drafts: Sequence[Draft]) -> list[int] | None:
        """The number of each; the run begins with them where it is unknown. None where it came or went meanwhile."""
        run_id = run.run_id
        try:
            known = await self._pictures.last_known(run_id)
        except UnknownRun:
            known = Known(KeptRun(run), -1, "")
        self._pictures.forget(run_id)  # until Redis has taken over what is put into it here
        kept, over = known.kept, is_over(known.kept.status)
        for draft in drafts:
            kept.apply(draft)
        before = self._instance.known
        of_run = [run_key(run_id, name) for name in ("events", "ids", "run", "results", "waiting")]
        answer = await asked(
            self._append(
                keys=[*of_run, STARTS, *INDEX, GONE, TAKEN],
                args=[
                    known.following,
                    known.born,
                    self.now(),
                    self._retention.events,
                    self._retention.event_bytes,
                    len(drafts),
                    STARTS_KEPT,
                    run_id,
                    *(each for draft in drafts for each in (draft.event_id, draft.body)),
                    *self._pictures.parts(kept),
                ],
            )
        )
        if answer[0] == -1:
            return None
        if answer[0] == -2:
            raise UsedUp(run_id)
        folded, following, seqs, born, taken = answer
        await self._instance.see(before, taken, more=1)
        if folded == 1:
            self._pictures.remember(replace(known, following=following, born=born))
        else:
            kept = (await self._pictures.shared(run_id)).kept
        if is_over(kept.status) and not over:
            await asked(self._redis.zrem(LIVE, run_id))
        return [int(seq) for seq in seqs]


def _client(url: str, *, retries: int, **more: Any) -> Redis:
    """A client that is patient within bounds. It leaves a Redis that became a replica: the primary may be elsewhere."""
    return Redis.from_url(
        url,
        decode_responses=True,
        encoding_errors="surrogateescape",  # what is not UTF-8 must not end the reading of all else
        protocol=2,
        socket_timeout=ANSWER_S,
        socket_connect_timeout=ANSWER_S,
        retry=Retry(ConstantBackoff(0.05), retries, supported_errors=(NoConnection, ReadOnlyError)),
        **more,
    )
