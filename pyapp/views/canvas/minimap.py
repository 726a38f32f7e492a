"""MinimapView: the whole flow, small, with the part that is seen and where the run in front is."""

from __future__ import annotations

from ...ports import Box, Element
from ..context import View, ViewContext
from ..parts import Told
from .canvas import CanvasView
from .sheets import batched

FEWEST = 12
"""A flow of fewer nodes is seen whole; it needs no map."""
SHEET = 250
"""Nodes of a layer: where one of them changes, the browser paints those of its own layer alone."""


class MinimapView(View):
    """Owns the map. Its ground has all nodes in a few lines; what the run in front tells of lies over it, node by node."""

    rank = 7

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._region = self.document.region("minimap")
        self._view = ""
        self._frame: Element | None = None
        """The part that is seen, on top; None without a map."""
        self._ground: Element | None = None
        """What the marks lie over."""
        self._sheet: Element | None = None
        """What holds the next marks."""
        self._marks: dict[str, Told] = {}
        self.shows(self._draw_map)
        self._place = self.part(self._put, tuple)
        self.draws_nodes(self._mark)
        self.draws_front(self.stores.groups, self._mark)
        self.follows_canvas()

    def _draw_map(self) -> None:
        placed = self._canvas.placed
        self._marks.clear()
        self._sheet = None
        self._region.hidden = placed is None or len(placed.boxes) < FEWEST
        if placed is None or self._region.hidden:
            self._frame = None
            self._region.replaceChildren()
            return
        width, height = (f"{each:.0f}" for each in placed.size)
        self._view = f"0 0 {width} {height}"
        self._ground = self._layer()
        self._frame = self._layer(self.create("rect", id="minimap-frame", width=width, height=height))
        self._region.replaceChildren(self._ground, self._frame)
        self._place(map(tuple, batched(placed.boxes, SHEET)))

    def _layer(self, *drawn: Element) -> Element:
        """One of several that lie on each other, each as large as the map."""
        return self.create("svg", "", *drawn, viewBox=self._view, aria_hidden="true")

    def _put(self, node_ids: tuple[str, ...]) -> None:
        """Some nodes of the flow that are seen, as the ground."""
        placed, lines = self._canvas.placed, dict[str, list[str]]()
        if self._ground is None or placed is None:
            return
        for node_id in node_ids:
            if node_id in placed.boxes and placed.visible(node_id) == node_id:
                lines.setdefault(self._kind(node_id), []).append(_around(placed.absolute(node_id)))
        self._ground.append(*(self.create("path", kind, d="".join(around)) for kind, around in lines.items()))

    def _mark(self, node_id: str) -> None:
        """A group's own state counts: folded, it stands for all that is in it."""
        status, mark = self.context.node_status(self.front, node_id), self._marks.get(node_id)
        if mark is None and status is not None:
            mark = self._over(node_id)
        if mark is not None:
            mark.note("data-status", status)

    def _over(self, node_id: str) -> Told | None:
        """What marks a node that is seen on the map."""
        placed, frame = self._canvas.placed, self._frame
        if frame is None or placed is None or node_id not in placed.boxes or placed.visible(node_id) != node_id:
            return None
        if self._sheet is None or not len(self._marks) % SHEET:
            self._sheet = self._layer()
            frame.before(self._sheet)
        path = self.create("path", f"{self._kind(node_id)} minimap-mark", d=_around(placed.absolute(node_id)))
        mark = self._marks[node_id] = Told(path, bare=True)
        self._sheet.append(path)
        return mark

    def _kind(self, node_id: str) -> str:
        placed = self._canvas.placed
        if placed is None or not placed.graph.is_group(node_id):
            return "minimap-node"
        return "minimap-group minimap-folded" if node_id in placed.folded else "minimap-group"


def _around(box: Box) -> str:
    return f"M{box.x:.0f} {box.y:.0f}h{box.width:.0f}v{box.height:.0f}h-{box.width:.0f}z"
