"""A view on fakes: stores it draws from, a document it draws on, commands it calls, frames that a test lets come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.errors import ErrorReporter
from pyapp.live.memory import Memory
from pyapp.live.server_clock import ServerClock
from pyapp.live.shared import Shared
from pyapp.locale.catalogue import Catalogue
from pyapp.ports import Element, Platform
from pyapp.run.record import Message
from pyapp.settings import Settings
from pyapp.stores.rows import MockNode
from pyapp.stores.stores import Stores
from pyapp.testing.address import FakeAddress
from pyapp.testing.attention import FakeAttention
from pyapp.testing.clock import FakeClock, FakeFrames
from pyapp.testing.console import ListConsole
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.testing.faults import Faults
from pyapp.testing.flow import FLOW, FakeViewport, FakeZones, row_layout
from pyapp.testing.host import FakeHost
from pyapp.testing.http import FakeHttp
from pyapp.testing.keyboard import FakeKeyboard
from pyapp.testing.socket import FakeSockets
from pyapp.testing.storage import FakeStorage
from pyapp.testing.timeline import FakeTimeline
from pyapp.views.context import View, ViewContext

V = TypeVar("V", bound=View)


class Recorder:
    """Commands that only note what a person did."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.calls.append((name, arguments))


def write(message: Message, **fields: Any) -> None:
    """Change a message in place, as the fold does, and nobody else may."""
    for name, value in fields.items():
        object.__setattr__(message, name, value)


class Gallery:
    """Where a view is looked at. What a test reads of the page is read after a frame."""

    def __init__(self, **settings: Any) -> None:
        self.console = ListConsole()
        self.reporter = ErrorReporter(self.console)
        self.stores = Stores(lambda source, error: self.reporter.failed(source, "telling", error))
        self.document = FakeDocument()
        self.clock = FakeClock()
        self.frames = FakeFrames()
        self.faults = Faults()
        self.commands = Recorder()
        self.viewport = FakeViewport()
        self.attention = FakeAttention()
        self.zones = FakeZones()
        self.timeline = FakeTimeline(self.document)
        self.address = FakeAddress()
        self.keyboard = FakeKeyboard()
        self.server_clock = ServerClock(self.clock)
        shared = Shared(
            self.clock, self.server_clock, self.stores, self.reporter, Catalogue(), self.faults, Memory(FakeStorage())
        )
        platform = Platform(
            clock=self.clock,
            document=self.document,
            http=FakeHttp(),
            sockets=FakeSockets(),
            console=self.console,
            layout=row_layout,
            viewport=self.viewport,
            zones=self.zones,
            timeline=self.timeline,
            address=self.address,
            keyboard=self.keyboard,
            host=FakeHost(),
            frames=self.frames,
            storage=FakeStorage(),
            attention=self.attention,
            random=lambda: 0.5,
        )
        self.context = ViewContext(shared, Settings(**settings), platform, self.commands)  # type: ignore[arg-type]
        self.frame = self.context.frame

    @property
    def errors(self) -> list[str]:
        """What failed, in a view or in telling it."""
        return self.console.texts("error")

    @property
    def drawn(self) -> int:
        """How often nodes came onto the canvas."""
        self.paint()
        return self.stores.canvas.get()

    def show(self, view: Callable[[ViewContext], V]) -> V:
        made = view(self.context)
        self.paint()
        return made

    def paint(self) -> None:
        """Let frames come until nothing waits to be drawn."""
        self.frames.paint_all()

    def region(self, name: str) -> FakeElement:
        self.paint()
        return self.document.region(name)

    def press(self, element: Element) -> None:
        self.document.press(element)
        self.paint()

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.paint()

    def now(self) -> float:
        """The server's time."""
        return self.server_clock.now()

    def flow(self, **changes: Any) -> None:
        self.stores.graph.set(FlowGraph(Flow.model_validate({**FLOW, **changes})))
        self.paint()

    def mock(self, node: str, order: int = 0, status: str = "executing", run_id: str = "r", **more: Any) -> None:
        """A node ran, or runs."""
        made = MockNode(f"{node}-{order}", node, node, run_id, order, status, True, **more)  # type: ignore[arg-type]
        self.stores.mock.set((run_id, made.id), made)

    def message(self, key: str = "m", *chunks: str, kind: Any = "text", source: str = "s", **more: Any) -> Message:
        """Somebody says something in run r."""
        message = Message(key, key, "r", source, kind, chunks=list(chunks), **more)
        self.stores.chat.show(message)
        return message
