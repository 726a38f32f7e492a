"""A frame on fakes, and drawings that note what they drew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyapp.errors import ErrorReporter
from pyapp.stores.rows import ViewHealth
from pyapp.stores.store import Batch, MapStore
from pyapp.testing.clock import FakeClock, FakeFrames
from pyapp.testing.console import ListConsole
from pyapp.testing.dom import FakeDocument
from pyapp.views.drawing import Drawing
from pyapp.views.frame import Frame


class Noted(Drawing):
    """A drawing that notes when it is cleared."""

    def __init__(self, name: str, frame: Frame, log: list[tuple[str, Any]], rank: int) -> None:
        super().__init__(name, frame)
        self.rank = rank
        self.log = log

    def clear(self) -> None:
        self.log.append((self.name, "clear"))


class Painted:
    """A frame, and drawings that note what they drew."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.frames = FakeFrames()
        self.console = ListConsole()
        self.document = FakeDocument()
        self.health: MapStore[str, ViewHealth] = MapStore(Batch(lambda source, error: None))
        self.frame = Frame(self.frames, self.clock, ErrorReporter(self.console), self.health, self.document)
        self.log: list[tuple[str, Any]] = []
        self.broken: set[tuple[str, Any]] = set()

    def add(self, name: str, *keys: Any, rank: int = 1, cost_s: float = 0.0) -> tuple[Drawing, Callable[..., None]]:
        """A drawing of these keys; each takes so long."""
        drawing = Noted(name, self.frame, self.log, rank)

        def draw(key: Any) -> None:
            self.clock.spend(cost_s)
            if (name, key) in self.broken:
                raise RuntimeError(f"{name} cannot draw {key}")
            self.log.append((name, key))

        return drawing, drawing.part(draw, lambda: keys)

    def drawn(self, name: str) -> list[Any]:
        return [key for each, key in self.log if each == name]
