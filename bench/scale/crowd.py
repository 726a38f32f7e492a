"""Many watchers in a process of their own: they say when all are there, and at the end what came, and how late.

What they know of a run is its numbers (each once, in order, none missing); a frame that several get is read once.
Some are `flowglow.watch`'s, with its link and its logs; the rest only count.
"""

from __future__ import annotations

import asyncio
import functools
import json
import sys
import time
from array import array
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from flowglow.relay.server import new_loop
from flowglow.watch import watcher as watcher_module
from flowglow.watch.sockets import Sockets
from flowglow.watch.surroundings import HttpxHttp, LoopClock
from flowglow.watch.watcher import Target, Watcher
from pyapp.contract.decode import Decoded, decode
from pyapp.contract.events import Event
from pyapp.contract.flow import FlowGraph
from pyapp.run.fold.step import Touched
from pyapp.run.record import RunRecord
from pyapp.run.tracking import Taken

from .light import LightWatcher

BUCKETS = 60_000
"""Of a millisecond each; the last holds what took longer."""
OPENED_AT_ONCE = 50
READ_ONCE = 2_048


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who watches what."""

    ws: str
    runs: list[str]
    watchers: int
    count: int
    """Events of each run."""
    patience_s: float
    """From the beginning until all must be in."""
    full: int | None = None
    """How many of them are `flowglow.watch`'s; None: all."""
    spread: bool = True
    """Those that come back wait for a moment of their own; without it, the control, all come at once."""

    def text(self) -> str:
        return json.dumps(asdict(self))


def ends_only(record: RunRecord, event: Event, at: float, flow: FlowGraph) -> Touched:
    """A fold that knows only that events came, and whether the run is over."""
    record.events += 1
    if event.event == "run_end":
        record.status = "success"
    return Touched()


@functools.lru_cache(READ_ONCE)
def read(frame: object) -> tuple[Decoded, ...]:
    return tuple(decode(frame))


class Latencies:
    """How long events were on their way."""

    def __init__(self) -> None:
        self.buckets = array("L", [0] * BUCKETS)

    def take(self, taken: Taken) -> None:
        now = time.time()
        for entry in taken.added.entries:
            self.late(now - entry.at)

    def late(self, seconds: float) -> None:
        self.buckets[min(BUCKETS - 1, max(0, int(seconds * 1000)))] += 1

    def json(self) -> dict[str, int]:
        return {str(place): count for place, count in enumerate(self.buckets) if count}


async def watch(crowd: Crowd) -> dict[str, Any]:
    """Open all, say so, wait until every watcher has all of its run or patience ends; what came."""
    if not crowd.spread:
        setattr(watcher_module, "random", lambda: 0.0)  # noqa: B010
    came_back: Counter[int] = Counter()
    http, sockets, clock, latencies = HttpxHttp(), Sockets(), LoopClock(), Latencies()
    watchers: list[Watcher] = []
    light: list[LightWatcher] = []
    everybody: list[Watcher | LightWatcher] = []
    full = crowd.watchers if crowd.full is None else crowd.full
    for number in range(crowd.watchers):
        run_id = crowd.runs[number % len(crowd.runs)]
        if number < full:
            watcher = Watcher(Target(crowd.ws, runs=(run_id,)), sockets, http, clock, fold=ends_only, decode=read)
            watcher.on_taken(latencies.take)
            watchers.append(watcher)
            watcher.start()
        else:
            light.append(LightWatcher(crowd.ws, run_id, latencies.late))
            await light[-1].start()
        everybody = [*watchers, *light]
        opening = everybody[-OPENED_AT_ONCE:]
        while sum(not each.open for each in opening) >= OPENED_AT_ONCE:
            await asyncio.sleep(0.01)
    deadline = time.monotonic() + 60
    while not all(each.open for each in everybody) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    print(f"ready {sum(each.open for each in everybody)}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    began, used = time.monotonic(), time.process_time()
    for each in watchers:
        each.link.on_open(lambda: came_back.update([int((time.monotonic() - began) * 10)]))
    wanted = crowd.count * crowd.watchers
    deadline = time.monotonic() + crowd.patience_s

    def came() -> int:
        return sum(each.counts.events for each in watchers) + sum(each.following for each in light)

    while came() < wanted and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    whole = sum(run.over and not run.log.missing() for each in watchers for run in each.runs)
    said = {
        "wanted": wanted,
        "came": came(),
        "whole": whole + sum(each.following == crowd.count and not each.holes for each in light),
        "twice": sum(each.counts.duplicates for each in watchers) + sum(each.twice for each in light),
        "opened": sum(each.counts.opened for each in watchers) + len(light) + sum(each.closed for each in light),
        "strange": sum(each.strange for each in light),
        "frames": sum(each.counts.frames for each in watchers) + sum(each.frames for each in light),
        "cpu_s": time.process_time() - used,
        "took_s": time.monotonic() - began,
        "came_back": came_back,
        "latencies": latencies.json(),
    }
    for each in watchers:
        await each.stop()
    for one in light:
        one.stop()
    await http.close()
    return said


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_loop) as runner:
        print(json.dumps(runner.run(watch(Crowd(**json.loads(sys.argv[1]))))), flush=True)
