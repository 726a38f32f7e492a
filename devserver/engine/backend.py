"""The backend: the flows of one server and their runs. Knows nothing of HTTP or sockets."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from flowglow.errors import Refused

from ..errors import describe
from .flow import Flow
from .runs import Line, Run, RunHandle, Stamped

MAX_RUNS = 200
MAX_BYTES = 256 << 20
"""Bytes of events that all runs told, so what their pictures may hold; above either bound the oldest ended runs go."""
PARALLEL = 4
"""Runs that execute at the same time; the others wait as queued."""
KILL_S = 2.0
"""A stopped flow that has not let go by then is declared killed."""

Listener = Callable[[Stamped], None]
LineListener = Callable[[Line], None]
log = logging.getLogger("flowglow.backend")


class Backend:
    """Starts runs, keeps them, and tells every listener what happens. Lives on one event loop."""

    def __init__(
        self, flows: Mapping[str, Flow], *, now: Callable[[], float] = time.time, parallel: int = PARALLEL,
        max_runs: int = MAX_RUNS,
    ) -> None:  # fmt: skip
        self.flows = dict(flows)
        self._now = now
        self._max_runs = max_runs
        self._runs: dict[str, Run] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._listeners: set[Listener] = set()
        self._line_listeners: list[LineListener] = []
        self._turn = asyncio.Semaphore(parallel)

    def flow(self, flow_id: str) -> Flow:
        """The flow of that id. Raises Refused."""
        if flow_id not in self.flows:
            known = ", ".join(self.flows) or "none"
            raise Refused(404, "unknown_flow", f"There is no flow {flow_id!r}; this server has {known}.")
        return self.flows[flow_id]

    def run(self, run_id: str) -> Run:
        """The run of that id. Raises Refused."""
        if run_id not in self._runs:
            raise Refused(404, "unknown_run", f"There is no run {run_id!r} (any more) on this server.")
        return self._runs[run_id]

    def start(self, flow_id: str, input: Any = None, origin: str = "", run_id: str | None = None) -> Run:
        """Start a run of the flow; it goes on whether anybody listens or not. Raises Refused."""
        flow = self.flow(flow_id)
        self._make_room()
        run_id = run_id or f"run-{secrets.token_hex(8)}"
        run = Run(run_id, flow_id, now=self._now, publish=self._publish, origin=origin)
        run.on_line = self._publish_line
        self._runs[run.run_id] = run
        task = asyncio.get_running_loop().create_task(self._execute(flow, run, input), name=run.run_id)
        self._tasks[run.run_id] = task
        task.add_done_callback(lambda _: self._over(run))
        return run

    def stop(self, run_id: str) -> None:
        """Kill a run. One that is over already stays as it is. Raises Refused."""
        run = self.run(run_id)
        task = self._tasks.get(run_id)
        if task is not None and not run.ended:
            task.cancel()
            asyncio.get_running_loop().call_later(KILL_S, run.finish, "killed")

    def arrived(self, state: str, bore: dict[str, str]) -> bool:
        """A window came back from signing in; True when a run waits for it."""
        waiting = [run for run in self._runs.values() if state in run.arrivals.awaited]
        for run in waiting:
            run.arrivals.give({state: bore})
        return bool(waiting)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear every event of every run, in order; what comes back ends it. A listener must not raise."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def listen_to_lines(self, listener: LineListener) -> None:
        """Hear every log line of every run, in order."""
        self._line_listeners.append(listener)

    async def close(self) -> None:
        """Kill what runs, and wait until it is over."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=KILL_S)

    async def _execute(self, flow: Flow, run: Run, input: Any) -> None:
        try:
            async with self._turn:
                await flow.run(RunHandle(run, now=self._now), input)
        except asyncio.CancelledError:
            run.finish("killed")
        except (Exception, SystemExit) as error:
            log.warning("Run %s of %s: %s", run.run_id, flow.id, describe(error))
            run.write("error", describe(error), None, self._now())
            run.finish("error", describe(error))
        else:
            run.finish("success")

    def _over(self, run: Run) -> None:
        self._tasks.pop(run.run_id, None)
        run.finish("killed")  # only for a task that was cancelled before it began

    def _publish(self, event: Stamped) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    def _publish_line(self, line: Line) -> None:
        for listener in self._line_listeners:
            listener(line)

    def _make_room(self) -> None:
        total = sum(run.bytes for run in self._runs.values())
        for run in [run for run in self._runs.values() if run.ended]:
            if len(self._runs) < self._max_runs and total < MAX_BYTES:
                return
            total -= run.bytes
            del self._runs[run.run_id]
        if len(self._runs) >= self._max_runs:
            words = f"{len(self._runs)} runs are under way or waiting; stop one, or try again later."
            raise Refused(503, "busy", words)
