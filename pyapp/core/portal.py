"""The portal: everything that goes between the page and a backend, beyond the stream of events itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ..answers import RunInfo
from ..clock import sleep
from ..decode import Decoded
from ..errors import ApiError
from ..messages import Control, Hello
from ..state.records import RunRecord
from ..stores.nodes import Flow, FlowGraph
from ..stores.runs import RunRow
from ..transport.link import Link
from ..transport.replay import Replay
from .context import HandlerContext
from .intake import Intake
from .stage import Stage
from .truth import ask

RETRY_S = 2.0
MAX_RETRY_S = 20.0


class Portal:
    """Loads flows and runs, starts and stops runs, and asks for what the stream did not bring.

    `take(items, catch_up)` hands events that came over HTTP to the inbox.
    """

    def __init__(
        self,
        context: HandlerContext,
        stage: Stage,
        intake: Intake,
        take: Callable[[Iterable[Decoded], bool], None],
        *,
        link: Link,
        replay: Replay | None,
    ) -> None:
        self._context = context
        self._stage = stage
        self._intake = intake
        self._take = take
        self._link = link
        self._replay = replay
        self._opened = False
        self._wanted: set[str] = set()
        """Runs to subscribe to, on this link and on the next."""
        context.tracking.on_clear(self._wanted.discard)

    # -- commands ---------------------------------------------------------------------------------
    async def start(self, flow_id: str, text: str | None) -> str:
        """Start a run of the flow; its id. Raises ApiError."""
        if self._replay is not None:
            return self._replay.start()
        return await self._context.api.start(flow_id, text)

    async def stop(self, run_id: str) -> None:
        """Ask that a run be killed. Raises ApiError."""
        if self._replay is not None:
            self._replay.stop(run_id)
        else:
            await self._context.api.stop(run_id)

    async def answer(self, run_id: str, answer: dict[str, Any]) -> None:
        """Answer a requirement of a paused run. Raises ApiError; then the server is asked what is still open."""
        if self._replay is not None:
            return  # the recording goes on as it did
        try:
            await self._context.api.answer(run_id, answer)
        except ApiError as error:
            run = self._context.tracking.find(run_id)
            if run is not None and not error.temporary:
                self._context.tasks.start(run_id, "snapshot", partial(ask, run, self._context))
            raise

    async def load_flow(self, flow_id: str) -> None:
        """Put a flow on the canvas, and its runs into the list. Raises ApiError."""
        self._stage.flow_id = flow_id
        flow = await (self._replay.load() if self._replay is not None else self._context.api.flow(flow_id))
        if self._stage.flow_id == flow_id:  # nobody chose another one meanwhile
            self._context.stores.graph.set(FlowGraph(flow))
            if self._replay is None:
                await self._list_runs(flow)

    async def restore(self, run_id: str) -> None:
        """Bring in everything of a run of which no event was seen. Raises ApiError."""
        self.subscribe(run_id)
        if self._context.api.available:
            try:
                self._take(await self._context.api.events(run_id, -1), True)
            except ApiError as error:
                if error.temporary:
                    raise
            await ask(self._context.tracking.run(run_id), self._context)

    # -- the start of the page --------------------------------------------------------------------
    async def open(self, flow_id: str | None, run_id: str | None) -> None:
        """Load what the settings name, again and again until it is there; says in words what is missing."""
        delay_s = RETRY_S
        while True:
            try:
                await self._open(flow_id, run_id)
                self._context.notices.delete("open")
                return
            except ApiError as error:
                words = self._context.words("failed.open", reason=str(error))
                self._context.notices.alert("open", words)
                if not error.temporary:
                    return
            await sleep(self._context.clock, delay_s)
            delay_s = min(MAX_RETRY_S, delay_s * 2)

    async def _open(self, flow_id: str | None, run_id: str | None) -> None:
        stores = self._context.stores
        if self._replay is not None:
            flow = await self._replay.load()
            self._stage.flow_id = flow.id
            stores.flows.set((flow,))
            stores.graph.set(FlowGraph(flow))
            return
        if not self._context.api.available:
            return
        if flow_id is None and run_id is not None:
            flow_id = (await self._context.api.run(run_id)).flow_id
        try:
            flows = await self._context.api.flows()
        except ApiError:
            if flow_id is None:
                raise
            flows = []  # a backend may well serve one flow and list none
        stores.flows.set(tuple(flows))
        chosen = flow_id or (flows[0].id if flows else None)
        if chosen is not None:
            await self.load_flow(chosen)
        if run_id is not None:
            await self.restore(run_id)

    # -- the link ---------------------------------------------------------------------------------
    def greet(self) -> None:
        """The link is open (again): say what is known, and ask what the stream cannot tell."""
        tracking = self._context.tracking
        cursors: dict[str, int] = {}
        for run in tracking.runs():
            if run.over and not run.provisional:
                continue
            cursor = self._intake.cursor(run.run_id)
            if cursor is not None:
                cursors[run.run_id] = cursor
            elif self._opened and self._context.api.available:
                self._context.tasks.start(run.run_id, "snapshot", partial(ask, run, self._context))
        for run_id in sorted(self._wanted):
            self.subscribe(run_id)
        self._link.send({"type": "resume", "runs": cursors})
        self._opened = True

    def control(self, frame: Control) -> None:
        """React to a control frame."""
        if isinstance(frame, Hello):
            self._intake.sparse = bool(frame.sparse)
        self._link.control(frame)

    def subscribe(self, run_id: str) -> None:
        """Ask the server for the events of a run, now and after each reconnect until the run is over."""
        run = self._context.tracking.find(run_id)
        if run is not None and run.over and not run.provisional:
            self._wanted.discard(run_id)
            return
        self._wanted.add(run_id)
        self._link.send({"type": "subscribe", "run_id": run_id})

    def fill_gap(self, run_id: str, after: int) -> None:
        """Fetch the events behind number `after`; what does not come in time is given up by the intake."""
        if self._context.api.available:
            self._context.tasks.start(run_id, "gap", lambda: self._fill_gap(run_id, after), bound_s=10.0)

    def behind(self, run: RunRecord, last_seq: int) -> None:
        """Fetch what the server has of a run beyond what came: no later event may ever show that gap."""
        position = self._intake.position(run.run_id)
        if position is not None and position < last_seq:
            work = partial(self._fill_gap, run.run_id, position, catch_up=True)
            self._context.tasks.start(run.run_id, "gap", work, bound_s=10.0)

    def woke(self) -> None:
        """The page is looked at again, or the machine has slept: ask how the runs are that are not over."""
        if not self._context.api.available:
            return
        for run in self._context.tracking.runs():
            if not run.over:
                self._context.tasks.start(run.run_id, "snapshot", partial(ask, run, self._context))

    def lost(self, run_id: str, first: int, last: int) -> None:
        """Say that events will not come."""
        count = last - first + 1
        self._context.notices.say(f"lost {run_id}", self._context.words("events.lost", count=count))
        self._context.reporter.log("warning", f"[Intake] run {run_id}: events {first} to {last} are missing.")

    async def _fill_gap(self, run_id: str, after: int, *, catch_up: bool = False) -> None:
        try:
            self._take(await self._context.api.events(run_id, after), catch_up)
        except ApiError as error:
            self._context.reporter.log("warning", f"[Portal] a gap could not be filled: {error}")

    async def _list_runs(self, flow: Flow) -> None:
        """The list is a convenience: without it the page still shows every run it hears of."""
        try:
            infos = await self._context.api.runs(flow.id)
        except ApiError as error:
            self._context.reporter.log("warning", f"[Portal] the runs could not be listed: {error}")
            return
        runs = self._context.stores.runs
        with self._context.stores.batch():
            for info in sorted(infos, key=lambda info: info.started_at or 0.0)[-50:]:
                if info.run_id not in runs:
                    runs.set(info.run_id, _row(info, flow))


def _row(info: RunInfo, flow: Flow) -> RunRow:
    known: Any = info.status
    if known not in ("queued", "executing", "paused", "success", "error", "killed"):
        known = "unverified"
    return RunRow(
        info.run_id,
        known,
        flow_id=info.flow_id or flow.id,
        name=flow.name or None,
        started_at=info.started_at,
        ended_at=info.ended_at,
    )
