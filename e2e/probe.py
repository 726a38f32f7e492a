"""What tests need to see and to break inside the page. Runs in the page, behind main.py; never shipped."""

from __future__ import annotations

import gc
import json
import sys
from typing import Any

import js
from pyodide.ffi import create_proxy


class Probe:
    """Looks into the app, and sabotages single handlers."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._healthy: dict[str, Any] = {}

    def sabotage(self, name: str) -> None:
        """Make one handler raise on everything, painting included."""

        def broken(*_: Any) -> None:
            raise RuntimeError(f"{name} is sabotaged")

        for lane in self._app.router._lanes:
            if lane.handler.name == name:
                lane.handler.handle = lane.handler.repaint = broken

    def heal(self) -> None:
        """Every handler works again."""
        for lane in self._app.router._lanes:
            for method in ("handle", "repaint"):
                lane.handler.__dict__.pop(method, None)
            lane.streak = 0
            lane.failed.clear()
            lane._stop_probe()

    def census(self) -> str:
        """How much there is of everything that could leak, after a collection."""
        gc.collect()
        tracking = self._app.tracking
        return json.dumps(
            {
                "runs": len(tracking),
                "tracked": tracking.size,
                "objects": len(gc.get_objects()),
                "modules": len(sys.modules),
                "mock": len(self._app.stores.mock),
                "rows": len(self._app.stores.runs),
                "tasks": len(self._app.tasks),
                "elements": js.document.getElementsByTagName("*").length,
            }
        )

    def types(self) -> str:
        """How many Python objects there are of each type, after a collection."""
        gc.collect()
        counts: dict[str, int] = {}
        for each in gc.get_objects():
            name = f"{type(each).__module__}.{type(each).__qualname__}"
            counts[name] = counts.get(name, 0) + 1
        return json.dumps(counts)

    def kill(self) -> None:
        """What no `try` survives: text nested too deep for the C stack kills the runtime for good."""
        json.loads("[" * 100_000)

    def run(self, run_id: str) -> str:
        """The record of a run, as plain data."""
        run = self._app.tracking.find(run_id)
        if run is None:
            return "null"
        nodes = {
            node_id: {str(order): each.status for order, each in sorted(node.executions.items())}
            for node_id, node in run.nodes.items()
        }
        return json.dumps({"status": run.status, "nodes": nodes})


def install(app: Any) -> None:
    """Make the probe reachable from JavaScript as `probe`."""
    probe = Probe(app)
    js.probe = js.Object.new()
    for name in ("sabotage", "heal", "census", "types", "kill", "run"):
        setattr(js.probe, name, create_proxy(getattr(probe, name)))


install(globals()["app"])
