"""Nodes as elements: an icon for the type, a name, a place for badges and a foot; groups contain their nodes and fold.

No state of a run is drawn here: its classes are the handlers', and badges and feet have views of their own.
"""

from __future__ import annotations

from functools import lru_cache

from ...contract.flow import FlowNode
from ...ports import Element, Sketch
from ..parts import Parts
from .placement import Placement
from .sheets import in_sheets

LONG_WORD = 8
"""Characters of a word from which on it is written smaller, where names are all that is seen."""
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


@lru_cache(maxsize=256)
def icon_of(node_type: str) -> str:
    """The icon of a type of node."""
    name = node_type.lower()
    return next((each for part, each in TYPE_ICONS.items() if part in name), "box")


def node_head(parts: Parts, node: FlowNode) -> tuple[Sketch, Sketch]:
    """What stands in a node: the icon of its type, and its name."""
    mark = parts.sketch("span", "node-mark", parts.sketch_icon(icon_of(node.type)))
    is_long = max(map(len, node.title.split()), default=0) >= LONG_WORD
    return mark, parts.sketch("span", "node-title long" if is_long else "node-title", node.title)


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
        kind = node.type
        sketch = self._parts.sketch
        inside: list[Element | Sketch] = [sketch("div", "node-head", *node_head(self._parts, node))]
        if group:
            self.folds[node_id] = self._fold_button(node, folded=folded)
            inside.append(self.folds[node_id])
        element = self.elements[node_id] = create(
            "div",
            "node" if not group else "node group folded" if folded else "node group",
            *inside,
            sketch("div", "badges"),
            sketch("div", "node-foot"),
            *in_sheets(create, [self.make(placed, child) for child in graph.children(node_id)]),
            data_node_id=node_id,
            data_node_type=kind,
            tabindex="-1",
            role="group" if group else "button",
            aria_label=self._parts.words("node.label", name=node.title, type=kind or "node"),
            title=node.title,
            style_left=f"{box.x}px",
            style_top=f"{box.y}px",
            style_width=f"{box.width}px",
            style_height=f"{box.height}px",
        )
        return element

    def _fold_button(self, node: FlowNode, *, folded: bool) -> Element:
        words = self._parts.words("group.unfold" if folded else "group.fold", name=node.title)
        said = {"title": words, "aria_label": words, "aria_expanded": str(not folded).lower(), "tabindex": "-1"}
        symbol = self._parts.icon("maximize-2" if folded else "minimize-2")
        return self._parts.create("button", "fold quiet", symbol, type="button", data_fold=node.id, **said)
