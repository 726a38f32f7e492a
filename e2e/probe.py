"""What tests need to see and to break inside the page. Runs in the page, in place of main.py; never shipped."""

from __future__ import annotations

import gc
import json
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_proxy

Part = Any
"""What the port of that name is to Faults."""
QUEUED = ("Waiting", "_Part")
"""What stands in a queue of what is due: of the timers, and of the ticker."""


class Leak:
    """One object of a kind of its own."""


def _view(context: Any, draw: Callable[[], None]) -> Any:
    """A view that draws just this."""
    from pyapp.views.context import View

    view = View(context)
    view.shows(draw)()
    return view


class Probe:
    """Looks into the app, and breaks single parts of it."""

    def __init__(self, app: Any, faults: Any) -> None:
        self._app = app
        self._faults = faults
        self._offs: list[Any] = []
        self._deafened = 0
        self._kept: list[Any] = []
        self._leaking: Callable[[], Any] | None = None
        self._turns: dict[tuple[int, int], int] = {}

    def parts(self) -> str:
        """The names of all parts that can be broken."""
        return json.dumps(sorted(self._faults.names))

    def arm(self, part: str, times: int = 0) -> None:
        """Let a part raise: `times` times, 0 until it is mended."""
        self._faults.arm(part, RuntimeError(f"{part} is sabotaged"), times=times)

    def fired(self, part: str) -> int:
        """How often a broken part was called."""
        return int(self._faults.fired.get(part, 0))

    def sabotage(self, name: str) -> None:
        """Make one handler raise on everything, painting included."""
        self.arm(f"handler {name}")
        self.arm(f"repaint {name}")

    def remember(self, wanted: bool) -> None:
        """Write what a person chose to the browser's storage."""
        self._app.context.shared.memory.notifies = wanted

    def misspeak(self) -> None:
        """Let a view of a portal write once what the browser cannot be told."""

        def draw() -> None:
            self._app.document.region("chat").setAttribute("title", said.pop() if said else "said")

        said: list[Any] = [{"a set"}]
        self._app.page.add(lambda context: _view(context, draw))

    def deafen(self) -> None:
        """Let a listener of every store raise, before all others are told."""

        def broken(value: Any) -> None:
            self._deafened += 1
            raise RuntimeError("a listener is sabotaged")

        for store in vars(self._app.stores).values():
            if hasattr(store, "listen"):
                self._offs.append(store.listen(broken))

    def deafened(self) -> int:
        """How often a broken listener was told."""
        return self._deafened

    def heal(self) -> None:
        """Everything works again, and is tried at once."""
        self._faults.mend()
        for off in self._offs:
            off()
        self._offs.clear()
        self._app.router.catch_up()

    def census(self) -> str:
        """How much there is of everything that could leak, after a collection."""
        gc.unfreeze()
        gc.collect()
        runs = list(self._app.tracking.runs())
        return json.dumps(
            {
                "runs": len(runs),
                "tracked": sum(
                    1 + len(each.record.nodes) + len(each.record.tools) + len(each.animations) for each in runs
                ),
                "objects": len(gc.get_objects()),
                "modules": len(sys.modules),
                "mock": len(self._app.stores.mock),
                "rows": len(self._app.stores.runs),
                "tasks": len(self._app.tasks) + len(self._app.sync.asker),
                "elements": js.document.getElementsByTagName("*").length,
            }
        )

    def types(self) -> str:
        """How many Python objects there are of each type, after a collection; and how much all lists… of a type hold.

        What the collector does not know by itself, as text, is seen by what holds it. A place in a queue of what is due
        at its time comes and goes with the clock; what stands in it is counted by its own type.
        """
        gc.unfreeze()
        gc.collect()
        counts: dict[str, int] = {}
        for each in gc.get_objects():
            if isinstance(each, tuple) and each and type(each[-1]).__name__ in QUEUED:
                continue
            name = f"{type(each).__module__}.{type(each).__qualname__}"
            counts[name] = counts.get(name, 0) + 1
            if isinstance(each, list | dict | set | frozenset | tuple | deque):
                counts[f"in {name}"] = counts.get(f"in {name}", 0) + len(each)
        return json.dumps(counts)

    def leak(self, what: str) -> None:
        """From now on keep one such thing for each run that is forgotten: an object, a text, or a node of the page."""
        things: dict[str, Any] = {
            "object": Leak,
            "text": lambda: str(len(self._kept)),
            "element": lambda: js.document.body.append(""),
        }
        if self._leaking is None:
            self._app.tracking.on_clear(self._leak)
        self._leaking = things[what]

    def _leak(self, run_id: str) -> None:
        if self._leaking is not None:
            self._kept.append(self._leaking())

    def kill(self) -> None:
        """What no `try` survives: text nested too deep for the C stack kills the runtime for good."""
        json.loads("[" * 100_000)

    def handled(self) -> int:
        """How many events were applied."""
        return int(self._app.stores.metrics.get("handled"))

    def slices(self) -> int:
        """How often the browser got its turn while something was waiting."""
        return int(self._app.inbox.slices)

    def count_turns(self) -> None:
        """From now on, until `heal`, count the events that the handlers hear of in each turn of the page."""
        app, self._turns = self._app, {}

        def route(*event: Any, **how: Any) -> None:
            turn = (app.inbox.slices, app.stores.metrics.get("received"))
            self._turns[turn] = self._turns.get(turn, 0) + 1
            app.router.route(*event, **how)

        self._faults.arm("router", route)

    def longest_turn(self) -> int:
        """The most events of one turn since then: no frame came in it, and it was not the next slice."""
        return max(self._turns.values(), default=0)

    def run(self, run_id: str) -> str:
        """The record of a run, as plain data."""
        run = self._app.tracking.find(run_id)
        if run is None:
            return "null"
        nodes = {
            node_id: {str(order): each.status for order, each in sorted(node.executions.items())}
            for node_id, node in run.record.nodes.items()
        }
        return json.dumps({"status": run.status, "nodes": nodes})


def install() -> None:
    """Start the page, and make the probe reachable from JavaScript as `probe`."""
    from pyapp.browser.entry import start

    faults = Faults()  # type: ignore[name-defined]  # noqa: F821  (pyapp/testing/faults.py stands before this file)
    probe = Probe(start(seam=faults), faults)
    js.probe = js.Object.new()
    for name in (name for name in vars(Probe) if not name.startswith("_")):
        setattr(js.probe, name, create_proxy(getattr(probe, name)))


install()
