"""Growing: more nodes come onto a canvas that is drawn; the elements that are there stay the same ones."""

from __future__ import annotations

from collections.abc import Set

from ...contract.flow import FlowGraph
from ...ports import Box, Element
from .nodes import NodeMaker
from .placement import Placement

GROWN = "data-grown"
"""Borne by what came later: new, once more, or late. What is new appears softly; all are known to be the page's own."""


def can_grow(before: Placement | None, graph: FlowGraph | None, folded: Set[str]) -> bool:
    """Whether a graph is what is drawn and more: the same flow, one that unfolds, each node where it was."""
    if before is None or graph is None or not graph.flow.unfolds:
        return False
    drawn = before.graph
    if drawn.flow.id != graph.flow.id or before.folded != folded:
        return False
    return all(each in graph.nodes and graph.parent(each) == drawn.parent(each) for each in drawn.nodes)


def grow(maker: NodeMaker, world: Element, before: Placement, now: Placement) -> set[str]:
    """Add what is new, move what must; the nodes whose elements were made anew, as they are now groups, or renamed."""
    remade: set[str] = set()

    def level(container: str | None, holder: Element) -> None:
        for node_id in now.graph.children(container):
            element = maker.elements.get(node_id)
            if element is None:
                holder.append(_came(maker, now, node_id, "new"))
            elif _is_other(before.graph, now.graph, node_id):
                remade.add(node_id)
                element.replaceWith(_came(maker, now, node_id, "again"))
            else:
                _move(element, before.boxes[node_id], now.boxes[node_id])
                level(node_id, element)

    level(None, world)
    return remade


def late(sheet: Element) -> Element:
    """Nodes that were to be there from the start: they appear at once."""
    sheet.setAttribute(GROWN, "late")
    return sheet


def _came(maker: NodeMaker, now: Placement, node_id: str, how: str) -> Element:
    element = maker.make(now, node_id)
    element.setAttribute(GROWN, how)
    return element


def _is_other(before: FlowGraph, now: FlowGraph, node_id: str) -> bool:
    old, new = before.nodes[node_id], now.nodes[node_id]
    return (old.title, old.type, before.is_group(node_id)) != (new.title, new.type, now.is_group(node_id))


def _move(element: Element, before: Box, now: Box) -> None:
    sides = {"left": (before.x, now.x), "top": (before.y, now.y), "width": (before.width, now.width),
             "height": (before.height, now.height)}  # fmt: skip
    for name, (old, new) in sides.items():
        if old != new:
            element.style.setProperty(name, f"{new}px")
