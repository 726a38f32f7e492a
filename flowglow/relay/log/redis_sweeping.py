"""What retention takes away in Redis: whole runs, each in one script, and only as it was when it was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from . import redis_scripts as scripts
from .kept import is_over
from .port import Full, Retention, UnknownRun, UsedUp
from .redis_asking import ODD, asked, asked_each
from .redis_keys import CHUNK, GONE, LIVE, RUNS, run_key, seq_of
from .redis_pictures import Pictures

NUMBERED = ("run", "events", "orders", "lines")
PARTS = (*NUMBERED, "ids", "line_ids", "results", "waiting", "said")
"""What there is of a run."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a run was when it was looked at: without `touched_at` there is nothing of it but its place."""

    run_id: str
    touched_at: str | None
    status: str
    last: str
    """The id of its last event."""
    behind: bool
    """A producer wrote events itself that were not summed up yet."""

    def is_old(self, oldest: float) -> bool:
        """Whether nothing was told of it since."""
        return self.touched_at is None or float(self.touched_at) < oldest


class Sweeper:
    """Owns what is asked of Redis so that old runs, and those that are too many, are gone."""

    def __init__(self, redis: Redis, pictures: Pictures, retention: Retention) -> None:
        self._redis = redis
        self._pictures = pictures
        self._retention = retention
        self._forget = redis.register_script(scripts.FORGET)
        self._bury = redis.register_script(scripts.BURY)

    async def sweep(self, now: float) -> list[str]:
        """Take away what is too old or too much; the runs that are gone."""
        await self._pictures.adopt()
        names: list[str] = await asked(self._redis.zrange(RUNS, 0, -1))
        oldest = now - self._retention.age_s
        old: list[Seen] = []
        ended: list[Seen] = []
        for start in range(0, len(names), CHUNK):
            for seen in await self._summed_up(names[start : start + CHUNK]):
                if seen.is_old(oldest):
                    old.append(seen)
                elif is_over(seen.status):
                    ended.append(seen)
        gone = old + ended[: max(0, len(ended) - self._retention.runs)]
        swept = [seen.run_id for seen in gone if await self._forgotten(seen, now)]
        await self._bury_old(now)
        return swept

    async def _summed_up(self, names: Sequence[str]) -> list[Seen]:
        """How far they are, with what producers wrote themselves: by that its time is known, and it is bounded."""
        found = await self._look_at(names)
        behind = [seen.run_id for seen in found if seen.behind]
        for name in behind:
            with suppress(UnknownRun, UsedUp, Full):
                await self._pictures.of(name)
        again = {seen.run_id: seen for seen in await self._look_at(behind)}
        return [again.get(seen.run_id, seen) for seen in found]

    async def _look_at(self, names: Sequence[str]) -> list[Seen]:
        async with self._redis.pipeline(transaction=False) as questions:
            for name in names:
                questions.hmget(run_key(name, "run"), "touched_at", "status", "folded")
                questions.xrevrange(run_key(name, "events"), count=1)
            told = await asked_each(questions)
        found: list[Seen] = []
        for name, facts, last in zip(names, told[::2], told[1::2], strict=True):
            if ODD not in (facts, last):
                touched_at, status, folded = facts
                found.append(Seen(name, touched_at, status or "", last[0][0] if last else "", _behind(last, folded)))
        return found

    async def _forgotten(self, seen: Seen, now: float) -> bool:
        """Take a run away; False where something was told of it since, or somebody else did."""
        self._pictures.forget(seen.run_id)
        keys = [RUNS, LIVE, GONE, *(run_key(seen.run_id, name) for name in PARTS)]
        args: list[str | float] = [seen.run_id, seen.touched_at or "", seen.last, now]
        return bool(await asked(self._forget(keys=keys, args=args)))

    async def _bury_old(self, now: float) -> None:
        """Forget the numbers of runs that went long ago, and of those that are too many."""
        oldest, surplus = now - self._retention.age_s, -self._retention.gone - 1
        old = await asked(self._redis.zrange(GONE, "-inf", f"({oldest}", byscore=True))
        for name in dict.fromkeys([*old, *await asked(self._redis.zrange(GONE, 0, surplus))]):
            await asked(self._bury(keys=[GONE, *(run_key(name, each) for each in NUMBERED)], args=[name]))


def _behind(last: Sequence[Any], folded: str | None) -> bool:
    return bool(last) and seq_of(last[0][0]) >= int(folded or 0)
