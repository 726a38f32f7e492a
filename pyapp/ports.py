"""Ports: the few things of a browser that the page needs, as types.

`pyapp.browser` has the real ones, `pyapp.testing` the fakes. Names are the DOM's own: who knows it knows these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeVar

from .clock import Clock, Timer
from .elements import DomEvent as DomEvent
from .elements import Element as Element
from .elements import Sketch as Sketch
from .elements import TextStream as TextStream
from .errors import Console
from .person import Address, Host, Keyboard

Part = TypeVar("Part")
Off = Callable[[], None]
"""Ends what was begun: removes a listener, and frees what it held."""


class Document(Protocol):
    """The page: finds and makes elements. A miss is None, never an exception."""

    def create(self, tag: str, class_name: str = "", *content: Element | Sketch | str, **attributes: str) -> Element:
        """A new element with text and elements in it.

        `data_node_id="x"` becomes `data-node-id`, `style_left="4px"` the style `left`."""

    def sketch(self, tag: str, class_name: str = "", *content: Sketch | str, **attributes: str) -> Sketch:
        """What `create` gives, for the inside of another element."""

    def sketch_icon(self, name: str, class_name: str = "icon") -> Sketch:
        """What `icon` gives, for the inside of another element."""

    def sketch_button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> Sketch:
        """What `button` gives, for the inside of another element."""

    def sketch_markdown(self, class_name: str, text: str) -> Sketch:
        """A text as `markdown` shows it, for the inside of another element."""

    def icon(self, name: str, class_name: str = "icon") -> Element:
        """An icon of the page's own sprite; decoration only, words stand beside it."""

    def button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> Element:
        """A button with an icon and words."""

    def region(self, region_id: str) -> Element:
        """The region `#region_id` of the page. Missing is an error of the page: raises LookupError."""

    def node(self, node_id: str) -> Element | None:
        """The canvas element of a node, looked up afresh."""

    def part(self, node_id: str, class_name: str) -> Element | None:
        """The part of a node's own element with this class; None where it has none."""

    def on_nodes_added(self, listener: Callable[[], None]) -> Off:
        """Call `listener` when node elements were added to the canvas, by the page or by anybody else."""

    def markdown(self, element: Element, text: str) -> None:
        """Put the text into the element as Markdown; nothing in it can run or load anything."""

    def html(self, element: Element, text: str) -> None:
        """Put foreign HTML into the element, sanitised: nothing in it can run, load or pose as the page."""

    def stream(self, element: Element) -> TextStream:
        """Let a text grow in the element; nothing in it can run or load anything."""

    def holds_focus(self, region_id: str) -> bool:
        """Whether the focus is on a region, or in it."""

    def scroll_to(self, element: Element) -> None:
        """Scroll as little as it takes for the element to be seen."""

    def open_window(self, url: str) -> None:
        """Open a window that knows nothing of this one; only in answer to a click, else browsers refuse."""

    def copy(self, text: str) -> None:
        """Put text on the clipboard, where the browser allows it."""

    def save(self, name: str, text: str) -> None:
        """Let the person keep a text as a file of this name."""

    def show_large(self) -> None:
        """Open the dialog `#large`; what bears `data-close`, Escape and a click beside it close it again."""

    def say_times(self, say: Callable[[float, bool], str]) -> None:
        """Say anew each moment on the page: what has `data-at` is given what `say(at, whether it is exact)` says."""

    def find_in(self, region_id: str, text: str, *, again: bool = False) -> int:
        """Mark what matches the text in a region, and bring the first match to the eye; "" takes all marks away.

        How often it is there; of very many only the first are marked. `again`: mark alone."""

    def strip(self, *class_names: str) -> None:
        """Take these classes off every canvas element that has any; work grows with those only."""

    def classes(self, owned: tuple[str, ...], wanted: dict[str, str], *, but: Collection[str] | None = ()) -> None:
        """Of the `owned` classes, leave each canvas node the one it is `wanted` to have, and no other.

        Nodes in `but` that are not wanted are left alone; with None, all of them. One pass, however many change."""

    def mark(self, attribute: str, wanted: dict[str, str | None]) -> None:
        """Give these canvas nodes the value of this attribute that is `wanted`; None takes it away. One pass."""

    def unmark(self, attribute: str) -> None:
        """Take this attribute from every canvas node that bears it."""

    def name(self, element: Element, name: str) -> None:
        """Say what a canvas node is called by itself; the words that `mark_rest` puts around it stay."""

    def mark_rest(self, attribute: str, value: str, words: str, at_most: int) -> bool:
        """Give this value to canvas nodes that have none of this attribute, and `words` around their names.

        "{name}" in the words stands for what a node is called. True while nodes are left: it is `at_most` so many."""

    def unmark_rest(self, attribute: str, value: str, at_most: int) -> bool:
        """Take this value, and the words, from canvas nodes that bear it. True while nodes are left."""

    def on(self, region_id: str, event: str, selector: str, listener: Callable[[DomEvent], object]) -> Off:
        """Call `listener` for events in a region whose target is in an element that matches `selector`."""

    def hold(self, author: str) -> None:
        """Keep what is written from now on, until `release`; it is the author's. Classes of nodes are never kept.

        Whoever reads what was written has it drawn first."""

    def release(self) -> dict[str, Exception]:
        """Draw what was kept, at once; from now on what is written is drawn at once. Whose failed, and why."""

    def root_attribute(self, name: str, value: str) -> None:
        """Set an attribute of `<html>`."""


class Box(NamedTuple):
    """A rectangle in CSS pixels, from its container's top left."""

    x: float
    y: float
    width: float
    height: float


class GraphLayout(Protocol):
    """Places the nodes of one level of a graph that has no positions of its own, left to right."""

    def __call__(self, sizes: dict[str, tuple[float, float]], edges: list[tuple[str, str]]) -> dict[str, Box]: ...


class Viewport(Protocol):
    """The window onto the canvas: what of it is seen, and how large."""

    def show(self, width: float, height: float, name: str, right: float = 0.0, down: float = 0.0) -> None:
        """A world of this size (CSS pixels) is on the canvas: show all of it.

        Unless it has the name of the last one and a person has moved the view: then what stands now so far to the
        right and down stays where it is on the screen."""

    def grow(self, width: float, height: float) -> None:
        """The world has become so large, and what stood stands: nothing moves on the screen. Where a person has not
        moved the view and the whole is seen no more, it is shown again, smoothly."""

    def fit(self) -> None:
        """Show all of the world."""

    def zoom(self, factor: float) -> None:
        """Enlarge (over 1) or shrink (under 1) round the middle of what is seen."""

    def center(self, x: float, y: float) -> None:
        """Bring a point of the world to the middle, at a size at which it can be read."""


class Zones(Protocol):
    """The zones of the page and their tabs; which are folded or in front is a person's choice, kept outside Python."""

    def reveal(self, name: str) -> None:
        """Bring something to the eye, because a person asked for it.

        A tab by its panel's name (`canvas`, `timeline`, `chat`, `output`, `details`), or `runs`, `log`, `waiting`;
        `node`: what tells of the chosen node, the output unless the details are in front."""

    def lead(self, name: str) -> None:
        """Bring it to the eye because the run in front leads there: what a person has enlarged stays so."""

    def leadBack(self) -> None:
        """What was led to is no more what the page is about: a phone is back at its top, unless a person scrolled."""

    def turnTo(self, name: str) -> None:
        """Bring it to the front where it stands, tab and fold; nothing else moves."""

    def suggest(self, name: str) -> None:
        """Bring it to the eye because it seems of use; what a person has chosen by hand stays as it is."""

    def addTab(self, name: str, title: str) -> None:
        """Add a tab to the panel on the right, with an empty region `#own-<name>`; one that is there stays."""

    def addStyles(self, address: str) -> Awaitable[str]:
        """Add a style sheet of the page's own origin: "" once it is there, else `origin` or `absent`."""


class TimelineSurface(Protocol):
    """Draws in `#timeline`. Events there tell who looks (`shown`, `[data-shown]`) and chooses (`choose`), and how a
    person looks (`look`, `[data-look]`: a JSON object as for `lookAt`)."""

    def open(self, words: str) -> None:
        """Begin with nothing drawn; `words` is a JSON object of what it writes."""

    def take(self, news: str) -> None:
        """What changed, as one JSON object (`views.timeline.telling`)."""

    def lookAt(self, wanted: str) -> None:
        """Look at it in this way, as soon as that run is there: a JSON object {run, scale, span, critical}."""


MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""The largest HTTP body that is read: more would leave no memory for the page."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """`status` as answered; `text` is the body, decoded as UTF-8; `date` the time at the server, if it was told.

    The time is that of the header `Date`: whole seconds since the epoch."""

    status: int
    text: str
    date: float | None = None


class StreamEvents(Protocol):
    """What the answer to a request tells while it comes. Nothing is told once the stream was let go of."""

    def answered(self, status: int, kind: str) -> None:
        """Its head is here: the status, and the header Content-Type."""

    def received(self, chunk: bytes) -> None: ...
    def ended(self, error: str | None) -> None:
        """All of it came; with an error: it broke off, or never began."""


class Stream(Protocol):
    """An answer that comes in pieces, from the moment it is asked for."""

    def close(self) -> None:
        """Let go at once: nothing is heard of it any more."""


class Http(Protocol):
    """HTTP requests with `credentials: same-origin`; a `token` goes as `Authorization: Bearer`."""

    async def request(
        self, method: str, url: str, *, body: str | None = None, token: str | None = None, timeout_s: float = 10.0
    ) -> HttpResponse:
        """Raises TimeoutError after `timeout_s`, OSError when no answer came or it is over MAX_ANSWER_BYTES.

        PermissionError, which is one, where none came of another origin: the browser may have kept it from the page."""


class StreamingHttp(Http, Protocol):
    """The same, where an answer may come in pieces, too."""

    def stream(
        self, method: str, url: str, *, body: str | None, headers: Mapping[str, str], events: StreamEvents
    ) -> Stream:
        """Ask, and tell the answer while it comes, never before this returns."""


class SocketEvents(Protocol):
    """What a socket tells its owner. `generation` names the socket: late words of an old one are ignored."""

    def opened(self, generation: int) -> None: ...
    def received(self, generation: int, frame: object) -> None: ...
    def ended(self, generation: int, code: int, reason: str) -> None: ...


class Socket(Protocol):
    """One WebSocket, from the moment it is opened."""

    def send(self, text: str) -> None:
        """Send a text frame; on a socket that is not open this does nothing."""

    def close(self) -> None:
        """Let go at once: nothing is heard of it any more, whether or not the other side answers."""


class SocketFactory(Protocol):
    """Opens WebSockets. Raises ValueError where the browser refuses even to try (a bad URL, CSP)."""

    def is_open(self, url: str) -> bool:
        """Whether one was opened to this address before anybody asked; `open` gives that one, and needs no ticket."""

    def open(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> Socket: ...


class Frames(Protocol):
    """The moments at which the browser paints. None comes while nobody looks at the page."""

    def request(self, draw: Callable[[], None]) -> Timer:
        """Call `draw` once, just before the next paint."""


class Storage(Protocol):
    """What the browser keeps for this page until the next time. Where it refuses, nothing is kept: never raises."""

    def read(self, key: str) -> str | None: ...
    def write(self, key: str, text: str) -> None: ...


Permission = Literal["never", "ask", "granted", "denied"]
"""Whether notifications may be shown; never: this browser or frame has none."""


class Attention(Protocol):
    """How the page calls somebody who looks elsewhere: a number in its title and on its icon, and notifications."""

    @property
    def hidden(self) -> bool:
        """Nobody sees the page."""

    @property
    def permission(self) -> Permission: ...
    def count(self, number: int) -> None:
        """So many things wait; 0 takes the number away."""

    async def ask(self) -> Permission:
        """Ask the person for notifications; only in answer to a click, else browsers refuse."""

    def notify(self, title: str, text: str, key: str, clicked: Callable[[], None]) -> Off:
        """Show a notification; one with the same `key` takes its place. A click brings the page up; `Off` closes it."""


class Seam(Protocol):
    """Where faults are injected: each guarded part of the page passes through it once, by name, when it is wired."""

    def __call__(self, name: str, part: Part) -> Part:
        """The part to use: the one given, or another in its place."""


def unchanged(name: str, part: Part) -> Part:
    """The Seam of a page that is in use: every part is the real one."""
    return part


@dataclass(frozen=True, slots=True)
class Platform:
    """What the page needs of the outside: `pyapp.browser.page` makes the real one, tests make it of fakes."""

    clock: Clock
    document: Document
    http: StreamingHttp
    sockets: SocketFactory
    console: Console
    layout: GraphLayout
    viewport: Viewport
    zones: Zones
    timeline: TimelineSurface
    address: Address
    keyboard: Keyboard
    host: Host
    frames: Frames
    storage: Storage
    attention: Attention
    random: Callable[[], float]
    languages: tuple[str, ...] = ()
    """What the person reads, dearest first, as tags of BCP 47."""
    seam: Seam = unchanged
