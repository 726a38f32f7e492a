"""EdgesView: where the run in front came from: edges into nodes and groups that execute, or have run."""

from __future__ import annotations

from ..context import View, ViewContext
from .canvas import CanvasView

FLOWS = {"executing": "active", "error": "failed"}
"""What an edge is by the state of its target; passed for all others."""


class EdgesView(View):
    """Marks edges with data-flow = active, passed or failed, by what their target does.

    An edge counts only if something of its source began before its target did last: else the run did not come by it.
    """

    rank = 6

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._spans: dict[str, tuple[int, int]] = {}
        """Node or group → the first and the last order in it."""
        self.draws_nodes(self._draw)
        self.draws_front(self.stores.groups, self._mark)
        self.follows_canvas()

    def clear(self) -> None:
        for node_id in self._spans:
            for _, _, path in self._canvas.edges_of(node_id):
                path.note("data-flow", None)
        self._spans.clear()

    def _draw(self, node_id: str) -> None:
        known = self.stores.mock.of_node(self.front, node_id)
        if not known:
            if node_id in self._spans:
                self.redraw()  # fewer than there were: what it meant to the groups round it is not known
            return
        graph, orders = self.stores.graph.get(), sorted([mock.order for mock in known.values()])
        for each in (node_id, *(graph.ancestors(node_id) if graph is not None else ())):
            first, last = self._spans.get(each, (orders[0], orders[-1]))
            self._spans[each] = min(first, orders[0]), max(last, orders[-1])
            self._mark(each)

    def _mark(self, node_id: str) -> None:
        """Every edge that begins or ends at a node or group."""
        for source, target, path in self._canvas.edges_of(node_id):
            began, ended = self._spans.get(source), self._spans.get(target)
            flow = self._flow(target) if began is not None and ended is not None and began[0] < ended[1] else None
            path.note("data-flow", flow)

    def _flow(self, node_id: str) -> str | None:
        """What an edge into a node or group is, by its state."""
        status = self.context.node_status(self.front, node_id)
        return None if status is None else FLOWS.get(status, "passed")
