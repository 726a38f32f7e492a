"""A handler context on fakes, and messages, for tests of the core and the handlers."""

from __future__ import annotations

from typing import Any

from pyapp.contract.decode import decode_item
from pyapp.contract.flow import Flow, FlowGraph
from pyapp.errors import ErrorReporter
from pyapp.link.api import Api
from pyapp.live.context import HandlerContext
from pyapp.live.tasks import RunTasks
from pyapp.locale.catalogue import Catalogue
from pyapp.run.record_old import RunRecord
from pyapp.run.tracking_old import ExecutionTracking
from pyapp.stores.stores import Stores
from pyapp.testing.clock import FakeClock
from pyapp.testing.console import ListConsole
from pyapp.testing.dom import FakeDocument
from pyapp.testing.http import FakeHttp


class World:
    """Everything a handler may touch, in memory."""

    def __init__(self, *, api: bool = False) -> None:
        self.clock, self.document, self.http, self.console = FakeClock(), FakeDocument(), FakeHttp(), ListConsole()
        self.reporter = ErrorReporter(self.console)
        self.stores = Stores(lambda source, error: self.reporter.failed(source, "drawing", error))
        self.tracking = ExecutionTracking(self.clock)
        self.refreshed: list[str] = []
        self.context = HandlerContext(
            stores=self.stores,
            tracking=self.tracking,
            clock=self.clock,
            document=self.document,
            api=Api(self.http, self.http.base if api else ""),
            tasks=RunTasks(self.clock, self.reporter),
            reporter=self.reporter,
            words=Catalogue(),
            refresh=self._refresh,
        )

    def _refresh(self, run: RunRecord) -> None:
        self.refreshed.append(run.run_id)

    def flow(self, *nodes: str, **parents: str) -> None:
        """Put a flow on the canvas: elements, and the graph of who is in whom."""
        self.document.add_nodes(*nodes)
        items = [{"id": node, "handle": node.upper(), "path": "x.Type", "parent": parents.get(node)} for node in nodes]
        self.stores.graph.set(FlowGraph(Flow.model_validate({"id": "f", "nodes": items})))

    def classes(self, node: str) -> set[str]:
        element = self.document.node(node)
        names = element.classList.names if element is not None else []
        return {name for name in names if name.startswith("execut") or name == "waiting"}


def message(event: str, run_id: str = "r", **fields: Any) -> Any:
    """One wire event; refused by the models, it fails here."""
    item = decode_item({"event": event, "run_id": run_id, **fields})
    assert getattr(item, "event", None) == event, item
    return item
