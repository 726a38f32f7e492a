"""EdgesView: where the run in front came from: edges into nodes that execute, and into nodes that have run."""

from __future__ import annotations

from ..ports import Element
from ..stores.mock import MockKey, MockNode
from .canvas import CanvasView
from .context import View, ViewContext


class EdgesView(View):
    """Marks edges with data-flow = active or passed; an edge whose source has not run is left alone."""

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._marked: dict[int, Element] = {}
        self._ran: set[str] = set()
        self.owns(self.stores.mock.listen(self._changed))
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

    def _mark(self, mock: MockNode) -> None:
        self._ran.add(mock.node_id)
        for source, path in self._canvas.edges_into(mock.node_id):
            if source in self._ran or self._inside_ran(source):
                path.setAttribute("data-flow", "passed" if mock.ended else "active")
                self._marked[id(path)] = path

    def _inside_ran(self, node_id: str) -> bool:
        """Whether a group ran, in that something in it did."""
        graph = self.stores.graph.get()
        return graph is not None and any(child in self._ran for child in graph.children(node_id))
