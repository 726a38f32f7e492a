"""What every view gets, and what every view is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ..clock import Clock
from ..contract.addresses import SignInRule
from ..live.server_clock import ServerClock
from ..locale.catalogue import Catalogue
from ..ports import Document, DomEvent, Element, GraphLayout, Off, Seam, Viewport, unchanged
from ..stores.rows import node_of
from ..stores.store import MapStore, Store
from ..stores.stores import Stores
from ..stores.tables import RunTable
from .frame import Frame, Mark
from .ticker import Elapsed, Ticker

if TYPE_CHECKING:
    from ..live.commands import Commands

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ViewContext:
    """Shared by the views of one page."""

    stores: Stores
    document: Document
    words: Catalogue
    commands: Commands
    clock: Clock
    server_clock: ServerClock
    frame: Frame
    ticker: Ticker
    layout: GraphLayout
    viewport: Viewport
    sign_in: SignInRule = field(default_factory=SignInRule)
    may_act: bool = True
    """False where the page is framed by an origin it does not know: nothing on it may answer for a person."""
    recorded: bool = False
    """A recorded run stands in place of a backend."""
    seam: Seam = unchanged

    def title(self, node_id: str, otherwise: str = "") -> str:
        """What the flow on the canvas calls a node."""
        graph = self.stores.graph.get()
        node = graph.node(node_id) if graph is not None else None
        return node.title if node is not None else otherwise or node_id

    def node_status(self, run_id: str, node_id: str) -> str | None:
        """How a node is in a run: its latest execution; of a group, what is in it."""
        group, mock = self.stores.groups.get((run_id, node_id)), self.stores.mock.latest(run_id, node_id)
        return group.status if group is not None else mock.status if mock is not None else None


class View:
    """Draws one region, in frames only. Owns its elements and its listening; `close` ends both.

    A view says in its constructor what it draws from: `draws` and `draws_front` for keyed stores, `shows` for the
    rest. What is there is drawn in the first frame, what changes in the next one. `clear` takes away all it drew.
    """

    rank = 5
    """The lower, the sooner its turn in a frame: what is looked at first."""

    def __init__(self, context: ViewContext) -> None:
        self.context = context
        self.stores = context.stores
        self.document = context.document
        self.words = context.words
        self._offs: list[Off] = []
        self.drawing = context.frame.add(type(self).__name__, rank=self.rank, clear=self._clear, settle=self.settle)

    @property
    def front(self) -> str:
        """The run in front; "" for none."""
        return self.stores.front.get() or ""

    # -- what it draws from ---------------------------------------------------------------------------
    def draws(self, store: MapStore[K, V], draw: Callable[[K, V | None], None]) -> Mark:
        """`draw(key, value)` for each key of the store that changed, None for one that is gone. Returns what asks."""
        part = self.part(lambda key: draw(key, store.get(key)), lambda: [key for key, _ in store.items()])
        self.owns(store.listen(part))
        return part

    def draws_front(
        self, table: RunTable[Any], draw: Callable[[str], None], *, name: Callable[[str], str] = str, anew: bool = False
    ) -> Mark:
        """`draw(name)` for each row of the run in front that changed; all of them when another run comes there.

        `name` says under which name a row is drawn: its own, unless several are drawn as one. `anew`: another run is
        drawn over nothing, else over what was there. The answer asks for names.
        """
        drawn: dict[str, None] = {}

        def draw_one(each: str) -> None:
            drawn[each] = None
            draw(each)

        def every() -> list[str]:
            return [name(each) for each in table.of_run(self.front)]

        part = self.part(draw_one, every)

        def front_changed(_: str | None) -> None:
            if anew:
                self.redraw()
            else:
                part([*drawn, *every()])
            drawn.clear()

        self.owns(table.listen(lambda keys: part([name(each) for run_id, each in keys if run_id == self.front])))
        self.owns(self.stores.front.listen(front_changed))
        return part

    def draws_nodes(self, draw: Callable[[str], None], *, anew: bool = False) -> Mark:
        """`draw(node_id)` for each node of the run in front of which an execution changed."""
        return self.draws_front(self.stores.mock, draw, name=node_of, anew=anew)

    def shows(self, draw: Callable[[], None], *stores: Store[Any]) -> Callable[[], None]:
        """`draw()` whenever one of the stores has another value; the answer asks for it, too."""
        part = self.part(lambda _: draw(), lambda: (None,))

        def again(*_: object) -> None:
            part((None,))

        for store in stores:
            self.owns(store.listen(again))
        return again

    def part(self, draw: Callable[[Any], None], every: Callable[[], Any]) -> Mark:
        """Draw the keys that the answer marks with `draw(key)`; `every()` names all there are."""
        part = self.drawing.part(self.context.seam(f"view {self.drawing.name}", draw), every)
        part(every())
        return part

    def redraw(self) -> None:
        """Draw everything anew, in the next frame."""
        self.drawing.anew()

    def clear(self) -> None:
        """Take away all that was drawn."""

    def settle(self) -> None:
        """Called at the end of each turn in a frame: for what is said of the whole."""

    def elapsed(self, element: Element) -> Elapsed:
        """A duration that goes on in an element."""
        return Elapsed(self.context.ticker, self.drawing, self.words, element)

    # -- what it owns ---------------------------------------------------------------------------------
    def owns(self, off: Off) -> None:
        """Have `off` called when the view closes."""
        self._offs.append(off)

    def on(self, region: str, event: str, selector: str, listener: Callable[[DomEvent], None]) -> None:
        """Listen in a region for as long as the view lives."""
        self.owns(self.document.on(region, event, selector, listener))

    def close(self) -> None:
        """End all listening and drawing."""
        for off in self._offs:
            off()
        self._offs.clear()
        self.context.ticker.drop(self.drawing)
        self.context.frame.drop(self.drawing)

    def _clear(self) -> None:
        self.context.ticker.drop(self.drawing)
        self.clear()
