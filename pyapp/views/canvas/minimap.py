"""MinimapView: the whole flow, small, with the part that is seen and where the run in front is."""

from __future__ import annotations

from ...ports import Element
from ..context import View, ViewContext
from ..parts import Told
from .canvas import CanvasView

FEWEST = 12
"""A flow of fewer nodes is seen whole; it needs no map."""
SHEET = 250
"""Nodes of a layer: where one of them changes, the browser paints those of its own layer alone."""


class MinimapView(View):
    rank = 7

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._region = self.document.region("minimap")
        self._view = ""
        self._frame: Element | None = None
        """The part that is seen, on top; None without a map."""
        self._sheet: Element | None = None
        """What holds the next nodes: they come a few at a time, as a flow may have thousands."""
        self._marks: dict[str, Told] = {}
        self.shows(self._draw_map)
        self._place = self.part(self._put, tuple)
        self.draws_nodes(self._mark)
        self.draws_front(self.stores.groups, self._mark)
        self.follows_canvas()

    def _draw_map(self) -> None:
        placed = self._canvas.placed
        self._marks.clear()
        self._region.hidden = placed is None or len(placed.boxes) < FEWEST
        if placed is None or self._region.hidden:
            self._frame = None
            self._region.replaceChildren()
            return
        width, height = (f"{each:.0f}" for each in placed.size)
        self._view = f"0 0 {width} {height}"
        self._frame = self._layer(self.create("rect", id="minimap-frame", width=width, height=height))
        self._region.replaceChildren(self._frame)
        self._place(placed.boxes)

    def _layer(self, *drawn: Element) -> Element:
        """One of several that lie on each other, each as large as the map."""
        return self.create("svg", "", *drawn, viewBox=self._view, aria_hidden="true")

    def _put(self, node_id: str) -> None:
        """A node of the flow that is seen, and how it is."""
        placed, frame = self._canvas.placed, self._frame
        if frame is None or placed is None or node_id not in placed.boxes or placed.visible(node_id) != node_id:
            return
        if self._sheet is None or not len(self._marks) % SHEET:
            self._sheet = self._layer()
            frame.before(self._sheet)
        folded = " minimap-folded" if node_id in placed.folded else ""
        kind = f"minimap-group{folded}" if placed.graph.is_group(node_id) else "minimap-node"
        box = placed.absolute(node_id)
        place = {name: f"{getattr(box, name):.0f}" for name in ("x", "y", "width", "height")}
        mark = self._marks[node_id] = Told(self.create("rect", kind, rx="12", **place), bare=True)
        self._sheet.append(mark.element)
        self._mark(node_id)

    def _mark(self, node_id: str) -> None:
        """A group's own state counts: folded, it stands for all that is in it."""
        mark = self._marks.get(node_id)
        if mark is not None:
            mark.note("data-status", self.context.node_status(self.front, node_id))
