"""A producer in a process of its own: tells runs at a rate, into a relay's log, or to Redis pub/sub for the floor.

It goes on telling what it could not tell, in order, for as long as it lives: an event that was sent before keeps its
number. `ts` is the moment at which it hands an event over.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from secrets import token_hex

from redis.asyncio import Redis

from flowglow.errors import Refused
from flowglow.relay.drafts import draft
from flowglow.relay.log.opening import open_log
from flowglow.relay.log.port import EventLog

from .script import Json, events

AGAIN_S = 0.1
"""After a failure it is tried again so soon."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be told."""

    redis_url: str
    runs: list[str]
    rate: float
    """Events of each run in a second."""
    count: int
    """Events of each run."""
    begin: float
    """When, seconds since the epoch."""
    plain: bool = False
    fresh_ids: bool = False
    """Each event gets another id whenever it is sent: the control for what ids are good for."""
    careless: bool = False
    """What could not be told is not told again: the control for telling again."""

    def text(self) -> str:
        return json.dumps(asdict(self))


async def tell(task: Task) -> None:
    """Tell all of it; ends when it is told."""
    if task.plain:
        redis: Redis = Redis.from_url(task.redis_url, decode_responses=True)
        await asyncio.gather(*(_publish(redis, task, run_id) for run_id in task.runs))
        await redis.aclose()
        return
    log = await _opened(task.redis_url)
    await asyncio.gather(*(_append(log, task, run_id, place) for place, run_id in enumerate(task.runs)))
    await log.close()


async def _opened(url: str) -> EventLog:
    while True:
        try:
            return await open_log(url)
        except Refused:
            await asyncio.sleep(AGAIN_S)


async def _append(log: EventLog, task: Task, run_id: str, place: int) -> None:
    """Runs do not beat together: each has its own moment within a beat."""
    offset_s = place / len(task.runs) / task.rate
    for number, event in enumerate(events(run_id, task.count)):
        await asyncio.sleep(max(0.0, task.begin + offset_s + number / task.rate - time.time()))
        name = token_hex(8) if task.fresh_ids else event["event_id"]
        while True:
            now = time.time()
            try:
                await log.append(run_id, [draft(run_id, {**event, "event_id": name, "ts": now}, now)])
                break
            except Refused:
                if task.careless:
                    break
                await asyncio.sleep(AGAIN_S)


async def _publish(redis: Redis, task: Task, run_id: str) -> None:
    offset_s = task.runs.index(run_id) / len(task.runs) / task.rate
    for number, event in enumerate(events(run_id, task.count)):
        await asyncio.sleep(max(0.0, task.begin + offset_s + number / task.rate - time.time()))
        told: Json = {**event, "ts": time.time()}
        await redis.publish(f"scale:{run_id}", json.dumps(told))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(tell(Task(**json.loads(sys.argv[1]))))
