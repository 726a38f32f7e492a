"""CanvasView: the flow as nodes, groups that contain nodes, and edges. Draws no state of a run.

The classes of what executes are the handlers'; `stores.canvas` tells them when to paint anew.
"""

from __future__ import annotations

from ...contract.flow import FlowGraph, FlowNode
from ...ports import Box, DomEvent, Element
from ..context import View, ViewContext
from ..parts import empty, icon
from .curves import curve, runs_down
from .placement import absolute, place, visible

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

CHOICE = "choice"
"""The notice that says why the chosen flow could not be loaded."""
MANY = 300
"""A flow of more nodes glows without moving: hundreds that pulse are neither calm nor cheap."""


class CanvasView(View):
    rank = 0

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._canvas = self.document.region("canvas")
        self._own: Element | None = None
        """What this view has put on the canvas; beside it may be nodes that somebody else put there."""
        self._elements: dict[str, Element] = {}
        self.boxes: dict[str, Box] = {}
        """Where each node stands, from its container's top left."""
        self.size = (0.0, 0.0)
        self._edges_of: dict[str, list[tuple[str, str, Element]]] = {}
        self._selected: str | None = None
        self._folds: dict[str, Element] = {}
        self._pressed: str | None = None
        """The group whose fold button a person has just pressed: the focus goes to the new one."""
        again = self.shows(self._draw, self.stores.graph, self.stores.folded)
        self.shows(self._select, self.stores.selected)
        self.owns(self.stores.notices.listen(lambda keys: again() if self._lacks_flow(keys) else None))
        self.owns(self.document.on_nodes_added(self._nodes_came))
        self.on("canvas", "click", "[data-node-id]", self._choose)
        self.on("canvas", "click", "[data-fold]", self._fold)
        self.on("canvas", "keydown", "[data-node-id]", self._key)

    def _draw(self) -> None:
        """Draw the flow from nothing; without one, say why, and leave alone what somebody else drew."""
        graph, had = self.stores.graph.get(), bool(self._elements)
        self._elements.clear()
        self._edges_of.clear()
        self._folds.clear()
        self.boxes = {}
        if graph is None or not graph.nodes:
            missing = "canvas.away" if self.stores.notices.get(CHOICE) is not None else "canvas.none"
            self._put(empty(self.document, self.words("canvas.empty" if graph is not None else missing)))
            if had:
                self._changed()
            return
        folded = self.stores.folded.get()
        self.boxes, self.size = place(graph, self.context.layout, folded)
        width, height = self.size
        world = self.document.create("div", "world many" if len(graph.nodes) > MANY else "world")
        world.style.setProperty("width", f"{width}px")
        world.style.setProperty("height", f"{height}px")
        for node_id in graph.children(None):
            world.append(self._node(graph, node_id, self.boxes))
        world.append(self._edges(graph, self.boxes, width, height))
        self._canvas.replaceChildren(world)
        self._own = world
        self.context.viewport.show(width, height, graph.flow.id)
        self._select()
        self._changed()
        pressed, self._pressed = self._pressed, None
        if pressed in self._folds:
            self._folds[pressed].focus()

    def _put(self, element: Element) -> None:
        if self._own is not None and self._own.isConnected:
            self._own.replaceWith(element)
        else:
            self._canvas.prepend(element)
        self._own = element

    def _lacks_flow(self, notices: dict[str, None]) -> bool:
        """Without a flow, the words on the canvas follow what became of loading it."""
        return CHOICE in notices and self.stores.graph.get() is None

    def _nodes_came(self) -> None:
        """Somebody else put nodes on the canvas: words that there is no flow would be wrong beside them."""
        if self._own is not None and self.stores.graph.get() is None:
            self._own.remove()
        self._changed()

    def _changed(self) -> None:
        """Other elements than before: whoever paints state on nodes must do so anew."""
        self.stores.canvas.set(self.stores.canvas.get() + 1)

    def _node(self, graph: FlowGraph, node_id: str, boxes: dict[str, Box]) -> Element:
        node, box = graph.nodes[node_id], boxes[node_id]
        group = graph.is_group(node_id)
        element = self.document.create(
            "div",
            "node group" if group else "node",
            data_node_id=node_id,
            data_node_type=node.type,
            tabindex="0",
            role="group" if group else "button",
            aria_label=self.words("node.label", name=node.title, type=node.type or "node"),
        )
        for name, value in (("left", box.x), ("top", box.y), ("width", box.width), ("height", box.height)):
            element.style.setProperty(name, f"{value}px")
        folded = group and node_id in self.stores.folded.get()
        if folded:
            element.classList.add("folded")
        element.append(self._head(node))
        if group:
            element.append(self._fold_button(node, folded))
        element.append(self.document.create("div", "badges"), self.document.create("div", "node-foot"))
        for child in graph.children(node_id):
            element.append(self._node(graph, child, boxes))
        self._elements[node_id] = element
        return element

    def _head(self, node: FlowNode) -> Element:
        head = self.document.create("div", "node-head")
        text = self.document.create("div", "node-text")
        text.append(
            self.document.create("span", "node-title", node.title, title=node.title),
            self.document.create("span", "node-type", node.type),
        )
        mark = self.document.create("span", "node-mark")
        mark.append(icon(self.document, _icon_of(node)))
        head.append(mark, text)
        return head

    def _edges(self, graph: FlowGraph, boxes: dict[str, Box], width: float, height: float) -> Element:
        svg = self.document.create_svg("svg", class_="edges", width=str(width), height=str(height), aria_hidden="true")
        folded = self.stores.folded.get()
        drawn: list[tuple[str, str, Box, Box]] = []
        for edge in graph.flow.edges:
            if edge.source in boxes and edge.target in boxes:
                ends = [visible(graph, each, folded) for each in (edge.source, edge.target)]
                if ends[0] != ends[1]:
                    source, target = (absolute(graph, boxes, each) for each in ends)
                    drawn.append((edge.source, edge.target, source, target))
        down = runs_down([(source, target) for _, _, source, target in drawn])
        for source_id, target_id, source, target in drawn:
            path = self.document.create_svg("path", class_="edge", d=curve(source, target, down=down))
            for end in dict.fromkeys((source_id, target_id)):
                self._edges_of.setdefault(end, []).append((source_id, target_id, path))
            svg.append(path)
        return svg

    def edges_of(self, node_id: str) -> list[tuple[str, str, Element]]:
        """The edges that begin or end at a node: where from, where to, and the element."""
        return self._edges_of.get(node_id, [])

    def _fold_button(self, node: FlowNode, folded: bool) -> Element:
        words = self.words("group.unfold" if folded else "group.fold", name=node.title)
        button = self.document.create("button", "fold quiet", type="button", data_fold=node.id, title=words)
        button.setAttribute("aria-label", words)
        button.setAttribute("aria-expanded", "false" if folded else "true")
        button.append(icon(self.document, "maximize-2" if folded else "minimize-2"))
        self._folds[node.id] = button
        return button

    def _fold(self, event: DomEvent) -> None:
        group_id = event.attribute("data-fold")
        if group_id is not None:
            self._pressed = group_id
            self.context.commands.fold(group_id)

    def _choose(self, event: DomEvent) -> None:
        self.context.commands.choose_node(event.attribute("data-node-id"))

    def _key(self, event: DomEvent) -> None:
        if event.key in ("Enter", " "):
            self._choose(event)

    def _select(self) -> None:
        node_id = self.stores.selected.get()
        before = self._elements.get(self._selected) if self._selected is not None else None
        if before is not None:
            before.classList.remove("selected")
        self._selected = node_id
        after = self._elements.get(node_id) if node_id is not None else None
        if after is not None:
            after.classList.add("selected")


def _icon_of(node: FlowNode) -> str:
    name = node.type.lower()
    return next((each for part, each in TYPE_ICONS.items() if part in name), "box")
