"""EdgesView: where the run in front came from: edges into nodes and groups that execute, or have run."""

from __future__ import annotations

from ..context import View, ViewContext
from ..parts import Told
from .canvas import CanvasView

FLOWS = {"executing": "active", "error": "failed"}
"""What an edge is by the state of its target; passed for all others."""


class EdgesView(View):
    """Marks edges with data-flow = active, passed or failed, by what their target does.

    An edge counts only if something of its source began before its target did last: else the run did not come by it.
    """

    rank = 6
    wipes = True

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._spans: dict[str, tuple[int, int]] = {}
        """Node or group → the first and the last order in it."""
        self._marked: dict[Told, None] = {}
        self._states = context.nodes
        self.draws_nodes(self._draw)
        self.draws_front(self.stores.groups, self._mark)
        self.follows_canvas()

    def clear(self) -> None:
        for path in self._marked:
            path.note("data-flow", None)
        self._marked.clear()
        self._spans.clear()

    def _draw(self, node_id: str) -> None:
        mocks, latest, *_ = self._states[node_id]
        if latest is None:
            if node_id in self._spans:
                self.redraw()  # fewer than there were: what it meant to the groups round it is not known
            return
        last = latest.order
        first = min([mock.order for mock in mocks.values()]) if len(mocks) > 1 else last
        graph = self.stores.graph.get()
        for each in (node_id, *(graph.ancestors(node_id) if graph is not None else ())):
            before = self._spans.get(each)
            began, ended = before or (first, last)
            span = self._spans[each] = first if first < began else began, last if last > ended else ended
            if each == node_id or span != before:
                self._mark(each)

    def _mark(self, node_id: str) -> None:
        """Every edge that begins or ends at a node or group."""
        spans = self._spans
        for source, target, path in self._canvas.edges_of(node_id):
            flow = None
            if source in spans and target in spans and spans[source][0] < spans[target][1]:
                status = self._states[target].status
                flow = None if status is None else FLOWS.get(status, "passed")
                self._marked[path] = None
            path.note("data-flow", flow)
