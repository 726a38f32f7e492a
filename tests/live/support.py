"""What tests of live and handlers share: handlers on fakes, a whole page, and events."""

from __future__ import annotations

import json
from typing import Any

from pyapp.contract.decode import decode_item
from pyapp.contract.flow import Flow, FlowGraph
from pyapp.errors import ErrorReporter
from pyapp.live.context import HandlerContext
from pyapp.live.handler import EventHandler
from pyapp.live.memory import Memory
from pyapp.live.router import EventRouter
from pyapp.live.server_clock import ServerClock
from pyapp.live.shared import Shared
from pyapp.live.tasks import RunTasks
from pyapp.locale.catalogue import Catalogue
from pyapp.run.run import Run
from pyapp.run.tracking import ExecutionTracking
from pyapp.settings import Settings
from pyapp.stores.stores import Stores
from pyapp.testing.clock import FakeClock
from pyapp.testing.console import ListConsole
from pyapp.testing.dom import FakeDocument
from pyapp.testing.faults import Faults
from pyapp.testing.page import FakePage
from pyapp.testing.storage import FakeStorage

Json = dict[str, Any]


class World:
    """Everything handlers may touch, in memory, with run r in front. Nothing is asked of a server: wishes are noted."""

    def __init__(self, *handlers: EventHandler, debug: bool = False) -> None:
        self.clock, self.document, self.console, self.faults = FakeClock(), FakeDocument(), ListConsole(), Faults()
        self.reporter = ErrorReporter(self.console)
        self.stores = Stores(self.reporter.failed_drawing)
        self.tracking = ExecutionTracking(self.clock)
        self.wished: list[tuple[str, str]] = []
        server_clock = ServerClock(self.clock)
        self.shared = Shared(
            self.clock, server_clock, self.stores, self.reporter, Catalogue(), self.faults, Memory(FakeStorage())
        )
        self.shared.wishes.listen(lambda run_id, wish: self.wished.append((run_id, wish)))
        tasks = RunTasks(self.clock, self.reporter)
        self.context = HandlerContext(self.shared, self.document, self.tracking, tasks)
        self.router = EventRouter(self.context, handlers, debug=debug)
        self.stores.front.set("r")

    @property
    def run(self) -> Run:
        return self.tracking.run("r")

    def flow(self, *nodes: str, **parents: str) -> None:
        """Put a flow on the canvas: elements, and the graph of who is in whom."""
        self.document.add_nodes(*nodes)
        items = [{"id": node, "handle": node.upper(), "path": "x.Type", "parent": parents.get(node)} for node in nodes]
        graph = FlowGraph(Flow.model_validate({"id": "f", "nodes": items}))
        self.tracking.set_flow(graph)
        self.stores.graph.set(graph)

    def hear(self, event: str, run_id: str = "r", *, replayed: bool = False, **fields: Any) -> None:
        """An event comes in: into the record of its run, and to the handlers."""
        made = message(event, run_id, **fields)
        with self.stores.batch():
            taken = self.tracking.take(made, self.context.server_clock.now() if made.ts is None else made.ts)
            for each, touched in taken.steps:
                self.router.route(each, touched, replayed=replayed)

    def classes(self, node: str) -> set[str]:
        element = self.document.node(node)
        names = element.classList.names if element is not None else []
        return {name for name in names if name.startswith("execut") or name == "waiting"}


def message(event: str, run_id: str = "r", **fields: Any) -> Any:
    """One wire event; refused by the models, it fails here."""
    item = decode_item({"event": event, "run_id": run_id, **fields})
    assert getattr(item, "event", None) == event, item
    return item


def ev(name: str, run_id: str = "r", **fields: Any) -> Json:
    """One event as it goes over the wire."""
    return {"event": name, "run_id": run_id, **fields}


def numbered(*events: Json, ids: bool = False, first: int = 0) -> list[Json]:
    """Events with their numbers, and `ids` if wanted."""
    return [
        {**each, "seq": seq, **({"event_id": f"e{seq}"} if ids else {})} for seq, each in enumerate(events, start=first)
    ]


def lines(*events: Json) -> str:
    """Events as NDJSON."""
    return "".join(json.dumps(each) + "\n" for each in events)


async def opened(settings: Settings | None = None, **options: Any) -> FakePage:
    """A page with a flow and an open link."""
    page = FakePage(settings, **options)
    await page.open()
    return page


async def passes(page: FakePage, seconds: float, step_s: float = 0.5) -> None:
    """Time passes, and the page has its turn after each step of it."""
    for _ in range(round(seconds / step_s)):
        await page.advance(step_s)


async def closed(page: FakePage) -> None:
    """End a page: nothing of it may stay behind."""
    page.app.stop()
    await page.settle()
    assert (page.sockets.live, page.clock.pending, page.document.listeners) == (0, 0, 0)


def notices(page: FakePage) -> str:
    return page.document.region("notices").textContent


def chat(page: FakePage) -> list[str]:
    """What is said in the chat, bubble by bubble."""
    return [each.textContent for each in page.document.region("chat").find_all(".bubble-body")]
