"""What the dev server's tests share: small real flows, waiting for the end of a run, a server on a free port."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Mapping
from typing import Any

from devserver.engine.backend import Backend
from devserver.engine.engine import GraphFlow, Work
from devserver.engine.flow import Edge, Flow, Node
from devserver.engine.runs import Line, Run, RunHandle, Stamped
from tests.flowglow.serving import PATIENCE_S, served

__all__ = ["PATIENCE_S", "Heard", "Scripted", "chain", "served"]


def chain(works: Mapping[str, Work], id: str = "chain") -> GraphFlow:
    """A flow whose nodes stand in a row."""
    ids = list(works)
    edges = [Edge(one, other) for one, other in itertools.pairwise(ids)]
    return GraphFlow(id, id.title(), [Node(each, f"test.{each.title()}") for each in ids], edges, works)


class Scripted(Flow):
    """A flow that emits the given events, and then waits until it is let go."""

    def __init__(self, id: str, *events: Mapping[str, Any], wait: bool = False) -> None:
        super().__init__(id, id.title(), [Node("a", "test.A")])
        self.events = events
        self.go_on = asyncio.Event()
        if not wait:
            self.go_on.set()

    async def run(self, run: RunHandle, input: Any) -> None:
        for event in self.events:
            run.emit(event)
        await self.go_on.wait()


class Heard:
    """Every event and log line of a backend, as a page would get it; waits for what is to come."""

    def __init__(self, backend: Backend) -> None:
        self.events: list[dict[str, Any]] = []
        self._lines: list[Line] = []
        self._changed = asyncio.Event()
        backend.listen(self._take)
        backend.listen_to_lines(self._lines.append)

    def of(self, run: Run) -> list[dict[str, Any]]:
        return [event for event in self.events if event["run_id"] == run.run_id]

    def lines(self, run: Run) -> list[Mapping[str, Any]]:
        """What was written to the run's log."""
        return [each.line for each in self._lines if each.run_id == run.run_id]

    async def until(self, run: Run, count: int = 1, **fields: Any) -> dict[str, Any]:
        """The first event of the run that has these fields, or the `count`th."""

        async def wait() -> dict[str, Any]:
            while True:
                events = [each for each in self.of(run) if all(each.get(key) == value for key, value in fields.items())]
                if len(events) >= count:
                    return events[count - 1]
                self._changed.clear()
                await self._changed.wait()

        async with asyncio.timeout(PATIENCE_S):
            return await wait()

    async def end(self, run: Run) -> dict[str, Any]:
        """The event that ends the run."""
        return await self.until(run, event="run_end")

    def _take(self, event: Stamped) -> None:
        self.events.append(json.loads(event.text))
        self._changed.set()
