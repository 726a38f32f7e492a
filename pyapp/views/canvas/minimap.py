"""MinimapView: the whole flow, small, with the part that is seen and where the run in front is."""

from __future__ import annotations

from ...contract.flow import FlowGraph
from ...ports import Element
from ...stores.groups import GroupKey
from ...stores.mock import MockKey, MockNode
from ..context import View, ViewContext
from .canvas import CanvasView
from .placement import absolute, visible

FEWEST = 12
"""A flow of fewer nodes is seen whole; it needs no map."""


class MinimapView(View):
    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._region = self.document.region("minimap")
        self._marks: dict[str, Element] = {}
        self.owns(self.stores.canvas.subscribe(lambda _: self._draw(self.stores.graph.get())))
        self.owns(self.stores.mock.listen(self._changed))
        self.owns(self.stores.groups.listen(self._groups_changed))
        self.owns(self.stores.front.listen(lambda _: self._recolour()))

    def _draw(self, graph: FlowGraph | None) -> None:
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
        self._recolour()

    def _recolour(self) -> None:
        for mark in self._marks.values():
            mark.removeAttribute("data-status")
        for mock in self.stores.mock.of_run(self.stores.front.get()).values():
            self._mark(mock)
        self._groups_changed({key for key, _ in self.stores.groups.items()})

    def _groups_changed(self, keys: set[GroupKey]) -> None:
        """A group's own state: folded, it stands for all that is in it."""
        front = self.stores.front.get()
        for run_id, group_id in keys:
            state, mark = self.stores.groups.get((run_id, group_id)), self._marks.get(group_id)
            if run_id == front and mark is not None and state is not None and state.status is not None:
                mark.setAttribute("data-status", state.status)

    def _changed(self, keys: set[MockKey]) -> None:
        front = self.stores.front.get()
        for key in keys:
            mock = self.stores.mock.get(key)
            if mock is not None and mock.run_id == front:
                self._mark(mock)

    def _mark(self, mock: MockNode) -> None:
        mark = self._marks.get(mock.node_id)
        if mark is not None and self.stores.groups.get((mock.run_id, mock.node_id)) is None:
            mark.setAttribute("data-status", mock.status)


def _class_of(group: bool, folded: bool) -> str:
    if group:
        return "minimap-group minimap-folded" if folded else "minimap-group"
    return "minimap-node"
