"""What every view gets, and what every view is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from ..contract.flow import FlowGraph
from ..live.commands import Commands
from ..live.shared import Shared
from ..ports import DomEvent, Off, Platform
from ..run.record import Wanted
from ..settings import Settings
from ..stores.rows import node_of
from ..stores.store import MapStore, Store
from ..stores.tables import RunTable
from .changes import Changes, Name
from .drawing import Drawing, Mark
from .frame import Frame
from .parts import Parts
from .people.caller import Caller
from .states import NodeStates, States
from .tally import Tally
from .ticker import Elapsed, Ticker

K = TypeVar("K")
V = TypeVar("V")


class ViewContext:
    """Shared by the views of one page; owns the frames in which they draw, and the clock of what lives on it."""

    def __init__(self, shared: Shared, settings: Settings, platform: Platform, commands: Commands) -> None:
        self.shared = shared
        self.settings = settings
        self.platform = platform
        self.commands = commands
        self.stores = shared.stores
        self.words = shared.words
        self.document = platform.document
        self.parts = Parts(platform.document, shared.words, shared.server_clock.now)
        self.frame = Frame(platform.frames, shared.clock, shared.reporter, self.stores.view_health, self.document)
        self.ticker = Ticker(shared.clock, shared.server_clock, self.frame)
        self.tally = Tally(shared.stores, shared.words)
        self.states = States(shared.stores)
        self.caller = Caller(shared, platform.attention, commands.take_up, self.run_name)
        """Calls a person who looks elsewhere."""
        self._changes: dict[MapStore[Any, Any], Changes[Any]] = {}
        self.nodes = NodeStates(self.stores, self.changes)

    def changes(self, store: MapStore[K, Any]) -> Changes[K]:
        """What changes in a keyed store, frame by frame."""
        if store not in self._changes:
            self._changes[store] = Changes(self.frame, self.stores.batch, store)
        return self._changes[store]

    def graph_of(self, run_id: str) -> FlowGraph | None:
        """The run's flow, once it was on the canvas: the id of a node means nothing in another one."""
        row = self.stores.runs.get(run_id)
        return self.tally.graph(row) if row is not None else self.stores.graph.get()

    def named(self, node_id: str, run_id: str) -> str:
        """What a node of a run is called, by the run's flow or by its events; "" where neither says."""
        graph = self.graph_of(run_id)
        node = graph.node(node_id) if graph is not None else None
        if node is not None:
            return node.title
        latest = self.stores.mock.latest(run_id, node_id)
        return latest.handle if latest is not None and latest.handle != node_id else ""

    def title(self, node_id: str, run_id: str, otherwise: str = "") -> str:
        """The same for where something has to stand: its id, unless there is something better."""
        return self.named(node_id, run_id) or otherwise or node_id

    def before_runs(self, otherwise: str) -> str:
        """Before a run a newcomer reads what the flow does, else these words."""
        graph = self.stores.graph.get()
        what = graph.flow.description if graph is not None and not self.stores.front.get() else None
        return what or self.words(otherwise)

    def run_name(self, run_id: str) -> str:
        """What a run is called, wherever it is named: as its flow is, else as it says itself."""
        row = self.stores.runs.get(run_id)
        if row is None:
            return self.words("runs.name")
        return self._flow_name(row.flow_id) or row.name or row.flow_id or self.words("runs.name")

    def flow_name(self, flow_id: str) -> str:
        """What a flow is called, as far as anybody said."""
        return self._flow_name(flow_id) or flow_id

    def _flow_name(self, flow_id: str | None) -> str:
        """As the list of flows has it, else as the flow on the canvas."""
        graph = self.stores.graph.get()
        known = (*(self.stores.flows.get() or ()), *((graph.flow,) if graph is not None else ()))
        return next((flow.name for flow in known if flow.id == flow_id and flow.name), "")

    def asked_of(self, run_id: str) -> str | None:
        """What of a run waits for a person, in words; None where nothing does."""
        card = self.states.asking(run_id)
        if card is None:
            return None
        node = self.named(card.node_id or "", run_id)
        return self.words("runs.asks", node=node) if node else self.words("status.paused")

    def answered(self, run_id: str, requirement_id: str) -> Wanted | None:
        """What was asked and is answered, with the answer: the server's word, else what this page's person gave."""
        wanted = self.stores.answered.get((run_id, requirement_id))
        own = self.stores.own_answers.get((run_id, requirement_id))
        if wanted is None or own is None:
            return wanted
        told = {key: value for key, value in (wanted.answer or own).items() if value is not None}
        return replace(wanted, answer={"by": self.words("answer.you"), **told})

    def groups(self) -> Collection[str]:
        """The groups of the flow on the canvas."""
        graph = self.stores.graph.get()
        return graph.groups() if graph is not None else ()


class View(Drawing):
    """Draws one region, in frames only. Owns its elements and its listening; `close` ends both.

    A view says in its constructor what it draws from: `draws` and `draws_front` for keyed stores, `shows` for the
    rest. What is there is drawn in the first frame, what changes in the next one.
    """

    def __init__(self, context: ViewContext) -> None:
        super().__init__(type(self).__name__, context.frame)
        self.context, self.document = context, context.document
        self.commands, self.stores = context.commands, context.stores
        self._in_front = context.stores.front.get
        self.words, self.parts, self.create = context.words, context.parts, context.document.create
        self._offs: list[Off] = []

    @property
    def front(self) -> str:
        """The run in front; "" for none."""
        return self._in_front() or ""

    # -- what it draws from ---------------------------------------------------------------------------
    def draws(self, store: MapStore[K, V], draw: Callable[[K, V | None], None]) -> Mark:
        """`draw(key, value)` for each key of the store that changed, None for one that is gone. Returns what asks."""
        part = self.part(lambda key: draw(key, store.get(key)), lambda: [key for key, _ in store.items()])
        self.follows(store, part)
        return part

    def draws_front(
        self, table: RunTable[Any], draw: Callable[[str], None], *, name: Name = str, anew: bool = False
    ) -> Mark:
        """`draw(name)` for each row of the run in front that changed; all of them when another run comes there.

        `name` says under which name a row is drawn: its own, unless several are drawn as one. `anew`: another run is
        drawn over nothing, else over what was there. The answer asks for names.
        """
        drawn: dict[str, None] = {}

        def every() -> dict[str, None]:
            names = dict.fromkeys(name(each) for each in table.of_run(self.front))
            drawn.update(names)
            return names

        part = self.part(draw, every)

        def again() -> None:
            before = [*drawn]
            drawn.clear()  # of the run that was in front nothing stays
            if self.wipes and len(table.of_run(self.front)) * 2 < len(before):
                self.frame.attempt(self, self.wipe)
                before.clear()
            self.frame.attempt(self, lambda: part([*before, *every()]))

        def front_changed(_: str | None) -> None:
            """In the frame, not in the task of the message: what was drawn may be much."""
            if anew:
                self.redraw()
                drawn.clear()
            else:
                self.context.frame.before(again)

        def changed(names: dict[str, None]) -> None:
            drawn.update(names)
            part(names)

        self.follows_names(table, name, changed)
        self.owns(self.stores.front.listen(front_changed))
        return part

    def draws_nodes(self, draw: Callable[[str], None], *, anew: bool = False) -> Mark:
        """`draw(node_id)` for each node of the run in front of which an execution changed."""
        return self.draws_front(self.stores.mock, draw, name=node_of, anew=anew)

    def shows(self, draw: Callable[[], None], *stores: Store[Any]) -> Callable[[], None]:
        """`draw()` whenever one of the stores has another value; the answer asks for it, too."""
        part = self.part(lambda _: draw(), lambda: (None,))
        for store in stores:
            self.owns(store.listen(lambda _: part((None,))))
        return lambda: part((None,))

    def part(self, draw: Callable[[Any], None], every: Callable[[], Iterable[Any]]) -> Mark:
        """Draw the keys that the answer marks with `draw(key)`; `every()` names all there are."""
        mark = super().part(self.context.shared.seam(f"view {self.name}", draw), every)
        mark(every())
        return mark

    def elapsed(self, class_name: str, said: str = "") -> Elapsed:
        """A duration that goes on, in a new element."""
        return Elapsed(self.context.ticker, self, self.words, self.create("span", class_name), said)

    def follows(self, store: MapStore[K, Any], listener: Callable[[dict[K, None]], None]) -> None:
        """`listener(keys)` at the beginning of each frame before which something of the store changed."""
        self.owns(self.context.changes(store).listen(listener))

    def follows_names(self, table: RunTable[Any], name: Name, listener: Callable[[dict[str, None]], None]) -> None:
        """`listener(names)` likewise, of what the run in front has in this table, under the names that `name` gives."""
        self.owns(self.context.changes(table).named(name, self._in_front).listen(listener))

    def follows_row(self, listener: Callable[[], None]) -> None:
        """The same when the row of the run in front changed."""
        self.follows(self.stores.runs, lambda runs: listener() if self.front in runs else None)

    def follows_front(self, table: RunTable[Any], listener: Callable[[], None]) -> None:
        """The same when something that the run in front has in this table changed."""
        self.follows_names(table, str, lambda names: listener())

    def follows_run(self, listener: Callable[[], None]) -> None:
        """The same when the row of the run in front changed, or what it asks of a person."""
        self.follows_row(listener)
        self.follows_front(self.stores.interactions, listener)

    # -- what it owns ---------------------------------------------------------------------------------
    def owns(self, off: Off) -> None:
        """Have `off` called when the view closes."""
        self._offs.append(off)

    def on(self, region: str, event: str, selector: str, listener: Callable[[DomEvent], object]) -> None:
        """Listen in a region for as long as the view lives."""
        self.owns(self.document.on(region, event, selector, listener))

    def clicks(self, region: str, attribute: str, act: Callable[[str], None]) -> None:
        """`act(value)` for a click on what bears the attribute, or in it."""
        self.on(region, "click", f"[{attribute}]", lambda event: act(event.attribute(attribute) or ""))

    def follows_canvas(self) -> None:
        """Draw all anew when other elements are on the canvas."""
        self.owns(self.stores.canvas.listen(lambda _: self.redraw()))

    def wipe(self) -> None:
        self.context.ticker.drop(self)
        super().wipe()

    def close(self) -> None:
        """End all listening and drawing."""
        for off in self._offs:
            off()
        self._offs.clear()
        self.context.ticker.drop(self)
        self.context.frame.drop(self)
