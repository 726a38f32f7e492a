"""What is asked for the page: the flows, and the one on the canvas with its run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from ...contract.flow import Flow, FlowGraph
from ...errors import ApiError
from ...link.backend import Questions
from ...link.replay import Replay
from ...run.bounded import BoundedDict
from ...run.tracking import NO_FLOW, ExecutionTracking
from ...stores.rows import node_of
from ..front import Front
from ..shared import Shared
from .asker import Asker
from .listing import Listing

CHOICE = ("", "choice")
CHANGED = ("", "flow")
CHANGED_S = 10.0
"""A flow that may have been edited is asked for anew at most so often."""
MAX_UNLISTED = 1_000
LIST = ("", "flows")


class FlowQuestions:
    """Owns what a person chose to see, until it is there: the newest choice wins."""

    def __init__(
        self, shared: Shared, tracking: ExecutionTracking, front: Front, listing: Listing, asker: Asker, api: Questions
    ) -> None:
        self._shared = shared
        self._stores = shared.stores
        self._tracking = tracking
        self._front = front
        self._listing = listing
        self._asker = asker
        self._api = api
        self.replay: Replay | None = None
        """A recording in place of a backend."""
        self._unlisted: BoundedDict[str, None] = BoundedDict(MAX_UNLISTED)
        """Nodes of the run in front that the flow on the canvas did not list; each is a reason to ask once."""
        self._stores.mock.listen(self._ran)
        self._stores.front.listen(self._shown)

    @property
    def available(self) -> bool:
        return self._api.available or self.replay is not None

    def open(self, flow_id: str | None, run_id: str | None) -> None:
        """Load what the settings name, else the first flow of the list, again and again until it is there."""
        if self.available:
            self._front.coming = flow_id
            failed = partial(self._not_yet, "open", flow_id)
            self._asker.want(CHOICE, partial(self._open, flow_id, run_id), failed, newest=True, long=True)
            if flow_id is not None:
                self.ask()

    def ask(self) -> None:
        """Ask which flows there are, beside the one that is chosen: a backend may well serve one and list none."""
        if self._api.available:
            self._asker.want(LIST, self._list, lambda error: not error.temporary)

    def choose(self, flow_id: str, run_id: str | None = None) -> None:
        """Put a flow on the canvas, and a run of it in front. Until it is there, the canvas is empty."""
        self._front.bring(None)
        self._front.coming = flow_id
        self._front.named = run_id
        self._stores.graph.set(None)
        work = partial(self._choose, flow_id)
        failed = partial(self._not_yet, "choose_flow" if run_id is None else "show_run", flow_id)
        self._asker.want(CHOICE, work, failed, newest=True, long=True)

    def chosen(self, run_id: str) -> None:
        """A run of the flow on the canvas is chosen: that is back, and what was being loaded not wanted any more."""
        with self._stores.batch():
            if self._tracking.flow is not NO_FLOW:  # else any flow is of use
                self._asker.drop(CHOICE)
                if self._stores.graph.get() is None:
                    self._stores.graph.set(self._tracking.flow)
            self._stores.notices.delete("choice")
            self._front.bring(run_id, chosen=True)

    def changed(self) -> None:
        """The flow on the canvas may have been edited meanwhile; one of which a run is under way stays as it began."""
        run = self._front.run
        if run is None or run.over:
            self._ask_anew(())

    # -- inside -----------------------------------------------------------------------------------
    def _shown(self, run_id: str | None) -> None:
        self._unlisted.clear()
        self._ran([(run_id, each) for each in self._stores.mock.of_run(run_id)])

    def _ran(self, keys: Iterable[tuple[str | None, str]]) -> None:
        """A node of the run in front is not on the canvas: the flow was edited since, unless it never lists that."""
        graph, run = self._stores.graph.get(), self._front.run
        if graph is None or run is None or run.flow_id not in (None, graph.flow.id):
            return
        ran = {node_of(mock) for run_id, mock in keys if run_id == run.run_id}
        unlisted = [each for each in ran if each not in graph.nodes and each not in self._unlisted]
        self._unlisted.update(dict.fromkeys(unlisted))
        if unlisted:
            self._ask_anew((CHANGED_S,))  # once more for those that are found meanwhile

    def _ask_anew(self, again: Iterable[float]) -> None:
        graph = self._stores.graph.get()
        if graph is None or graph.flow.unfolds or not self._api.available or self._asker.asks(CHANGED):
            return
        self._asker.want(CHANGED, self._anew, lambda error: not error.temporary, again=again, long=True)

    async def _anew(self) -> bool:
        known = self._stores.graph.get()
        flow = await self._api.flow(known.flow.id) if known is not None else None
        if flow is not None and known is not None and flow != known.flow:
            await self._put(flow, known)
        return False

    async def _open(self, flow_id: str | None, run_id: str | None) -> bool:
        if self.replay is not None:
            flow = await self.replay.load()
            self._stores.flows.set((flow,))
            return await self._put(flow)
        if flow_id is None and run_id is not None:
            flow_id = await self._flow_of(run_id)
        if flow_id is None:
            await self._list()
        chosen = flow_id or next((flow.id for flow in self._stores.flows.get() or ()), None)
        if chosen is None:
            self._stores.notices.delete("choice")
            return False  # there may be one later
        return await self._put(await self._api.flow(chosen))

    async def _list(self) -> bool:
        self._stores.flows.set(tuple(await self._api.flows()))
        return True

    async def _flow_of(self, run_id: str) -> str | None:
        """None for a run that the server does not know: the page is of use without it."""
        try:
            return (await self._api.run(run_id)).flow_id
        except ApiError as error:
            if not error.missing:
                raise
            return None

    async def _choose(self, flow_id: str) -> bool:
        await self._put(await self._api.flow(flow_id))
        if self._front.named is not None:  # nobody brought another run to the front meanwhile
            self._front.bring(self._front.named, chosen=True)
        self._listing.ask()
        self._listing.chosen()
        return True

    async def _put(self, flow: Flow, known: FlowGraph | None = None) -> bool:
        """Onto the canvas; in the place of a `known` one only while that is there."""
        graph = FlowGraph(flow)
        await asyncio.sleep(0)  # the look-ups of a large one took their time: the browser has its turn
        if known is not None and self._stores.graph.get() is not known:
            return True
        with self._stores.batch():
            self._stores.notices.delete("choice")
            for run in self._tracking.set_flow(graph):
                self._listing.repaint(run)
            self._stores.graph.set(graph)
            self._front.placed()
        if self._stores.flows.get() is None:
            self.ask()
        return True

    def _not_yet(self, what: str, flow_id: str | None, error: ApiError) -> bool:
        """It is tried again until somebody chooses something else; what cannot be had keeps no place in front."""
        words, known = self._shared.words(f"failed.{what}", reason=error), self._stores.notices.get("choice")
        if error.missing and flow_id is not None:
            words = self._shared.words("missing.flow", flow=flow_id)
        if known is None or known.text != words:
            self._stores.notices.alert("choice", words)
        if not error.temporary:
            named = self._front.named
            self._front.coming = self._front.named = None
            if named is not None and self._tracking.find(named) is not None:
                self._front.bring(named, chosen=True)  # what it said and gave needs no canvas
        return False
