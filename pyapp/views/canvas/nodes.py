"""Nodes as elements: an icon for the type, a name, a place for badges and a foot; groups contain their nodes and fold.

No state of a run is drawn here: its classes are the handlers', and badges and feet have views of their own.
"""

from __future__ import annotations

from ...contract.flow import FlowNode
from ...ports import Element
from ..parts import Parts
from .placement import Placement

TYPE_ICONS = {
    "agent": "bot",
    "team": "users",
    "tool": "wrench",
    "group": "layers",
    "parallel": "git-branch",
    "loop": "repeat",
    "condition": "git-branch",
    "router": "git-branch",
    "merge": "git-merge",
    "read": "file-text",
    "files": "file-text",
    "write": "file-output",
    "report": "file-output",
    "search": "search",
    "count": "hash",
    "rank": "list",
    "parse": "braces",
    "code": "code",
    "data": "database",
    "http": "globe",
}
"""Part of a type's name → icon; the first that occurs counts."""


def node_head(parts: Parts, node: FlowNode) -> tuple[Element, Element]:
    """What stands in a node: the icon of its type, and its name."""
    name = node.type.lower()
    symbol = next((each for part, each in TYPE_ICONS.items() if part in name), "box")
    return parts.create("span", "node-mark", parts.icon(symbol)), parts.create("span", "node-title", node.title)


class NodeMaker:
    """Makes the elements of nodes and groups, and keeps them by node until they are made anew."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.elements: dict[str, Element] = {}
        self.folds: dict[str, Element] = {}
        """The buttons that fold, by group."""

    def forget(self) -> None:
        """Another flow is to be drawn."""
        self.elements.clear()
        self.folds.clear()

    def make(self, placed: Placement, node_id: str) -> Element:
        """A node, with all that is in it."""
        graph, create, box = placed.graph, self._parts.create, placed.boxes[node_id]
        node, group, folded = graph.nodes[node_id], graph.is_group(node_id), node_id in placed.folded
        inside = [self._parts.create("div", "node-head", *node_head(self._parts, node))]
        if group:
            self.folds[node_id] = self._fold_button(node, folded=folded)
            inside.append(self.folds[node_id])
        element = self.elements[node_id] = create(
            "div",
            "node" if not group else "node group folded" if folded else "node group",
            *inside,
            create("div", "badges"),
            create("div", "node-foot"),
            *(self.make(placed, child) for child in graph.children(node_id)),
            data_node_id=node_id,
            data_node_type=node.type,
            tabindex="-1",
            role="group" if group else "button",
            aria_label=self._parts.words("node.label", name=node.title, type=node.type or "node"),
            title=node.title,
        )
        for name, value in (("left", box.x), ("top", box.y), ("width", box.width), ("height", box.height)):
            element.style.setProperty(name, f"{value}px")
        return element

    def _fold_button(self, node: FlowNode, *, folded: bool) -> Element:
        words = self._parts.words("group.unfold" if folded else "group.fold", name=node.title)
        said = {"title": words, "aria_label": words, "aria_expanded": str(not folded).lower(), "tabindex": "-1"}
        symbol = self._parts.icon("maximize-2" if folded else "minimize-2")
        return self._parts.create("button", "fold quiet", symbol, type="button", data_fold=node.id, **said)
