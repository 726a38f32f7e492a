"""CanvasView: the flow as nodes, groups that contain nodes, and edges. Draws no state of a run.

The classes of what executes are the handlers'; `stores.canvas` tells them when to paint anew.
"""

from __future__ import annotations

from ...contract.flow import FlowGraph
from ...ports import DomEvent, Element
from ..context import View, ViewContext
from .curves import curve, runs_down
from .growing import can_grow, grow
from .nodes import NodeMaker
from .placement import Placement
from .walk import ARROWS, walk

FOLDS = {"-": True, "+": False}
"""The keys that fold a group, and unfold it."""
CHOICE = "choice"
"""The notice that says why the chosen flow could not be loaded."""


class CanvasView(View):
    rank = 0

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._canvas = self.document.region("canvas")
        self._own: Element | None = None
        """What this view has put on the canvas; beside it may be nodes that somebody else put there."""
        self._nodes = NodeMaker(self.parts)
        self.placed: Placement | None = None
        """Where each node stands; None where no flow is drawn."""
        self._svg: Element | None = None
        self._edges_of: dict[str, list[tuple[str, str, Element]]] = {}
        self._selected: str | None = None
        self._stop: str | None = None
        """The node that Tab reaches."""
        self._pressed: str | None = None
        """The group that a person has just folded or unfolded: the focus goes to its new element."""
        again = self.shows(self._draw, self.stores.graph, self.stores.folded)
        self.shows(self._select, self.stores.selected)
        self.follows(self.stores.notices, lambda keys: again() if self._lacks_flow(keys) else None)
        self.owns(self.document.on_nodes_added(self._nodes_came))
        self.clicks("canvas", "data-node-id", self.commands.choose_node)
        self.clicks("canvas", "data-fold", self._fold)
        self.on("canvas", "keydown", "[data-node-id]", self._key)
        self.on("canvas", "focusin", "[data-node-id]", self._focused)

    def _draw(self) -> None:
        """Draw the flow from nothing; without one, say why, and leave alone what somebody else drew."""
        graph, had = self.stores.graph.get(), self.placed is not None
        before = self.placed
        if self._own is not None and before is not None and graph is not None and can_grow(before, graph, self._folded):
            self._grow(self._own, before, graph)
            return
        self._nodes.forget()
        self._edges_of.clear()
        self.placed = None
        if graph is None or not graph.nodes:
            missing = "canvas.away" if self.stores.notices.get(CHOICE) is not None else "canvas.none"
            self._put(self.parts.empty("canvas.empty" if graph is not None else missing))
            if had:
                self._changed()
            return
        placed = self.placed = Placement(graph, self.context.platform.layout, self._folded)
        nodes = [self._nodes.make(placed, node_id) for node_id in graph.children(None)]
        self._svg = self._edges(placed)
        world = self.create("div", "world unfolds" if graph.flow.unfolds else "world", *nodes, self._svg)
        width, height = self._size(world, placed)
        self._canvas.replaceChildren(world)
        self._own = world
        self._rove(self._stop)
        self.context.platform.viewport.show(width, height, graph.flow.id, *self._moved(before, placed))
        self._select()
        self._changed()
        pressed, self._pressed = self._pressed, None
        if pressed in self._nodes.elements:
            self._nodes.elements[pressed].focus()

    @property
    def _folded(self) -> frozenset[str]:
        return self.stores.folded.get()

    def _size(self, world: Element, placed: Placement) -> tuple[float, float]:
        width, height = placed.size
        world.style.setProperty("width", f"{width}px")
        world.style.setProperty("height", f"{height}px")
        return width, height

    def _grow(self, world: Element, before: Placement, graph: FlowGraph) -> None:
        """There is more of the flow that is drawn: what stands stays where it is, as far as it can."""
        placed = self.placed = Placement(graph, self.context.platform.layout, before.folded, before)
        stop = self._stop
        held = self.document.holds_focus("canvas")
        remade = grow(self._nodes, world, before, placed)
        self._edges_of.clear()
        old, self._svg = self._svg, self._edges(placed)
        if old is not None:
            old.replaceWith(self._svg)
        width, height = self._size(world, placed)
        self._canvas.append()  # nothing more: what was written is drawn, and the nodes are looked for anew
        self.context.platform.viewport.grow(width, height)
        if stop in remade:
            self._stop = None
            self._rove(stop)
            if held and stop is not None:
                self._nodes.elements[stop].focus()
        self._select()
        self._changed()

    def _moved(self, before: Placement | None, now: Placement) -> tuple[float, float]:
        """How far the group that a person has just folded or unfolded has moved."""
        group = self._pressed
        if before is None or group is None or not {group} <= before.boxes.keys() & now.boxes.keys():
            return 0.0, 0.0
        old, new = before.absolute(group), now.absolute(group)
        return new.x - old.x, new.y - old.y

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

    def _edges(self, placed: Placement) -> Element:
        drawn = []
        for edge in placed.graph.flow.edges:
            if edge.source in placed.boxes and edge.target in placed.boxes:
                ends = placed.visible(edge.source), placed.visible(edge.target)
                if ends[0] != ends[1]:
                    drawn.append((edge, placed.absolute(ends[0]), placed.absolute(ends[1])))
        down = runs_down((source, target) for _, source, target in drawn)
        paths = []
        for edge, source, target in drawn:
            path = self.create("path", "edge", d=curve(source, target, down=down))
            paths.append(path)
            for end in {edge.source, edge.target}:
                self._edges_of.setdefault(end, []).append((edge.source, edge.target, path))
        width, height = map(str, placed.size)
        return self.create("svg", "edges", *paths, width=width, height=height, aria_hidden="true")

    def edges_of(self, node_id: str) -> list[tuple[str, str, Element]]:
        """The edges that begin or end at a node: where from, where to, and the element."""
        return self._edges_of.get(node_id, [])

    def center(self, node_id: str) -> None:
        """Bring a node to the middle of what is seen, or the folded group that it is in."""
        if self.placed is not None and node_id in self.placed.boxes:
            box = self.placed.absolute(self.placed.visible(node_id))
            self.context.platform.viewport.center(box.x + box.width / 2, box.y + box.height / 2)

    def go_to(self, node_id: str) -> None:
        """Bring a node to the middle, and put the focus there."""
        self.center(node_id)
        if self.placed is not None and node_id in self.placed.boxes:
            self._nodes.elements[self.placed.visible(node_id)].focus()

    def _fold(self, group_id: str) -> None:
        self._pressed = group_id
        self.commands.fold(group_id)

    def _key(self, event: DomEvent) -> bool:
        """Arrows walk; Enter chooses, and opens a group that is folded."""
        node_id = event.attribute("data-node-id") or ""
        if event.key in ("Enter", " "):
            if self.placed is not None and node_id in self.placed.folded:
                self._fold(node_id)
            else:
                self.commands.choose_node(node_id)
            return True
        if event.key in FOLDS and self.placed is not None and self.placed.graph.is_group(node_id):
            if FOLDS[event.key] != (node_id in self.placed.folded):
                self._fold(node_id)
            return True
        if event.key not in (*ARROWS, "Home", "End") or self.placed is None or node_id not in self.placed.boxes:
            return False
        following = walk(self.placed, node_id, event.key)
        if following is not None:
            self._nodes.elements[following].focus()
        return True

    def _focused(self, event: DomEvent) -> None:
        """The canvas is one stop of Tab: the node that had the focus last."""
        self._rove(event.attribute("data-node-id"))

    def _rove(self, node_id: str | None) -> None:
        elements = self._nodes.elements
        if self.placed is not None and node_id not in elements:
            node_id = walk(self.placed, "", "Home")
        for each, tabindex in ((self._stop, "-1"), (node_id, "0")):
            if each in elements:
                elements[each].setAttribute("tabindex", tabindex)
        self._stop = node_id

    def _select(self) -> None:
        before = self._nodes.elements.get(self._selected or "")
        if before is not None:
            before.classList.remove("selected")
        self._selected = self.stores.selected.get()
        after = self._nodes.elements.get(self._selected or "")
        if after is not None:
            after.classList.add("selected")
