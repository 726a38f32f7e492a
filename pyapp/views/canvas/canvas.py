"""CanvasView: the flow as nodes, groups that contain nodes, and edges. Draws no state of a run.

The classes of what executes are the handlers'; `stores.canvas` tells them when to paint anew.
"""

from __future__ import annotations

from ...contract.flow import FlowGraph
from ...ports import Box, DomEvent, Element
from ..context import View, ViewContext
from ..parts import empty
from .curves import curve, runs_down
from .nodes import NodeMaker
from .placement import absolute, place, visible

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
        self._nodes = NodeMaker(self.document, self.words)
        self.boxes: dict[str, Box] = {}
        """Where each node stands, from its container's top left."""
        self.size = (0.0, 0.0)
        self._edges_of: dict[str, list[tuple[str, str, Element]]] = {}
        self._selected: str | None = None
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
        graph, had = self.stores.graph.get(), bool(self.boxes)
        self._nodes.forget()
        self._edges_of.clear()
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
            world.append(self._nodes.make(graph, node_id, self.boxes, folded))
        world.append(self._edges(graph, self.boxes, width, height))
        self._canvas.replaceChildren(world)
        self._own = world
        self.context.viewport.show(width, height, graph.flow.id)
        self._select()
        self._changed()
        pressed, self._pressed = self._pressed, None
        if pressed in self._nodes.folds:
            self._nodes.folds[pressed].focus()

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
        before = self._nodes.elements.get(self._selected) if self._selected is not None else None
        if before is not None:
            before.classList.remove("selected")
        self._selected = node_id
        after = self._nodes.elements.get(node_id) if node_id is not None else None
        if after is not None:
            after.classList.add("selected")
