"""A canvas with every view on it, and how a test reads them."""

from __future__ import annotations

from typing import Any

from pyapp.stores.rows import RunRow
from pyapp.views.canvas.canvas import CanvasView
from pyapp.views.canvas.canvas_bar import CanvasBarView
from pyapp.views.canvas.edges import EdgesView
from pyapp.views.canvas.minimap import MinimapView
from pyapp.views.canvas.node_feet import NodeFeetView
from pyapp.views.runs.run_head import RunHeadView
from tests.views.support import Gallery

GROUPED: dict[str, Any] = {
    "nodes": [{"id": "g"}, {"id": "a", "parent": "g"}, {"id": "b", "parent": "g"}, {"id": "z"}],
    "edges": [{"source": "a", "target": "b"}, {"source": "g", "target": "z"}, {"source": "b", "target": "z"}],
}


class Stage(Gallery):
    """A canvas with every view on it."""

    def __init__(self, **flow: Any) -> None:
        super().__init__()
        self.canvas = CanvasView(self.context)
        self.views = [view(self.context, self.canvas) for view in (EdgesView, CanvasBarView, MinimapView)]
        self.feet, self.head = NodeFeetView(self.context), RunHeadView(self.context)
        self.flow(**flow)
        self.stores.runs.set("r", RunRow("r", "executing"))
        self.stores.front.set("r")

    def mock(self, *arguments: Any, **more: Any) -> None:
        super().mock(*arguments, **more)
        self.paint()

    def foot(self, node: str) -> str:
        part = self.document.part(node, "node-foot")
        assert part is not None
        return part.textContent

    def flows(self) -> list[str | None]:
        return [edge.getAttribute("data-flow") for edge in self.region("canvas").find_all(".edge")]

    def state(self) -> tuple[str | None, str]:
        found = self.region("canvas-bar").find(".canvas-state")
        return found.getAttribute("data-state"), found.textContent
