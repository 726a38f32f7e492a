"""A view on fakes: stores it draws from, a document it draws on, commands it calls."""

from __future__ import annotations

from typing import Any

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.locale.catalogue import Catalogue
from pyapp.stores.stores import Stores
from pyapp.testing.clock import FakeClock
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.testing.page import FLOW, row_layout
from pyapp.testing.viewport import FakeViewport
from pyapp.views.context import View, ViewContext


class Recorder:
    """Commands that only note what a person did."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.calls.append((name, arguments))


class Gallery:
    """Where a view is looked at."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.stores = Stores(lambda source, error: self.errors.append(f"{source}: {error!r}"))
        self.document = FakeDocument()
        self.clock = FakeClock()
        self.commands = Recorder()
        self.viewport = FakeViewport()
        self.context = ViewContext(
            stores=self.stores,
            document=self.document,
            words=Catalogue(),
            commands=self.commands,  # type: ignore[arg-type]
            clock=self.clock,
            layout=row_layout,
            viewport=self.viewport,
        )

    @property
    def drawn(self) -> int:
        """How often nodes came onto the canvas."""
        return self.stores.canvas.get()

    def show(self, view: type[View]) -> View:
        return view(self.context)

    def region(self, name: str) -> FakeElement:
        return self.document.region(name)

    def flow(self, **changes: Any) -> None:
        self.stores.graph.set(FlowGraph(Flow.model_validate({**FLOW, **changes})))
