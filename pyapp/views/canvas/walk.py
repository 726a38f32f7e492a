"""Walk: where the arrow keys lead from a node: along the edges, and among what stands side by side. Pure."""

from __future__ import annotations

from collections.abc import Collection

from .placement import Placement

ARROWS = ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp")


def walk(placed: Placement, node_id: str, key: str) -> str | None:
    """The node that a key leads to; None where it leads nowhere.

    Right follows an edge that leads on, or enters a group; left goes back, or out of the group; up and down go among
    the nodes that stand in the same group; Home and End to the first and the last of the flow.
    """
    if key in ("Home", "End"):
        outermost = sorted(placed.graph.children(None), key=lambda each: _middle(placed, each))
        return outermost[0 if key == "Home" else -1]
    if key == "ArrowRight":
        return _along(placed, node_id, forward=True)
    if key == "ArrowLeft":
        return _along(placed, node_id, forward=False) or placed.graph.parent(node_id)
    return _beside(placed, node_id, down=key == "ArrowDown")


def _along(placed: Placement, node_id: str, *, forward: bool) -> str | None:
    """The other end of an edge, the nearest in height; into a group from the group itself."""
    graph = placed.graph
    if forward and graph.is_group(node_id) and node_id not in placed.folded:
        return _first(placed, graph.children(node_id))
    each: str | None = node_id
    edges = {(edge.source, edge.target) for edge in graph.flow.edges} - placed.back
    ends = edges if forward else {(target, source) for source, target in edges}
    while each is not None:
        found = {placed.visible(to) for origin, to in ends if to in placed.boxes and placed.visible(origin) == each}
        found -= {each, *graph.ancestors(node_id)}
        if found:
            return min(found, key=lambda other: (abs(_middle(placed, other)[1] - _middle(placed, node_id)[1]), other))
        each = graph.parent(each) if forward else None
    return None


def _beside(placed: Placement, node_id: str, *, down: bool) -> str | None:
    siblings = sorted(placed.graph.children(placed.graph.parent(node_id)), key=lambda each: _middle(placed, each)[::-1])
    at = siblings.index(node_id) + (1 if down else -1)
    return siblings[at] if 0 <= at < len(siblings) else None


def _first(placed: Placement, nodes: Collection[str]) -> str | None:
    return min(nodes, key=lambda each: _middle(placed, each), default=None)


def _middle(placed: Placement, node_id: str) -> tuple[float, float]:
    box = placed.absolute(node_id)
    return box.x + box.width / 2, box.y + box.height / 2
