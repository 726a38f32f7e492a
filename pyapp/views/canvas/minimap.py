"""MinimapView: the whole flow, small, with the part that is seen and where the run in front is."""

from __future__ import annotations

from ...ports import Element
from ..context import View, ViewContext
from .canvas import CanvasView
from .placement import absolute, visible

FEWEST = 12
"""A flow of fewer nodes is seen whole; it needs no map."""


class MinimapView(View):
    rank = 7

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._region = self.document.region("minimap")
        self._marks: dict[str, Element] = {}
        self.shows(self._draw_map)
        self.draws_nodes(self._mark)
        self.draws_front(self.stores.groups, self._mark)
        self.owns(self.stores.canvas.listen(lambda _: self.redraw()))

    def _draw_map(self) -> None:
        graph = self.stores.graph.get()
        self._marks.clear()
        self._region.hidden = graph is None or len(graph.nodes) < FEWEST
        if graph is None or self._region.hidden:
            self._region.replaceChildren()
            return
        width, height = self._canvas.size
        create = self.document.create_svg
        svg = create("svg", viewBox=f"0 0 {width:.0f} {height:.0f}", aria_hidden="true")
        folded = self.stores.folded.get()
        for node_id in self._canvas.boxes:
            if visible(graph, node_id, folded) != node_id:
                continue
            box = absolute(graph, self._canvas.boxes, node_id)
            mark = create(
                "rect",
                class_=_class_of(graph.is_group(node_id), node_id in folded),
                x=f"{box.x:.0f}",
                y=f"{box.y:.0f}",
                width=f"{box.width:.0f}",
                height=f"{box.height:.0f}",
                rx="12",
            )
            self._marks[node_id] = mark
            svg.append(mark)
        svg.append(create("rect", id="minimap-frame", width=f"{width:.0f}", height=f"{height:.0f}"))
        self._region.replaceChildren(svg)

    def _mark(self, node_id: str) -> None:
        """A group's own state counts: folded, it stands for all that is in it."""
        mark = self._marks.get(node_id)
        if mark is None:
            return
        status = self.context.node_status(self.front, node_id)
        if status is None:
            mark.removeAttribute("data-status")
        else:
            mark.setAttribute("data-status", status)


def _class_of(group: bool, folded: bool) -> str:
    if group:
        return "minimap-group minimap-folded" if folded else "minimap-group"
    return "minimap-node"
