"""MinimapView: the whole flow, small, with the part that is seen and where the run in front is."""

from __future__ import annotations

from ...ports import Box, Element
from ..context import View, ViewContext
from ..keyed import Keyed
from ..parts import Told
from ..states import execution_status
from .canvas import CanvasView
from .placement import Placement
from .sheets import batched

FEWEST = 12
"""A flow of fewer nodes is seen whole; it needs no map."""
SHEET = 250
"""Nodes of a layer: where one of them changes, the browser paints those of its own layer alone."""


Mark = tuple[int, str, str]
"""Of a node that the run in front tells of: its place in the flow, its line, how it is."""
Layer = Keyed[str, Mark, Told]
"""So many nodes of the map: the ground has all of them in a line, over it lies what is marked."""


class MinimapView(View):
    """Owns the map: its layers, and the frame round what is seen."""

    rank = 7
    wipes = True

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._region = self.document.region("minimap")
        self._view = ""
        self._frame: Element | None = None
        """The part that is seen, on top; None without a map."""
        self._places: dict[str, tuple[Layer, int, str]] = {}
        """Node → where it is marked, its place in the flow, its line. Layer by layer: there may be thousands."""
        self._states = context.nodes
        self._waiting: set[str] = set()
        """Nodes of the run in front that wait for a person: few ever do."""
        self.shows(self._draw_map)
        self._place = self.part(self._put, tuple)
        self._mark_again = self.draws_nodes(self._mark)
        self.draws_front(self.stores.groups, self._mark)
        self.follows_canvas()

    def clear(self) -> None:
        for layer in {layer for layer, *_ in self._places.values() if len(layer)}:
            layer.clear()
        self._waiting.clear()

    def _draw_map(self) -> None:
        placed = self._canvas.placed
        self._places.clear()
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
        seen = {
            each: (at, _around(placed.absolute(each)))
            for at, each in nodes
            if each in placed.boxes and placed.visible(each) == each
        }
        for node_id, (_, around) in seen.items():
            lines.setdefault(self._kind(node_id), []).append(around)
        ground = tuple(self.create("path", kind, d="".join(around)) for kind, around in lines.items())
        layer = Layer(
            self._svg(*ground),
            lambda each, mark: Told(self.create("path", f"{self._kind(each)} minimap-mark", d=mark[1]), bare=True),
            lambda path, mark: path.note("data-status", mark[2]),
            order=lambda mark: mark[0],
            beside=ground,
        )
        frame.before(layer.region)
        self._places |= {node_id: (layer, *place) for node_id, place in seen.items()}
        told = self.stores.mock.latest_of(self.front).keys() | self.stores.groups.of_run(self.front).keys()
        self._mark_again(node_id for node_id in seen if node_id in told)

    def _mark(self, node_id: str) -> None:
        """A group's own state counts: folded, it stands for all that is in it."""
        placed, latest = self._canvas.placed, self._states[node_id].latest
        if latest is not None and execution_status(latest) == "paused":
            self._waiting.add(node_id)
        elif node_id in self._waiting:
            self._waiting.remove(node_id)
        if placed is not None:
            self._colour(placed.visible(node_id) if placed.folded else node_id, placed)

    def _colour(self, node_id: str, placed: Placement) -> None:
        """How a node is; where one waits for a person, in a folded group too, the map says so, as the canvas does."""
        if node_id not in self._places:
            return
        layer, at, around = self._places[node_id]
        waits = node_id in self._waiting
        if not waits and node_id in placed.folded:
            waits = any(placed.visible(each) == node_id for each in self._waiting)
        status = "paused" if waits else self._states[node_id].status
        layer.draw(node_id, None if status is None else (at, around, status))

    def _kind(self, node_id: str) -> str:
        placed = self._canvas.placed
        if placed is None or not placed.graph.is_group(node_id):
            return "minimap-node"
        return "minimap-group minimap-folded" if node_id in placed.folded else "minimap-group"


def _around(box: Box) -> str:
    return f"M{box.x:.0f} {box.y:.0f}h{box.width:.0f}v{box.height:.0f}h-{box.width:.0f}z"
