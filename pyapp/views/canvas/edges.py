"""EdgesView: where the run in front came from: edges into nodes and groups that execute, or have run."""

from __future__ import annotations

from ...ports import Element
from ...stores.groups import GroupKey
from ...stores.mock import MockKey, MockNode
from ..context import View, ViewContext
from .canvas import CanvasView


class EdgesView(View):
    """Marks edges with data-flow = active or passed; an edge whose source has not run is left alone."""

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._marked: dict[int, Element] = {}
        self._ran: set[str] = set()
        """Nodes that began, and the groups round them."""
        self.owns(self.stores.mock.listen(self._changed))
        self.owns(self.stores.groups.listen(self._groups_changed))
        self.owns(self.stores.front.listen(lambda _: self._redraw()))
        self.owns(self.stores.canvas.subscribe(lambda _: self._redraw()))

    def _redraw(self) -> None:
        for path in self._marked.values():
            path.removeAttribute("data-flow")
        self._marked.clear()
        self._ran.clear()
        mocks = self.stores.mock.of_run(self.stores.front.get()).values()
        for mock in sorted(mocks, key=lambda mock: mock.order):
            self._mark(mock)

    def _changed(self, keys: set[MockKey]) -> None:
        front = self.stores.front.get()
        mocks = [mock for key in keys if key[0] == front and (mock := self.stores.mock.get(key)) is not None]
        for mock in sorted(mocks, key=lambda mock: mock.order):
            self._mark(mock)

    def _groups_changed(self, keys: set[GroupKey]) -> None:
        front = self.stores.front.get()
        for run_id, group_id in keys:
            if run_id == front:
                self._mark_group(group_id)

    def _mark(self, mock: MockNode) -> None:
        graph = self.stores.graph.get()
        around = list(graph.ancestors(mock.node_id)) if graph is not None else []
        self._ran.update((mock.node_id, *around))
        self._mark_into(mock.node_id, "passed" if mock.ended else "active")
        for group_id in around:
            self._mark_group(group_id)

    def _mark_group(self, group_id: str) -> None:
        """Edges that end at the group itself, where something in it has begun."""
        state = self.stores.groups.get((self.stores.front.get() or "", group_id))
        if group_id in self._ran and state is not None and state.status is not None:
            self._mark_into(group_id, "active" if state.status == "executing" else "passed")

    def _mark_into(self, node_id: str, flow: str) -> None:
        for source, path in self._canvas.edges_into(node_id):
            if source in self._ran:
                path.setAttribute("data-flow", flow)
                self._marked[id(path)] = path
