"""Where each node of a flow stands. Pure: positions that are given are kept, the rest comes from a layout."""

from __future__ import annotations

from collections.abc import Set
from functools import cached_property
from typing import Literal

from ...contract.flow import FlowGraph
from ...ports import Box, GraphLayout
from .curves import runs_down
from .cycles import Edge, back_edges
from .joining import joined

NODE_WIDTH, NODE_HEIGHT = 196.0, 56.0
GROUP_HEAD, GROUP_PAD = 44.0, 18.0
GROUP_WIDTH = 300.0
"""The least a group is wide: its name and how far it is stand side by side."""
MARGIN = 32.0
GAP = 40.0
"""What stands beside or below a group stays at least this far from it."""


class Placement:
    """A box for every node of a flow, from its container's top left, and the size of the whole.

    A folded group is as large as a node; what is in it is placed all the same, and not seen. What is `standing` stays:
    only a group that grew moves what is behind it.
    """

    def __init__(
        self, graph: FlowGraph, layout: GraphLayout, folded: Set[str] = frozenset(), standing: Placement | None = None
    ) -> None:
        self.graph = graph
        self.folded = folded
        self.boxes: dict[str, Box] = {}
        self._absolute: dict[str, Box] = {}
        self._layout = layout
        self._standing = standing.boxes if standing is not None else {}
        self.size = self._place(None)

    @cached_property
    def back(self) -> set[Edge]:
        """The edges that go back to where the flow came from; they say nothing of where a node stands."""
        return back_edges((each.source, each.target) for each in self.graph.flow.edges)

    def visible(self, node_id: str) -> str:
        """The node itself, or the outermost folded group that hides it."""
        if not self.folded:
            return node_id
        hiding = [each for each in self.graph.ancestors(node_id) if each in self.folded]
        return hiding[-1] if hiding else node_id

    def absolute(self, node_id: str) -> Box:
        """A node's box from the canvas's top left."""
        known = self._absolute.get(node_id)
        if known is None:
            box, parent = self.boxes[node_id], self.graph.parent(node_id)
            around = self.absolute(parent) if parent is not None else None
            known = box if around is None else box._replace(x=box.x + around.x, y=box.y + around.y)
            self._absolute[node_id] = known
        return known

    def _place(self, container: str | None) -> tuple[float, float]:
        """Place what is directly in `container`, innermost groups first; the size it needs."""
        graph = self.graph
        children = graph.children(container)
        opened = {child: self._place(child) for child in children if graph.is_group(child)}
        closed = {child: (NODE_WIDTH, NODE_HEIGHT) for child in children if child in self.folded or child not in opened}
        sizes = {child: closed.get(child) or opened[child] for child in children}
        standing = {child: self._standing[child] for child in children if child in self._standing}
        given = {child: at for child in children if (at := graph.nodes[child].position) is not None}
        if standing:
            placed = self._joined(standing, sizes, self._edges_of(container, set(children)))
        elif len(given) == len(children):
            placed = {child: Box(at.x, at.y, *sizes[child]) for child, at in given.items()}
            _make_room(placed, opened)
        else:
            placed = self._layout(sizes, self._edges_of(container, set(children)))
        left, top, pad = (MARGIN, MARGIN, MARGIN) if container is None else (GROUP_PAD, GROUP_HEAD, GROUP_PAD)
        shift_x = left - min((box.x for box in placed.values()), default=left)
        shift_y = top - min((box.y for box in placed.values()), default=top)
        if standing:
            shift_x = shift_y = 0.0
        elif container is not None and not graph.flow.unfolds:
            shift_x += max(0.0, GROUP_WIDTH - 2 * pad - _extent(placed)) / 2
        width, height = NODE_WIDTH if container is None else GROUP_WIDTH, GROUP_HEAD
        for child, box in placed.items():
            box = self.boxes[child] = Box(box.x + shift_x, box.y + shift_y, box.width, box.height)
            width, height = max(width, box.x + box.width + pad), max(height, box.y + box.height + pad)
        return width, height

    def _joined(
        self, standing: dict[str, Box], sizes: dict[str, tuple[float, float]], edges: list[tuple[str, str]]
    ) -> dict[str, Box]:
        """What stands, as large as it is by now, and beside it what is new."""
        placed = {name: Box(box.x, box.y, *sizes[name]) for name, box in standing.items()}
        grew = {name: sizes[name] for name, box in standing.items() if sizes[name] != (box.width, box.height)}
        _make_room(placed, grew)
        new = {name: size for name, size in sizes.items() if name not in standing}
        return joined(placed, new, edges, down=self._runs_down(placed, edges)) if new else placed

    def _runs_down(self, placed: dict[str, Box], edges: list[tuple[str, str]]) -> bool:
        """Whether what follows stands below; where nothing does yet, whether the layout puts it there."""
        among = [(placed[source], placed[target]) for source, target in edges if source in placed and target in placed]
        two = {} if among else self._layout({"a": (1.0, 1.0), "b": (1.0, 1.0)}, [("a", "b")])
        return runs_down(among or [(two["a"], two["b"])])

    def _edges_of(self, container: str | None, members: set[str]) -> list[tuple[str, str]]:
        """The edges between members of one level, lifted from whatever is inside them."""

        def member(node_id: str) -> str | None:
            if node_id in members:
                return node_id
            return next((each for each in self.graph.ancestors(node_id) if each in members), None)

        edges = [(each.source, each.target) for each in self.graph.flow.edges]
        ends = dict.fromkeys((member(edge[0]), member(edge[1])) for edge in edges if edge not in self.back)
        return [(source, target) for source, target in ends if source and target and source != target]


def _make_room(placed: dict[str, Box], opened: dict[str, tuple[float, float]]) -> None:
    """Who drew the flow did not know how large a group is here: what stands behind one moves away, all alike.

    Folding a group moves nothing: its `opened` size counts.
    """
    for name in sorted(opened, key=lambda each: (placed[each].x, placed[each].y)):
        group, (width, height) = placed[name], opened[name]
        bottom, right = group.y + height, group.x + width
        beside = [each for each in placed.values() if each.y < bottom and each.y + each.height > group.y]
        behind = min((each.x for each in beside if each.x >= group.x + NODE_WIDTH), default=right + GAP)
        _shift(placed, "x", behind, right + GAP)
        over = [each for each in placed.values() if each.x < right and each.x + each.width > group.x]
        below = min((each.y for each in over if each.y >= group.y + NODE_HEIGHT), default=bottom + GAP)
        _shift(placed, "y", below, bottom + GAP)


def _shift(placed: dict[str, Box], axis: Literal["x", "y"], first: float, least: float) -> None:
    """Move everything from `first` on, so that it begins at `least` or later."""
    if first < least:
        for name, box in placed.items():
            if getattr(box, axis) >= first:
                placed[name] = box._replace(**{axis: getattr(box, axis) + least - first})


def _extent(placed: dict[str, Box]) -> float:
    return max(box.x + box.width for box in placed.values()) - min(box.x for box in placed.values())
