"""What is asked for the page: the flows, the one on the canvas with its run, and which runs there are."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...contract.flow import Flow, FlowGraph
from ...contract.http import RunInfo
from ...errors import ApiError
from ...link.api import Api
from ...link.replay import Replay
from ...run.record import TERMINAL
from ...run.run import Run
from ...run.tracking import Asked, ExecutionTracking
from ...stores.rows import RunRow
from ..front import Front
from ..shared import Shared
from .asker import Asker
from .runs import RunQuestions

LISTED = 50
"""Runs that are over and shown of what the server lists; of those that are not, all are."""
CHOICE = ("", "choice")
REFUSED_S = 30.0
"""A list that was refused for so long is one that the server does not have."""


class FlowQuestions:
    """Owns what a person chose to see, until it is there: the newest choice wins."""

    def __init__(
        self, shared: Shared, tracking: ExecutionTracking, front: Front, runs: RunQuestions, asker: Asker, api: Api
    ) -> None:
        self._shared = shared
        self._stores = shared.stores
        self._tracking = tracking
        self._front = front
        self._runs = runs
        self._asker = asker
        self._api = api
        self.replay: Replay | None = None
        """A recording in place of a backend."""

    @property
    def available(self) -> bool:
        return self._api.available or self.replay is not None

    def open(self, flow_id: str | None, run_id: str | None) -> None:
        """Load what the settings name, and the list of flows, again and again until it is there."""
        if self.available:
            self._asker.want(CHOICE, partial(self._open, flow_id, run_id), partial(self._not_yet, "open"), newest=True)

    def choose(self, flow_id: str, run_id: str | None = None) -> None:
        """Put a flow on the canvas, and a run of it in front. Until it is there, the canvas is empty."""
        self._front.bring(None)
        self._front.named = run_id
        self._stores.graph.set(None)
        work = partial(self._choose, flow_id, run_id)
        failed = partial(self._not_yet, "choose_flow" if run_id is None else "show_run")
        self._asker.want(CHOICE, work, failed, newest=True)

    def chosen(self, run_id: str) -> None:
        """A run of the flow on the canvas is chosen: what was being loaded is not wanted any more."""
        if self._stores.graph.get() is not None:
            self._asker.drop(CHOICE)
        self._stores.notices.delete("choice")
        self._front.bring(run_id)

    def list_runs(self) -> None:
        """Ask which runs there are, of every flow."""
        if self._api.available:
            self._asker.want(("", "runs"), self._list_runs, partial(self._no_list, []))

    # -- inside -----------------------------------------------------------------------------------
    async def _open(self, flow_id: str | None, run_id: str | None) -> bool:
        if self.replay is not None:
            flow = await self.replay.load()
            self._stores.flows.set((flow,))
            return self._put(flow)
        if flow_id is None and run_id is not None:
            flow_id = (await self._api.run(run_id)).flow_id
        try:
            flows = await self._api.flows()
        except ApiError:
            if flow_id is None:
                raise
            flows = []  # a backend may well serve one flow and list none
        self._stores.flows.set(tuple(flows))
        chosen = flow_id or (flows[0].id if flows else None)
        return self._put(await self._api.flow(chosen)) if chosen is not None else True

    async def _choose(self, flow_id: str, run_id: str | None) -> bool:
        self._put(await self._api.flow(flow_id))
        if run_id is not None:
            self._front.bring(run_id)
        self.list_runs()
        return True

    def _put(self, flow: Flow) -> bool:
        graph = FlowGraph(flow)
        with self._stores.batch():
            self._stores.notices.delete("choice")
            for run in self._tracking.set_flow(graph):
                self._runs.repaint(run)
            self._stores.graph.set(graph)
        return True

    def _not_yet(self, what: str, error: ApiError) -> bool:
        """It is tried again until somebody chooses something else; what cannot be had keeps no place in front."""
        words, known = self._shared.words(f"failed.{what}", reason=error), self._stores.notices.get("choice")
        if known is None or known.text != words:
            self._stores.notices.alert("choice", words)
        if not error.temporary:
            self._front.named = None
        return False

    async def _list_runs(self) -> bool:
        """The list is a convenience: without it the page still shows every run it hears of."""
        asked = {run.run_id: self._tracking.asking(run) for run in self._tracking.runs()}
        infos = await self._api.runs()
        front = self._front.flow_id
        over = [info for info in infos if info.status in TERMINAL and (front is None or info.flow_id in (None, front))]
        shown = {id(info) for info in over[:LISTED]} | {id(info) for info in infos if info.status not in TERMINAL}
        with self._stores.batch():
            for info in reversed(infos):
                if id(info) in shown:
                    self._row(info, asked.get(info.run_id))
        return True

    def _no_list(self, refused: list[float], error: ApiError) -> bool:
        """A refusal may be the fault of a moment: only one of REFUSED_S ends the asking, until the next reconnect."""
        if error.temporary:
            refused.clear()
        else:
            refused.append(self._shared.clock.now())
        return bool(refused) and refused[-1] - refused[0] >= REFUSED_S

    def _row(self, info: RunInfo, asked: Asked | None) -> None:
        """An unfinished run is known from now on, with what it waits for; one that is over has a row."""
        known = self._tracking.find(info.run_id)
        asks = info.status == "paused" or bool(info.requirements or info.interactions)
        if info.status not in TERMINAL and self._tracking.admits(info.run_id, asks=asks):
            self._unfinished(known or self._tracking.run(info.run_id), info, asked if known is not None else None)
        elif known is None:
            status: Any = info.status
            names = {flow.id: flow.name for flow in self._stores.flows.get()}
            row = self._stores.runs.get(info.run_id) or RunRow(info.run_id, status)
            name = names.get(info.flow_id or "") or row.name
            times = (info.started_at, info.ended_at)
            row = RunRow(info.run_id, status, info.flow_id, name, *times, unread=row.unread, seen=row.seen)
            self._stores.runs.set(info.run_id, row)

    def _unfinished(self, run: Run, info: RunInfo, asked: Asked | None) -> None:
        """The next `resume` asks for its events; where the link is open already, they are asked for here."""
        if asked is None and run.log.entries:
            self._runs.state(run)  # it began while the list was under way
            return
        asked = asked or self._tracking.asking(run)
        if not self._runs.told(run, info, asked):
            return
        if self._stores.link.get().phase == "open":
            self._runs.complete(run, info, asked)
        if info.requirements is None and info.status == "paused":
            self._runs.state(run)
