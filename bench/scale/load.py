"""One load: so many watchers of so many runs at a rate, carried by a stage; what came, how late, at what cost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from e2e.site import ROOT

from .crowd import Crowd
from .parts import Stage
from .producer import Task

BEGIN_IN_S = 2.0
FULL = 40
"""So many watchers are `flowglow.watch`'s, the others only count."""
LATE_S = 30.0
"""What has not come so long after the last event was told does not count as delivered."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is tried."""

    watchers: int
    runs: int
    rate: float
    seconds: float
    processes: int = 1
    """Over how many processes the watchers are spread."""

    @property
    def count(self) -> int:
        return max(3, int(self.rate * self.seconds))


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of it. Latencies in ms."""

    load: Load
    wanted: int
    came: int
    whole: int
    opened: int
    frames: int
    p50: float
    p95: float
    p99: float
    took_s: float
    """From the first event until the last one was with everybody."""
    cpu_us: dict[str, float]
    """Microseconds of a processor for each event that came to a watcher, by part."""
    socket_bytes: int
    """Memory of the relays for each socket."""

    @property
    def ok(self) -> bool:
        """Everything came to everybody, without a reconnect, and it did not pile up."""
        return self.came == self.wanted and self.opened == self.load.watchers and self.p99 < 1_000


def carry(stage: Stage, load: Load, name: str, *, plain: bool = False) -> Carried:
    """Put the load on the stage. Nothing else may use it."""
    runs = [f"{name}-{number}" for number in range(load.runs)]
    before = {part.name: part.memory() for part in stage.relays}
    parts = [stage.redis, *stage.relays, stage.front]
    with ExitStack() as ended:
        crowds = [ended.enter_context(running("bench.scale.crowd", each.text())) for each in _crowds(stage, load, runs)]
        ready = sum(int(line_of(each).removeprefix("ready ")) for each in crowds)
        if ready < load.watchers:
            print(f"      only {ready} of {load.watchers} sockets opened", flush=True)
        memory = sum(part.memory() - before[part.name] for part in stage.relays) // max(1, ready)
        task = Task(stage.redis_url, runs, load.rate, load.count, time.time() + BEGIN_IN_S, plain=plain)
        ended.enter_context(running("bench.scale.producer", task.text()))
        time.sleep(max(0.0, task.begin - time.time()))
        used = {part.name: part.cpu_s() for part in parts}
        for each in crowds:
            go(each)
        said = [json.loads(line_of(each)) for each in crowds]
        spent: Counter[str] = Counter()
        for part in parts:
            spent[part.name.rstrip("0123456789")] += part.cpu_s() - used[part.name]  # type: ignore[assignment]
    spent["watchers"] = sum(each["cpu_s"] for each in said)
    return _carried(load, said, dict(spent), memory)


def _crowds(stage: Stage, load: Load, runs: list[str]) -> Iterator[Crowd]:
    """The watchers, spread over processes; each process begins with another run."""
    patience_s = BEGIN_IN_S + load.seconds + LATE_S
    each_has, left = divmod(load.watchers, load.processes)
    for place in range(load.processes):
        first = place % len(runs)
        watchers, full = each_has + (place < left), max(1, FULL // load.processes)
        yield Crowd(stage.ws, runs[first:] + runs[:first], watchers, load.count, patience_s, min(watchers, full))


def _carried(load: Load, said: list[dict[str, Any]], spent: dict[str, float], memory: int) -> Carried:
    latencies: Counter[int] = Counter()
    for each in said:
        latencies.update({int(place): count for place, count in each["latencies"].items()})
    total = {name: sum(each[name] for each in said) for name in ("wanted", "came", "whole", "opened", "frames")}
    p50, p95, p99 = (_percentile(latencies, share) for share in (0.5, 0.95, 0.99))
    cpu_us = {part: seconds * 1e6 / max(1, total["came"]) for part, seconds in spent.items()}
    took_s = max(each["took_s"] for each in said)
    return Carried(load, **total, p50=p50, p95=p95, p99=p99, took_s=took_s, cpu_us=cpu_us, socket_bytes=memory)


def _percentile(latencies: Counter[int], share: float) -> float:
    left = share * sum(latencies.values())
    for place in sorted(latencies):
        left -= latencies[place]
        if left <= 0:
            return float(place)
    return float("nan")


@contextmanager
def running(module: str, task: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does a task and is gone afterwards, whatever happens."""
    command = [sys.executable, "-m", module, task]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def go(process: subprocess.Popen[bytes]) -> None:
    """Tell a crowd that its run begins."""
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    process.stdin.flush()


def line_of(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()
