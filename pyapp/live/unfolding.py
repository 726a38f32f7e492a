"""Unfolding: the canvas of a flow whose backend knows no graph follows what runs; what it learnt, it keeps."""

from __future__ import annotations

from ..contract.flow import Flow, FlowGraph
from ..run.bounded import BoundedDict
from ..run.tracking import ExecutionTracking
from ..run.unfolding import MAX_NODES, Found, found_in, last_began, unfolded
from ..stores.rows import RunKey, node_of
from .shared import Shared

LEARNT_FROM = 3
"""Runs of a flow whose nodes are on the canvas when the next one begins; one that none of them had is gone by then."""
SMOOTH = 200
"""Executions up to which the order is read anew with each; beyond, whenever there is an eighth more."""
MAX_FLOWS = 50


class Unfolding:
    """Owns what runs have shown of the flows that unfold. Only the canvas follows: records know what events said."""

    def __init__(self, shared: Shared, tracking: ExecutionTracking) -> None:
        self._stores = shared.stores
        self._tracking = tracking
        self._learnt: BoundedDict[str, dict[str, Found]] = BoundedDict(MAX_FLOWS)
        """By flow and run, the latest last."""
        self._base: Flow | None = None
        """The flow on the canvas as its backend gave it."""
        self._shown: FlowGraph | None = None
        """What was made of it."""
        self._read = 0
        """How many executions of the run in front were there when its order was read last."""
        self._last_began = -1
        """The number of the event with which the last of them began."""
        self._stores.graph.listen(self._graph_changed)
        self._stores.front.listen(self._front_changed)
        self._stores.mock.listen(self._ran)

    # -- what happens -------------------------------------------------------------------------------
    def _graph_changed(self, graph: FlowGraph | None) -> None:
        """Another flow is on the canvas, or its backend gave it anew."""
        if graph is self._shown:
            return
        self._base = graph.flow if graph is not None and graph.flow.unfolds else None
        self._shown = None
        self._front_changed(self._stores.front.get())

    def _front_changed(self, _: str | None) -> None:
        self._read = 0
        if self._base is not None:
            self._look()

    def _ran(self, keys: dict[RunKey, None]) -> None:
        if self._base is None or self._shown is None:
            return
        front, shown = self._stores.front.get(), self._shown
        mocks = [mock for run_id, mock in keys if run_id == front]
        ran = len(self._stores.mock.of_run(front))
        often = ran > self._read and (ran <= SMOOTH or ran >= self._read + self._read // 8)
        if mocks and (often or any(self._is_news(shown, mock) for mock in mocks)):
            self._look()

    def _is_news(self, shown: FlowGraph, mock_id: str) -> bool:
        """Its node is not on the canvas, its name was learnt since, or its end came late: behind what followed it."""
        front, node_id = self._stores.front.get(), node_of(mock_id)
        run, node, mock = self._tracking.find(front), shown.node(node_id), self._stores.mock.get((front or "", mock_id))
        record = run.record.nodes.get(node_id) if run is not None else None
        if node is None or record is None or mock is None:
            return node is None and len(shown.nodes) < MAX_NODES
        execution = record.executions.get(mock.order)
        if execution is None:
            return False
        return 0 <= execution.ended_mark < self._last_began or (not node.label and execution.node_name is not None)

    # -- what is shown ------------------------------------------------------------------------------
    def _look(self) -> None:
        """Bring the canvas in line with the run in front and what was learnt before."""
        base, front = self._base, self._stores.front.get()
        run = self._tracking.find(front)
        if base is None:
            return
        learnt = self._learnt.setdefault(base.id, {})
        if front is not None and run is not None and run.record.nodes and run.flow_id in (None, base.id):
            self._read = len(self._stores.mock.of_run(front))
            learnt[front] = found_in(run.record)
            self._last_began = last_began(run.record)
        for old in [each for each in learnt if each != front][:-LEARNT_FROM]:
            del learnt[old]
        self._show(unfolded(base, learnt.values(), learnt.get(front or "")))

    def _show(self, flow: Flow) -> None:
        before = self._stores.graph.get()
        if before is None or flow != before.flow:
            self._shown = FlowGraph(flow)
            self._stores.graph.set(self._shown)
        else:
            self._shown = before
