"""Watcher: one client of a backend without a screen: the page's link, logs and records, and nothing else of it.

It never asks twice for what it has, resumes by itself after each reconnect, waits for a number as long as the page
does, and tells listeners what changed. Many fit into one process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from random import random
from typing import Any

from pyapp.clock import Clock, Timer
from pyapp.contract.control import CatchUp, Hello, ServerError
from pyapp.contract.decode import Decoded, Malformed, Unknown, decode
from pyapp.contract.events import BaseEvent
from pyapp.contract.flow import FlowGraph
from pyapp.errors import ApiError
from pyapp.link.api import Api
from pyapp.link.credentials import Credentials
from pyapp.link.link import Link
from pyapp.link.tickets import Tickets
from pyapp.ports import Http, SocketFactory
from pyapp.run.fold import fold
from pyapp.run.rebuild import Fold
from pyapp.run.run import Run
from pyapp.run.tracking import ExecutionTracking, Taken
from pyapp.stores.link import LinkState
from pyapp.stores.store import Batch, Store

from ..terminal import one_line

log = logging.getLogger("flowglow.watch")
GAP_WAIT_S = 2.0
"""Events behind a gap wait together, at most this long."""
NO_FLOW = ""
"""The flow of no run: whoever watches it is told of the runs that it names, and of no others."""
LATEST_MOMENT = 1e11
"""Later than that, or before 1970, nothing happened: such a `ts` is taken for now."""
MAX_RUNS = 200
WORK = 2_000

Decode = Callable[[object], Iterable[Decoded]]
Took = Callable[[Taken], None]


@dataclass(frozen=True, slots=True)
class Target:
    """What is watched: a backend, and of it some runs, a flow, or all that the server tells of."""

    ws: str
    api: str = ""
    runs: tuple[str, ...] = ()
    flow: str | None = None
    token: str | None = None


@dataclass(slots=True)
class Counts:
    """What came, and what became of it."""

    frames: int = 0
    events: int = 0
    """Applied, each once."""
    duplicates: int = 0
    malformed: int = 0
    unknown: int = 0
    opened: int = 0
    """How often the link has opened."""


def moment_of(event: BaseEvent) -> float | None:
    """When it says that it happened; None where that can be no moment."""
    return event.ts if event.ts is not None and 0 < event.ts < LATEST_MOMENT else None


class Watcher:
    """Owns a link and the runs it heard of. `fold` and `decode` can be cheaper ones, where only numbers count."""

    def __init__(
        self, target: Target, sockets: SocketFactory, http: Http, clock: Clock, *, fold: Fold = fold,
        decode: Decode = decode,
    ) -> None:  # fmt: skip
        self.target = target
        credentials = Credentials(clock)
        credentials.token = target.token
        self.api = Api(http, target.api, credentials)
        self.tracking = ExecutionTracking(clock, fold=fold, max_runs=MAX_RUNS)
        self._batch = Batch(self._broken)
        self.link_state: Store[LinkState] = Store(self._batch, LinkState())
        self.counts = Counts()
        self.told: list[str] = []
        """What the server complained of, in its words."""
        self._clock = clock
        self._decode = decode
        self._sparse = False
        self._instance: str | None = None
        self._gaps: dict[str, Timer] = {}
        self._listeners: list[Took] = []
        self._failing: set[str] = set()
        """Listeners that raised; of each it is told once."""
        self._tasks: set[asyncio.Task[None]] = set()
        self.link = Link(target.ws, sockets, Tickets(self.api, credentials), clock, self.link_state, random)
        self.link.on_frame(self._frame)
        self.link.on_open(self._opened)

    def on_taken(self, listener: Took) -> None:
        """Call `listener` with what each event did; what it raises is told once, and costs nobody else anything."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Connect, and stay connected until `stop`."""
        self.link.start()

    async def stop(self) -> None:
        """Let go of everything."""
        self.link.stop()
        for timer in self._gaps.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def open(self) -> bool:
        return self.link_state.get().phase == "open"

    @property
    def runs(self) -> list[Run]:
        return list(self.tracking.runs())

    # -- the link -----------------------------------------------------------------------------------
    def _opened(self) -> None:
        self.counts.opened += 1
        known = {run.run_id: run.log.cursor for run in self.runs if not run.over or run.log.missing()}
        wanted: dict[str, Any] = {run_id: cursor for run_id, cursor in known.items() if cursor is not None}
        for run_id in self.target.runs:
            if self.tracking.find(run_id) is None:
                self.link.send({"type": "subscribe", "run_id": run_id})
                wanted[run_id] = -1
        if self.target.flow is not None:
            self.link.send({"type": "subscribe", "flow_id": self.target.flow})
        if wanted:
            self.link.send({"type": "resume", "runs": wanted})
        if self.api.available:
            self._begin(self._look_round())

    async def _look_round(self) -> None:
        """Which runs go on, and what they look like; what HTTP does not say is not needed."""
        with suppress(ApiError):
            if self.target.runs:
                listed = [await self.api.run(each) for each in self.target.runs]
            else:
                listed = await self.api.runs(flow_id=self.target.flow, limit=50)
            for info in listed:
                run = self.tracking.find(info.run_id)
                if info.status in ("queued", "executing", "paused") and run is None:
                    self.link.send({"type": "subscribe", "run_id": info.run_id})
                    self.link.send({"type": "resume", "runs": {info.run_id: -1}})
                elif run is not None or self.target.runs:
                    run = self.tracking.run(info.run_id)
                    self.tracking.hear(run, info, self.tracking.asking(run))
            flow_id = self.target.flow or next((each.flow_id for each in listed if each.flow_id), None)
            if flow_id is not None and self.tracking.flow.flow.id != flow_id:
                self.tracking.set_flow(FlowGraph(await self.api.flow(flow_id)))

    # -- frames -------------------------------------------------------------------------------------
    def _frame(self, frame: object) -> None:
        self.counts.frames += 1
        for item in self._decode(frame):
            if isinstance(item, BaseEvent):
                self._event(item)
            elif isinstance(item, Malformed | Unknown):
                self._unreadable(item)
            elif isinstance(item, CatchUp):
                self._catch_up(item)
            else:
                if isinstance(item, Hello):
                    self._hello(item)
                elif isinstance(item, ServerError):
                    self.told.append(item.message)
                self.link.control(item)

    def _hello(self, hello: Hello) -> None:
        """Another `instance`: the numbers of all runs may have begun again, so all of them are asked for anew."""
        self._sparse = bool(hello.sparse)
        if hello.flows and self.target.runs and self.target.flow is None:
            self.link.send({"type": "subscribe", "flow_id": NO_FLOW})
        before, self._instance = self._instance, hello.instance
        if before is not None and hello.instance not in (None, before):
            known = [run.run_id for run in self.runs]
            self.tracking.clear()
            self.link.send({"type": "resume", "runs": dict.fromkeys(known, -1)})

    def _event(self, event: Any) -> None:
        if self.target.runs and event.run_id not in self.target.runs:
            return
        if not self.tracking.admits(event.run_id):
            return
        run = self.tracking.run(event.run_id)
        run.log.sparse = self._sparse
        at = moment_of(event)
        self._took(self.tracking.take(event, self._clock.wall() if at is None else at))

    def _unreadable(self, item: Malformed | Unknown) -> None:
        if isinstance(item, Malformed):
            self.counts.malformed += item.count
        else:
            self.counts.unknown += 1
        run = self.tracking.find(item.used[0]) if item.used is not None else None
        if run is not None and item.used is not None:
            self._took(self.tracking.went_on(run, run.log.use(item.used[1])))

    def _catch_up(self, frame: CatchUp) -> None:
        run = self.tracking.find(frame.run_id)
        if frame.complete:
            if run is not None:
                run.log.expect(frame.to_seq)
            return
        if run is not None and frame.to_seq < run.log.highest:
            self.tracking.clear_run(run.run_id)  # the server tells its history anew
            self.link.send({"type": "resume", "runs": {run.run_id: -1}})
        elif frame.to_seq >= max(0, frame.from_seq - 1):  # else there is less than was asked for, and nothing is gone
            run = self.tracking.run(frame.run_id)
            self._took(self.tracking.went_on(run, run.log.lose(frame.from_seq)))

    def _took(self, taken: Taken) -> None:
        while self.tracking.rests_s is not None:
            self.tracking.work(WORK)
        self.counts.events += len(taken.added.entries)
        self.counts.duplicates += taken.added.verdict in ("duplicate", "stale")
        self._look_for_gaps(taken.run)
        for listener in self._listeners:
            self._batch.call(taken, listener)

    def _look_for_gaps(self, run: Run) -> None:
        waits = run.log.waiting
        if waits and run.run_id not in self._gaps:
            self._gaps[run.run_id] = self._clock.call_later(GAP_WAIT_S, lambda: self._give_up(run))
            if run.log.cursor is not None:
                self.link.send({"type": "resume", "runs": {run.run_id: run.log.cursor}})
        elif not waits and run.run_id in self._gaps:
            self._gaps.pop(run.run_id).cancel()

    def _give_up(self, run: Run) -> None:
        """What is behind the gap goes on; what is missing is welcome still."""
        self._gaps.pop(run.run_id, None)
        if self.tracking.find(run.run_id) is run:
            self._took(self.tracking.went_on(run, run.log.give_up()))

    def _broken(self, source: str, error: BaseException) -> None:
        """A listener raised: the link goes on."""
        if source not in self._failing:
            self._failing.add(source)
            self.told.append(f"{source}: {error}")
            log.error("%s failed, and the rest goes on: %s", source, one_line(f"{type(error).__name__}: {error}"))

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
