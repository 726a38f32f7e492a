"""NodeView: nodes of some types, drawn by a portal. What cannot be drawn so is drawn as all others are."""

from __future__ import annotations

from typing import ClassVar

from ...contract.flow import FlowNode
from ...ports import Element
from ..context import View, ViewContext
from .nodes import node_head


class NodeView(View):
    """Draws what stands in the head of its nodes: when they come onto the canvas, and whenever their run tells of them.

    It says in its constructor what else it draws from: `self.draws_front(table, self.draw_node)` for a table whose rows
    are called as nodes are. The node's element, classes, badges and foot are the page's.
    """

    rank = 2
    types: ClassVar[frozenset[str]] = frozenset()
    """Types of nodes, as the last part of their `path` says them."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self.draws_nodes(self.draw_node)
        self.part(self.draw_node, self._node_ids)
        self.follows_canvas()

    def draw(self, place: Element, node: FlowNode) -> None:
        """Fill the head of the node."""
        raise NotImplementedError

    def draw_node(self, node_id: str) -> None:
        """Draw a node, if it is one of this view's."""
        graph = self.stores.graph.get()
        node = graph.node(node_id) if graph is not None else None
        place = self.document.part(node_id, "node-head") if node is not None and node.type in self.types else None
        if node is None or place is None:
            return
        try:
            self.draw(place, node)
        except BaseException:
            place.replaceChildren(*node_head(self.parts, node))
            raise

    def _node_ids(self) -> list[str]:
        graph = self.stores.graph.get()
        return (
            [node_id for node_id, node in graph.nodes.items() if node.type in self.types] if graph is not None else []
        )
