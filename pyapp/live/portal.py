"""The portal: what a person asks of the backend, and what the page loads from it when it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ..clock import sleep
from ..contract.decode import Decoded
from ..contract.flow import Flow, FlowGraph
from ..contract.http import RunInfo
from ..errors import ApiError
from ..link.replay import Replay
from ..stores.runs import RunRow
from .context import HandlerContext
from .stage import Stage
from .truth import ask

RETRY_S = 2.0
MAX_RETRY_S = 20.0


class Portal:
    """Loads flows and runs, starts and stops runs.

    `take(items, catch_up)` hands events that came over HTTP to the inbox, `subscribe(run_id)` asks for later ones.
    """

    def __init__(
        self,
        context: HandlerContext,
        stage: Stage,
        take: Callable[[Iterable[Decoded], bool], None],
        *,
        subscribe: Callable[[str], None],
        replay: Replay | None,
    ) -> None:
        self._context = context
        self._stage = stage
        self._take = take
        self._subscribe = subscribe
        self._replay = replay

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
        self._subscribe(run_id)
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
