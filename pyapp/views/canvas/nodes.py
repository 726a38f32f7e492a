"""Nodes as elements: a name, a type, a place for badges and a foot; groups contain their nodes, and can be folded.

No state of a run is drawn here: its classes are the handlers', and badges and feet have views of their own.
"""

from __future__ import annotations

from collections.abc import Set

from ...contract.flow import FlowGraph, FlowNode
from ...locale.catalogue import Catalogue
from ...ports import Box, Document, Element
from ..parts import icon

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


class NodeMaker:
    """Makes the elements of nodes and groups, and keeps them by node until they are made anew."""

    def __init__(self, document: Document, words: Catalogue) -> None:
        self._document = document
        self._words = words
        self.elements: dict[str, Element] = {}
        self.folds: dict[str, Element] = {}
        """The buttons that fold, by group."""

    def forget(self) -> None:
        """Another flow is to be drawn."""
        self.elements.clear()
        self.folds.clear()

    def make(self, graph: FlowGraph, node_id: str, boxes: dict[str, Box], folded: Set[str]) -> Element:
        """A node, with all that is in it. `boxes` says where each stands, from its container's top left."""
        node, box = graph.nodes[node_id], boxes[node_id]
        group = graph.is_group(node_id)
        element = self._document.create(
            "div",
            "node group" if group else "node",
            data_node_id=node_id,
            data_node_type=node.type,
            tabindex="0",
            role="group" if group else "button",
            aria_label=self._words("node.label", name=node.title, type=node.type or "node"),
        )
        for name, value in (("left", box.x), ("top", box.y), ("width", box.width), ("height", box.height)):
            element.style.setProperty(name, f"{value}px")
        if group and node_id in folded:
            element.classList.add("folded")
        element.append(self._head(node))
        if group:
            element.append(self._fold_button(node, folded=node_id in folded))
        element.append(self._document.create("div", "badges"), self._document.create("div", "node-foot"))
        for child in graph.children(node_id):
            element.append(self.make(graph, child, boxes, folded))
        self.elements[node_id] = element
        return element

    def _head(self, node: FlowNode) -> Element:
        head = self._document.create("div", "node-head")
        text = self._document.create("div", "node-text")
        text.append(
            self._document.create("span", "node-title", node.title, title=node.title),
            self._document.create("span", "node-type", node.type),
        )
        mark = self._document.create("span", "node-mark")
        mark.append(icon(self._document, _icon_of(node)))
        head.append(mark, text)
        return head

    def _fold_button(self, node: FlowNode, *, folded: bool) -> Element:
        words = self._words("group.unfold" if folded else "group.fold", name=node.title)
        button = self._document.create("button", "fold quiet", type="button", data_fold=node.id, title=words)
        button.setAttribute("aria-label", words)
        button.setAttribute("aria-expanded", "false" if folded else "true")
        button.append(icon(self._document, "maximize-2" if folded else "minimize-2"))
        self.folds[node.id] = button
        return button


def _icon_of(node: FlowNode) -> str:
    name = node.type.lower()
    return next((each for part, each in TYPE_ICONS.items() if part in name), "box")
