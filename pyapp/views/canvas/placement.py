"""Where each node of a flow stands. Pure: positions that are given are kept, the rest comes from a layout."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Literal

from ...contract.flow import FlowGraph
from ...ports import Box, GraphLayout

NODE_WIDTH, NODE_HEIGHT = 196.0, 74.0
GROUP_HEAD, GROUP_PAD = 44.0, 18.0
GROUP_WIDTH = 300.0
"""The least a group is wide: its name and how far it is stand side by side."""
MARGIN = 32.0
GAP = 40.0
"""What stands beside or below a group stays at least this far from it."""


def place(
    graph: FlowGraph, layout: GraphLayout, folded: Set[str] = frozenset()
) -> tuple[dict[str, Box], tuple[float, float]]:
    """A box for every node, from its container's top left, and the size of the whole.

    A folded group is as large as a node; what is in it is placed all the same, and not seen.
    """
    boxes: dict[str, Box] = {}
    size = _place_level(graph, None, layout, boxes, folded)
    return boxes, size


def visible(graph: FlowGraph, node_id: str, folded: Set[str]) -> str:
    """The node itself, or the outermost folded group that hides it."""
    hiding = [each for each in graph.ancestors(node_id) if each in folded]
    return hiding[-1] if hiding else node_id


def absolute(graph: FlowGraph, boxes: dict[str, Box], node_id: str) -> Box:
    """A node's box from the canvas's top left."""
    box = boxes[node_id]
    x, y = box.x, box.y
    for ancestor in graph.ancestors(node_id):
        x, y = x + boxes[ancestor].x, y + boxes[ancestor].y
    return Box(x, y, box.width, box.height)


def _place_level(
    graph: FlowGraph, container: str | None, layout: GraphLayout, boxes: dict[str, Box], folded: Set[str]
) -> tuple[float, float]:
    """Place what is directly in `container`, innermost groups first; the size it needs."""
    children = graph.children(container)
    sizes = dict.fromkeys(children, (NODE_WIDTH, NODE_HEIGHT))
    opened: dict[str, tuple[float, float]] = {}
    for child in children:
        if graph.is_group(child):
            opened[child] = _place_level(graph, child, layout, boxes, folded)
            sizes[child] = sizes[child] if child in folded else opened[child]
    given = {child: graph.nodes[child].position for child in children}
    placed: dict[str, Box] = {}
    if all(position is not None for position in given.values()):
        for child, position in given.items():
            if position is not None:
                placed[child] = Box(position.x, position.y, *sizes[child])
        _make_room(placed, opened)
    else:
        placed = layout(sizes, _edges_of_level(graph, container, set(children)))
    left, top = (MARGIN, MARGIN) if container is None else (GROUP_PAD, GROUP_HEAD)
    pad = MARGIN if container is None else GROUP_PAD
    shift_x = left - min((box.x for box in placed.values()), default=left)
    shift_y = top - min((box.y for box in placed.values()), default=top)
    if container is not None:
        shift_x += max(0.0, GROUP_WIDTH - 2 * pad - _extent(placed)) / 2
    width, height = NODE_WIDTH if container is None else GROUP_WIDTH, GROUP_HEAD
    for child, box in placed.items():
        boxes[child] = Box(box.x + shift_x, box.y + shift_y, box.width, box.height)
        width = max(width, boxes[child].x + box.width + pad)
        height = max(height, boxes[child].y + box.height + pad)
    return width, height


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
                moved = {axis: getattr(box, axis) + least - first}
                placed[name] = replace(box, **moved)


def _extent(placed: dict[str, Box]) -> float:
    return max(box.x + box.width for box in placed.values()) - min(box.x for box in placed.values())


def _edges_of_level(graph: FlowGraph, container: str | None, members: set[str]) -> list[tuple[str, str]]:
    """The edges between members of one level, lifted from whatever is inside them."""
    lifted: dict[tuple[str, str], None] = {}
    for edge in graph.flow.edges:
        source, target = _member(graph, edge.source, members), _member(graph, edge.target, members)
        if source is not None and target is not None and source != target:
            lifted[(source, target)] = None
    return list(lifted)


def _member(graph: FlowGraph, node_id: str, members: set[str]) -> str | None:
    if node_id in members:
        return node_id
    return next((each for each in graph.ancestors(node_id) if each in members), None)
