"""CanvasView: the flow as nodes, groups that contain nodes, and edges. Draws no state of a run.

The classes of what executes are the handlers'; `stores.canvas` tells them when to paint anew.
"""

from __future__ import annotations

from collections import deque

from ...contract.flow import FlowGraph
from ...ports import DomEvent, Element
from ..context import View, ViewContext
from .growing import can_grow, grow, late
from .lines import Lines
from .nodes import NodeMaker
from .placement import Placement
from .placing import AT_ONCE, Placing
from .sheets import SHEET, in_sheets
from .walk import ARROWS, walk

FOLDS = {"-": True, "+": False}
"""The keys that fold a group, and unfold it."""
REST_S = 0.016
"""For so long of a frame the rest is drawn, a sheet at a time: a person can move and press what is there meanwhile."""
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
        self._placing = Placing(self.context.platform.layout)
        self._lines = Lines(self.parts)
        self.edges_of = self._lines.of
        self._to_come: deque[str] = deque()
        """Nodes of the top level that are not drawn yet."""
        self._selected: str | None = None
        self._stop: str | None = None
        """The node that Tab reaches."""
        self._pressed: str | None = None
        """The group that a person has just folded or unfolded: the focus goes to its new element."""
        self._go_on = self.shows(self._draw_rest)
        self._again = self.shows(self._draw, self.stores.graph, self.stores.folded)
        self.shows(self._select, self.stores.selected)
        self.follows(self.stores.notices, lambda keys: self._again() if self._lacks_flow(keys) else None)
        self.owns(self.stores.flows.listen(lambda _: self._again() if self.stores.graph.get() is None else None))
        self.owns(self.document.on_nodes_added(self._nodes_came))
        self.clicks("canvas", "data-node-id", self.commands.choose_node)
        self.clicks("canvas", "data-fold", self._fold)
        self.on("canvas", "keydown", "[data-node-id]", self._key)
        self.on("canvas", "focusin", "[data-node-id]", self._focused)

    def _draw(self) -> None:
        """Draw the flow from nothing; without one, say why, and leave alone what somebody else drew."""
        graph, had = self.stores.graph.get(), self.placed is not None
        before = self.placed
        own, whole = self._own, not self._to_come
        if (
            whole
            and own is not None
            and before is not None
            and graph is not None
            and can_grow(before, graph, self._folded)
        ):
            self._grow(own, before, graph)
            return
        placed = self._placing.place(graph, self._folded) if graph is not None else None
        if placed is None and graph is not None:
            self._again()  # in the next frame; until then what was there stays
            return
        self._nodes.forget()
        self._lines.forget()
        self._to_come.clear()
        self.placed = None
        if graph is None or placed is None or not graph.nodes:
            none = "canvas.no_flows" if self.stores.flows.get() == () else "canvas.none"
            missing = "canvas.away" if self.stores.notices.get(CHOICE) is not None else none
            self._put(self.parts.empty("canvas.empty" if graph is not None else missing))
            if had:
                self._changed()
            return
        self.placed = placed
        self._to_come.extend(graph.children(None))
        nodes = []
        while self._to_come and len(self._nodes.elements) < AT_ONCE:
            nodes.append(self._nodes.make(placed, self._to_come.popleft()))
        lines = self._lines.begin(placed)
        if not self._to_come:
            self._lines.draw(AT_ONCE)
        drawn = in_sheets(self.create, nodes)
        world = self.create("div", "world unfolds" if graph.flow.unfolds else "world", *drawn, lines)
        width, height = self._size(world, placed)
        self._canvas.replaceChildren(world)
        self._own = world
        self._rove(self._stop)
        self.context.platform.viewport.show(width, height, graph.flow.id, *self._moved(before, placed))
        self._select()
        if self._is_more:
            self._go_on()
        else:
            self._changed()
        pressed, self._pressed = self._pressed, None
        self._focus(pressed)

    def _draw_rest(self) -> None:
        """Some more of a flow that is too large for one frame; once it is all there, states are painted on it."""
        placed, lines = self.placed, self._lines.element
        if placed is None or lines is None or not self._is_more:
            return
        clock = self.context.shared.clock
        until = clock.now() + REST_S
        while self._is_more and clock.now() < until:
            coming = [self._to_come.popleft() for _ in range(min(SHEET, len(self._to_come)))]
            if coming:
                lines.before(late(self.create("div", "sheet", *(self._nodes.make(placed, each) for each in coming))))
            else:
                self._lines.draw(SHEET)
        if self._is_more:
            self._go_on()
        else:
            self._canvas.append()  # nothing more: what was written is drawn, and the nodes are looked for anew
            self._select()
            self._changed()

    @property
    def _is_more(self) -> bool:
        """A part of the flow is not on the canvas yet."""
        return bool(self._to_come) or self._lines.more

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
        old, new = self._lines.element, self._lines.begin(placed)
        self._lines.draw(len(graph.flow.edges) + 1)
        if old is not None:
            old.replaceWith(new)
        width, height = self._size(world, placed)
        self._canvas.append()  # nothing more: what was written is drawn, and the nodes are looked for anew
        self.context.platform.viewport.grow(width, height)
        if stop in remade:
            self._stop = None
            self._rove(stop)
            if held:
                self._focus(stop)
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

    def center(self, node_id: str) -> None:
        """Bring a node to the middle of what is seen, or the folded group that it is in."""
        if self.placed is not None and node_id in self.placed.boxes:
            box = self.placed.absolute(self.placed.visible(node_id))
            self.context.platform.viewport.center(box.x + box.width / 2, box.y + box.height / 2)

    def go_to(self, node_id: str) -> None:
        """Bring a node to the middle, and put the focus there."""
        self.center(node_id)
        if self.placed is not None and node_id in self.placed.boxes:
            self._focus(self.placed.visible(node_id))

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
        self._focus(walk(self.placed, node_id, event.key))
        return True

    def _focus(self, node_id: str | None) -> None:
        element = self._nodes.elements.get(node_id or "")
        if element is not None:
            element.focus()

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
