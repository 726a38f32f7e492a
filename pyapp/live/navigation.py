"""Navigation: where a person wants to be, by a link, a choice, or the way back; and where the page is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..contract.flow import FlowGraph
from ..contract.location import Location, Look, Looked, ViewName, Visit
from ..ports import Off
from ..run.tracking import ExecutionTracking
from .front import Front
from .shared import Shared
from .sync import Sync

MISSING_NODE = "missing node"
"""The notice that says that a link names a node that is not there."""


class Navigation:
    """Owns the goal: what was asked for and is not on the screen yet. It alone writes `stores.visit`.

    Until the goal is reached it is where the page is said to be, so that a reload on the way leads there, too; behind
    that what is said follows the screen. Only a choice of a run or a flow makes a new place to come back to.
    """

    def __init__(self, shared: Shared, tracking: ExecutionTracking, front: Front, sync: Sync) -> None:
        self._shared = shared
        self._stores = stores = shared.stores
        self._tracking = tracking
        self._front = front
        self._sync = sync
        self._goal: Location | None = None
        self._flow: str | None = None
        """The flow that was on the canvas last."""
        self._choices = 0
        self._wishes = 0
        self._moving = False
        self._waiting: list[Off] = []
        """Listens to what a goal may wait for: what changes with each event is listened to only as long."""
        for store in (stores.front, stores.selected, stores.view, stores.looked):
            store.listen(self._follow)
        stores.graph.listen(self._graph_changed)

    def wish(self) -> int:
        """A person wants to see something, once it is there: the number by which `newest` tells whether that holds."""
        self._wishes += 1
        return self._wishes

    def newest(self, wish: int) -> bool:
        """Whether nobody wanted to see anything else since."""
        return wish == self._wishes

    # -- ways there -----------------------------------------------------------------------------------
    def aim(self, location: Location) -> None:
        """The page is to be there, though nothing is asked for yet."""
        with self._towards(location):
            self._see(location)

    def open(self, location: Location) -> None:
        """The page was opened with this in its address."""
        with self._towards(location):
            self._see(location)
            if location.run is not None:
                self.adopt(location.run)
            self._sync.flows.open(location.flow, location.run)

    def choose_flow(self, flow_id: str) -> None:
        """Put another flow on the canvas; no run is in front until one is shown."""
        if flow_id != self._front.flow_id:
            with self._towards(Location(flow_id), choice=True):
                self._sync.flows.choose(flow_id)

    def show_run(self, run_id: str) -> None:
        """Bring a run to the front, its flow along with it; the newest choice wins."""
        flow_id = self._flow_of(run_id)
        goal = Location(flow_id or self._front.flow_id, run_id, self._listed(flow_id))
        with self._towards(goal, choice=run_id != self._stores.front.get()):
            self._show(run_id, flow_id)

    def adopt(self, run_id: str) -> None:
        """Bring a run to the front that a person named, whether or not it was heard of."""
        self.wish()
        run = self._tracking.run(run_id)
        self._front.seen(run)
        self._front.bring(run_id, chosen=True)
        self._sync.look(run)
        self._sync.runs.alive(run)

    def seek_node(self, node_id: str | None) -> None:
        """A node that is named, there or not: it is chosen as soon as what it is in is on the screen."""
        with self._towards(replace(self._stores.visit.get().location, node=node_id), wish=False):
            self._stores.selected.set(None)

    def show_view(self, view: ViewName) -> None:
        """Show the run in another way."""
        self._stores.view.set(view)

    def look(self, looked: Looked) -> None:
        """Look at the timeline in another way."""
        self._stores.looked.set(looked)

    def go(self, location: Location) -> None:
        """Back, or forward: the page is to be as it was. Makes no place of its own."""
        if location == self._stores.visit.get().location:
            return
        with self._towards(location):
            self._see(location)
            self._stores.selected.set(None)
            if location.run is not None:
                run = self._tracking.run(location.run)
                self._front.seen(run)
                self._show(location.run, self._flow_of(location.run) or location.flow)
                self._sync.runs.alive(run)
            elif location.flow not in (None, self._front.flow_id):
                self._sync.flows.choose(location.flow or "")
            else:
                self._front.bring(None)

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._reached()
        self._follow()

    # -- inside ---------------------------------------------------------------------------------------
    def _see(self, location: Location) -> None:
        """The tab that is wanted; an address of another tab than the timeline says nothing of how that is looked at."""
        self._stores.view.set(location.view)
        if location.view == "timeline":
            self._stores.looked.set(Looked(location.run, location.look))

    def _said(self, location: Location) -> Location:
        """With the tab that is in front, and how it is looked at; of another run than before all is seen."""
        view, looked = self._stores.view.get(), self._stores.looked.get()
        if location.run not in (None, looked.run_id):
            looked = Looked(location.run, replace(looked.look, span=None))
            self._stores.looked.set(looked)
        here = looked.look if location.run is not None else replace(looked.look, span=None)
        return replace(location, view=view, look=here if view == "timeline" else Look())

    def _show(self, run_id: str, flow_id: str | None) -> None:
        if flow_id is not None and flow_id != self._front.flow_id and self._sync.flows.available:
            self._sync.flows.choose(flow_id, run_id)
        else:
            self._sync.flows.chosen(run_id)
        self._sync.look(self._tracking.run(run_id))

    def _flow_of(self, run_id: str) -> str | None:
        row = self._stores.runs.get(run_id)
        return row.flow_id if row is not None else None

    @contextmanager
    def _towards(self, location: Location, *, choice: bool = False, wish: bool = True) -> Iterator[None]:
        """On the way there what is on the screen says nothing of where a person wants to be.

        Without `wish` a run that was started meanwhile still comes to the front.
        """
        self._reached()
        if wish:
            self.wish()
        self._goal, self._moving = location, True
        self._choices += choice
        self._waiting = [self._stores.runs.listen(self._follow), self._stores.mock.listen(self._follow)]
        try:
            yield
        finally:
            self._moving = False
            self._follow()

    def _reached(self) -> None:
        self._goal = None
        for off in self._waiting:
            off()
        self._waiting = []
        self._stores.notices.delete(MISSING_NODE)

    def _graph_changed(self, graph: FlowGraph | None) -> None:
        """A node that was chosen on another flow is none of this one's, though one may have the same id."""
        before, self._flow = self._flow, graph.flow.id if graph is not None else None
        left = before not in (None, self._flow)
        if left or (graph is not None and self._selected() is None):
            self._stores.selected.set(None)
        self._follow()

    def _follow(self, _: object = None) -> None:
        """Something of what is on the screen changed: the goal may be reached, or given up for something else."""
        if self._moving:
            return
        self._moving = True
        try:
            self._check(self._stores.front.get())
            location = self._goal or Location(self._front.flow_id, self._stores.front.get(), self._selected())
            self._stores.visit.set(Visit(self._said(location), self._choices))
        finally:
            self._moving = False

    def _check(self, front: str | None) -> None:
        goal, graph = self._goal, self._stores.graph.get()
        if goal is None:
            return
        here = graph.flow.id if graph is not None else goal.flow
        if graph and (goal.flow not in (None, here) or (goal.run is not None and front not in (None, goal.run))):
            self._reached()  # a person started or chose something else meanwhile
        elif here is not None and goal.run is not None and self._flow_of(goal.run) not in (None, here):
            self._goal = replace(goal, flow=self._flow_of(goal.run))  # the address named another flow, there or not
            self._show(goal.run, self._goal.flow)
        elif graph and (goal.run is None or (front is not None and self._known(front))):
            self._choose(goal, graph)

    def _choose(self, goal: Location, graph: FlowGraph) -> None:
        """Flow and run are there: the node is chosen, unless a person chose one meanwhile."""
        if goal.node is None or self._stores.selected.get() is not None:
            self._reached()
        elif graph.node(goal.node) is not None or self._ran(goal.node):
            self._stores.selected.set(goal.node)
            self._reached()
        elif MISSING_NODE not in self._stores.notices and self._told(goal.run):
            self._stores.notices.say(MISSING_NODE, self._shared.words("missing.node", node=goal.node))

    def _known(self, run_id: str) -> bool:
        """An event of it came, or the server told of it; until then its flow may be any."""
        return self._flow_of(run_id) is not None or self._told(run_id)

    def _told(self, run_id: str | None) -> bool:
        """Its events came; until then its nodes may be any. Where there is no run there are those of the flow."""
        row = self._stores.runs.get(run_id or "")
        return run_id is None or (row is not None and row.seen)

    def _selected(self) -> str | None:
        """The node that is chosen, if it is one of what is on the screen."""
        node_id, graph = self._stores.selected.get(), self._stores.graph.get()
        here = node_id is not None and ((graph is not None and graph.node(node_id) is not None) or self._ran(node_id))
        return node_id if here else None

    def _listed(self, flow_id: str | None) -> str | None:
        """The node that is chosen, if the flow lists it: then any run of it has a place for it."""
        node_id, graph = self._stores.selected.get(), self._stores.graph.get()
        if node_id is None or graph is None or graph.node(node_id) is None:
            return None
        return node_id if flow_id in (None, graph.flow.id) else None

    def _ran(self, node_id: str) -> bool:
        return self._stores.mock.latest(self._stores.front.get(), node_id) is not None
