"""Lines: the edges of a flow on the canvas, and which of them begin or end at a node. Knows no state of a run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ...contract.flow import FlowEdge
from ...ports import Element
from ..parts import Parts, Told
from .curves import curve, runs_down
from .loops import ways_back
from .placement import Placement
from .sheets import SHEET, batched

BACK = {"data_way": "back"}
"""What an edge bears that goes back to where the flow came from."""
Line = tuple[str, str, Told]
"""Where from, where to, and the element."""


class Lines:
    """Owns the elements of the edges. They come piece by piece, as a flow may have thousands."""

    def __init__(self, parts: Parts) -> None:
        self._create = parts.create
        self._of: dict[str, list[Line]] = {}
        self._coming: Iterator[Element] | None = None
        self._size: dict[str, str] = {}
        self.element: Element | None = None
        """What holds them; None where no flow is drawn."""

    def of(self, node_id: str) -> list[Line]:
        """The edges that begin or end at a node."""
        return self._of.get(node_id, [])

    def forget(self) -> None:
        """Another flow is to be drawn, or none."""
        self._of.clear()
        self.element = self._coming = None

    def begin(self, placed: Placement) -> Element:
        """A new element for the edges between what is placed, with none in it yet."""
        self.forget()
        self._coming = self._lines(placed)
        width, height = map(str, placed.size)
        self._size = {"width": width, "height": height}
        self.element = self._create("div", "edges", aria_hidden="true")
        return self.element

    @property
    def more(self) -> bool:
        """Whether there may be others still to come."""
        return self._coming is not None

    def draw(self, most: int) -> None:
        """Draw so many more."""
        if self.element is not None and self._coming is not None:
            pieces = list(islice(self._coming, most))
            self.element.append(*(self._create("svg", "sheet", *some, **self._size) for some in batched(pieces, SHEET)))
            if len(pieces) < most:
                self._coming = None

    def _lines(self, placed: Placement) -> Iterator[Element]:
        """Each edge; which there are, and how they go, is found out when the first one is asked for."""
        edges = list(_between(placed))
        down = runs_down((placed.absolute(start), placed.absolute(end)) for _, start, end in edges)
        ways = ways_back(placed, down=down)
        for edge, source, target in edges:
            back = ways.get((edge.source, edge.target))
            d = back or curve(placed.absolute(source), placed.absolute(target), down=down)
            path = Told(self._create("path", "edge", d=d, **BACK if back else {}), bare=True)
            for end in {edge.source, edge.target}:
                self._of.setdefault(end, []).append((edge.source, edge.target, path))
            yield path.element


def _between(placed: Placement) -> Iterator[tuple[FlowEdge, str, str]]:
    """Each edge with the elements that it is seen between: a folded group stands for what is in it."""
    for edge in placed.graph.flow.edges:
        if edge.source in placed.boxes and edge.target in placed.boxes:
            source, target = placed.visible(edge.source), placed.visible(edge.target)
            if source != target or edge.source == edge.target:
                yield edge, source, target
