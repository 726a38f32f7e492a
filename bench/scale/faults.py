"""What fails, and what every watcher must know in spite of it; each with a control that must be seen to fail.

Every watcher keeps its whole record, and each record is held against the oracle of the events that were told; so is
what two real pages show. Producers are processes, and ended by SIGKILL.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from e2e.site import ROOT
from flowglow.watch.sockets import Sockets
from flowglow.watch.surroundings import HttpxHttp, LoopClock
from flowglow.watch.watcher import Target, Watcher
from tests.flowglow.watch.truth import differences

from .pages import Pages
from .parts import Part, Stage
from .producer import Task
from .script import events

RUNS, WATCHERS, COUNT, RATE = 4, 20, 200, 40.0
PAGES = 2
"""Real ones, in Chromium, beside the watchers."""
BEGIN_IN_S = 2.0
MIDDLE_S = BEGIN_IN_S + COUNT / RATE * 0.4
AWAY_S = 10.0
PATIENCE_S = 30.0

Producers = list[subprocess.Popen[bytes]]
Act = Callable[[Stage, Task, Producers], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens in the middle, and what is left out in the control."""

    name: str
    act: Act
    control: dict[str, Any]
    """Fields of the producers' task that are others in the control; empty: watchers that do not resume."""
    producers: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went: watchers whose record is not what it must be, pages that show something else, and the first."""

    name: str
    watchers: int
    wrong: int
    pages_wrong: int
    first: str
    reconnects: int
    took_s: float


class DeafWatcher(Watcher):
    """It never says what it has: it hears of its flow from now on. The control for `resume`."""

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        send = self.link.send

        def silent(frame: dict[str, Any]) -> bool:
            deaf = frame["type"] == "resume" and self.counts.opened > 1
            return send({"type": "subscribe", "flow_id": "scale"} if deaf else frame)

        self.link.send = silent  # type: ignore[method-assign]


async def suffer(stage: Stage, fault: Fault, pages: Pages, *, control: bool = False) -> Verdict:
    """Let it happen while runs are told and watched; who then knows what."""
    began, name = time.monotonic(), f"{fault.name.replace(' ', '-')}{'-control' if control else ''}"
    runs = [f"{name}-{number}" for number in range(RUNS)]
    deaf = control and not fault.control
    await pages.open(stage.ws, PAGES, deaf=deaf)
    task = Task(stage.redis_url, runs, RATE, COUNT, time.time() + BEGIN_IN_S)
    watchers = _watchers(stage, runs, DeafWatcher if deaf else Watcher)
    told = replace(task, **fault.control) if control else task
    producers = [spawn(told) for _ in range(fault.producers)]
    try:
        await asyncio.sleep(MIDDLE_S)
        await fault.act(stage, told, producers)
        deadline = time.monotonic() + PATIENCE_S
        while any(process.poll() is None for process in producers) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        patience_s = 5.0 if control else PATIENCE_S
        deadline = time.monotonic() + patience_s
        while (found := _wrong(watchers)) and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        shown = await pages.wrong(runs, COUNT)
        reconnects = sum(each.counts.opened - 1 for each in watchers) + await pages.reconnects()
        first, took_s = [*found, *shown, ""][0], time.monotonic() - began
        return Verdict(fault.name, len(watchers), len(found), len(shown), first, reconnects, took_s)
    finally:
        for process in producers:
            process.kill()
            process.wait(10)
        for each in watchers:
            await each.stop()


def spawn(task: Task) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.scale.producer", task.text()], cwd=ROOT)


def _watchers(stage: Stage, runs: list[str], kind: type[Watcher]) -> list[Watcher]:
    http, sockets = HttpxHttp(), Sockets()
    made = []
    for number in range(WATCHERS):
        target = Target(stage.ws, runs=(runs[number % len(runs)],))
        made.append(kind(target, sockets, http, LoopClock()))
        made[-1].start()
    return made


def _wrong(watchers: list[Watcher]) -> list[str]:
    found = []
    for each in watchers:
        run_id = each.target.runs[0]
        run = each.tracking.find(run_id)
        if run is None or run.record.events < COUNT:
            found.append(f"{run_id}: {0 if run is None else run.record.events} of {COUNT} events came")
        elif wrong := differences(run, events(run_id, COUNT)):
            found.append(f"{run_id}: {wrong[0][:60]}…")
    return found


# -- what happens -------------------------------------------------------------------------------------
async def kill_relay(stage: Stage, task: Task, producers: Producers) -> None:
    """kill -9, and it is started again after two seconds."""
    await _gone(stage.relays[0], 2.0)


async def restart_redis(stage: Stage, task: Task, producers: Producers) -> None:
    await _gone(stage.redis, 1.0)


async def redis_away(stage: Stage, task: Task, producers: Producers) -> None:
    await _gone(stage.redis, AWAY_S)


async def kill_producer(stage: Stage, task: Task, producers: Producers) -> None:
    """kill -9; another one begins with the first event again, as it knows nothing of how far that one was."""
    producers[0].kill()
    producers[0].wait(10)
    producers[0] = spawn(task)


async def nothing(stage: Stage, task: Task, producers: Producers) -> None:
    """Two producers tell the same: that is all."""


async def _gone(part: Part, for_s: float) -> None:
    await asyncio.to_thread(part.stop, signal.SIGKILL)
    await asyncio.sleep(for_s)
    await asyncio.to_thread(part.start)


FAULTS = (
    Fault("kill -9 one relay", kill_relay, {}),
    Fault("Redis restarted", restart_redis, {"careless": True}),
    Fault(f"Redis away for {AWAY_S:g} s", redis_away, {"careless": True}),
    Fault("a producer killed and started again", kill_producer, {"fresh_ids": True}),
    Fault("the same events from two producers", nothing, {"fresh_ids": True}, producers=2),
)
