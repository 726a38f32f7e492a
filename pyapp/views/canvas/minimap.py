"""MinimapView: the whole flow, small, with the part that is seen and where the run in front is."""

from __future__ import annotations

from bisect import insort

from ...ports import Box, Element
from ..context import View, ViewContext
from ..parts import Told
from ..states import execution_status
from .canvas import CanvasView
from .placement import Placement
from .sheets import batched

FEWEST = 12
"""A flow of fewer nodes is seen whole; it needs no map."""
SHEET = 250
"""Nodes of a layer: where one of them changes, the browser paints those of its own layer alone."""


class Layer:
    """So many nodes of the map: the ground has all of them in a line, over it lies what the run in front tells of."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._marks: dict[int, Told] = {}
        """The place of a node in the flow → what marks it."""
        self._places: list[int] = []

    def mark(self, place: int) -> Told | None:
        return self._marks.get(place)

    def add(self, place: int, path: Element) -> Told:
        """In the order of the flow, whichever comes first."""
        insort(self._places, place)
        behind = self._places[self._places.index(place) + 1 :]
        if behind:
            self._marks[behind[0]].element.before(path)
        else:
            self.element.append(path)
        mark = self._marks[place] = Told(path, bare=True)
        return mark

    def remove(self, place: int) -> None:
        self._marks.pop(place).element.remove()
        self._places.remove(place)


class MinimapView(View):
    """Owns the map: its layers, and the frame round what is seen."""

    rank = 7

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._region = self.document.region("minimap")
        self._view = ""
        self._frame: Element | None = None
        """The part that is seen, on top; None without a map."""
        self._layers: dict[str, tuple[Layer, int]] = {}
        """Node → where it is marked, and its place in the flow. They come layer by layer: there may be thousands."""
        self._waiting: set[str] = set()
        """Nodes of the run in front that wait for a person: few ever do."""
        self.shows(self._draw_map)
        self._place = self.part(self._put, tuple)
        self._mark_again = self.draws_nodes(self._mark)
        self.draws_front(self.stores.groups, self._mark)
        self.follows_canvas()

    def _draw_map(self) -> None:
        placed = self._canvas.placed
        self._layers.clear()
        self._region.hidden = placed is None or len(placed.boxes) < FEWEST
        if placed is None or self._region.hidden:
            self._frame = None
            self._region.replaceChildren()
            return
        width, height = (f"{each:.0f}" for each in placed.size)
        self._view = f"0 0 {width} {height}"
        self._frame = self._svg(self.create("rect", id="minimap-frame", width=width, height=height))
        self._region.replaceChildren(self._frame)
        self._place(map(tuple, batched(enumerate(placed.boxes), SHEET)))

    def _svg(self, *drawn: Element) -> Element:
        """One of several that lie on each other, each as large as the map."""
        return self.create("svg", "", *drawn, viewBox=self._view, aria_hidden="true")

    def _put(self, nodes: tuple[tuple[int, str], ...]) -> None:
        """Some nodes of the flow that are seen: their layer, with its ground."""
        placed, frame, lines = self._canvas.placed, self._frame, dict[str, list[str]]()
        if frame is None or placed is None:
            return
        seen = [(at, each) for at, each in nodes if each in placed.boxes and placed.visible(each) == each]
        for _, node_id in seen:
            lines.setdefault(self._kind(node_id), []).append(_around(placed.absolute(node_id)))
        layer = Layer(self._svg(*(self.create("path", kind, d="".join(around)) for kind, around in lines.items())))
        frame.before(layer.element)
        self._layers |= {node_id: (layer, at) for at, node_id in seen}
        told = self.stores.mock.latest_of(self.front).keys() | self.stores.groups.of_run(self.front).keys()
        self._mark_again(node_id for _, node_id in seen if node_id in told)

    def _mark(self, node_id: str) -> None:
        """A group's own state counts: folded, it stands for all that is in it."""
        mock, placed = self.stores.mock.latest(self.front, node_id), self._canvas.placed
        waits = mock is not None and execution_status(mock) == "paused"
        (self._waiting.add if waits else self._waiting.discard)(node_id)
        if placed is not None:
            self._colour(placed.visible(node_id), placed)

    def _colour(self, node_id: str, placed: Placement) -> None:
        """How a node is; where one waits for a person, in a folded group too, the map says so, as the canvas does."""
        if node_id not in self._layers:
            return
        layer, at = self._layers[node_id]
        within = self._waiting if node_id in placed.folded else ()
        waits = node_id in self._waiting or any(placed.visible(each) == node_id for each in within)
        status, mark = "paused" if waits else self.context.node_status(self.front, node_id), layer.mark(at)
        if status is not None:
            if mark is None:
                kind = f"{self._kind(node_id)} minimap-mark"
                mark = layer.add(at, self.create("path", kind, d=_around(placed.absolute(node_id))))
            mark.note("data-status", status)
        elif mark is not None:
            layer.remove(at)

    def _kind(self, node_id: str) -> str:
        placed = self._canvas.placed
        if placed is None or not placed.graph.is_group(node_id):
            return "minimap-node"
        return "minimap-group minimap-folded" if node_id in placed.folded else "minimap-group"


def _around(box: Box) -> str:
    return f"M{box.x:.0f} {box.y:.0f}h{box.width:.0f}v{box.height:.0f}h-{box.width:.0f}z"
