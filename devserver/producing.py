"""The engine as a producer: what its runs tell goes into the event log, in order; what people want comes back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from pydantic_core import from_json
from starlette.requests import Request

from flowglow.errors import Refused
from flowglow.relay.drafts import draft, line_text
from flowglow.relay.log.port import Draft, EventLog, Query
from flowglow.relay.picture import LIVE
from flowglow.web import own_address
from flowglow.wire import to_text

from .engine.backend import Backend
from .engine.runs import Line, Stamped

AGAIN_S = 0.2
log = logging.getLogger("flowglow.devserver")
Told = Stamped | Line


class Producing:
    """Owns what is on its way into the log. A run has one producer: its numbers in the log are the engine's own."""

    def __init__(self, backend: Backend, event_log: EventLog) -> None:
        self._backend = backend
        self._log = event_log
        self._closed = False
        self._waiting: list[Told] = []
        self._sending: asyncio.Task[None] | None = None
        backend.listen(self._take)
        backend.listen_to_lines(self._take)

    async def close(self) -> None:
        """Wait until everything is in the log; what is told after that is not kept."""
        self._closed = True
        if self._sending is not None:
            await self._sending

    def _take(self, told: Told) -> None:
        if self._closed:
            return
        self._waiting.append(told)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            batch = [first]
            for each in self._waiting[1:]:
                if each.run_id != first.run_id or type(each) is not type(first):
                    break
                batch.append(each)
            try:
                if isinstance(first, Stamped):
                    await self._log.append(first.run_id, [_draft(each) for each in batch if isinstance(each, Stamped)])
                else:
                    lines = [line_text(each.line, time.time()) for each in batch if isinstance(each, Line)]
                    await self._log.write(first.run_id, lines)
            except Refused as error:
                log.warning("Run %s: %s", first.run_id, error)
                if error.status in (503, 507):  # the log is away, or full: it is tried again
                    await asyncio.sleep(AGAIN_S)
                    continue
            del self._waiting[: len(batch)]


class Executor:
    """The relay's calls, for the engine of this process."""

    def __init__(self, backend: Backend, event_log: EventLog) -> None:
        self._backend = backend
        self._log = event_log

    async def start(self, flow_id: str, run_id: str, input: Any, request: Request) -> None:
        self._backend.start(flow_id, input, own_address(request), run_id)

    async def stop(self, run_id: str) -> None:
        self._backend.stop(run_id)

    async def answered(self, run_id: str) -> None:
        run = self._backend.run(run_id)
        page = await self._log.read(run_id, -1, "orders")
        while page.entries:
            orders = [from_json(entry.text) for entry in page.entries]
            answers = [
                each for each in orders if each["type"] == "answer" and run.asked.get(each["id"]) == each["asked"]
            ]
            run.answers.give({each["id"]: each["answer"] for each in answers})
            page = await self._log.read(run_id, page.entries[-1].seq, "orders")


class BackendFlows:
    """The flows of the engine, as the relay asks for them."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def all(self) -> list[dict[str, Any]]:
        return [{"id": flow.id, "name": flow.name} for flow in self._backend.flows.values()]

    async def flow(self, flow_id: str) -> dict[str, Any] | None:
        flow = self._backend.flows.get(flow_id)
        return None if flow is None else flow.json()


async def end_unfinished(event_log: EventLog, now: Callable[[], float] = time.time) -> None:
    """Runs that an earlier process left unfinished do not go on: say so in their logs."""
    for run in await event_log.runs(Query(statuses=LIVE)):
        told = await event_log.run(run["run_id"])
        implied = {"event": "end_node", "status": "killed", "implied": True}
        ends = [
            {**implied, "node_id": node_id, "order": result["orders"][-1]}
            for node_id, result in reversed(told["results"].items())
            if result["status"] == "executing"
        ]
        end = {"event": "run_end", "status": "killed", "error": "The dev server was stopped while it ran."}
        await event_log.append(run["run_id"], [draft(run["run_id"], each, now()) for each in [*ends, end]])


def _draft(stamped: Stamped) -> Draft:
    """As the log takes it: the engine has checked and written it."""
    body = f'{{"event_id":{to_text(stamped.event_id)},{stamped.body[1:]}'
    return Draft(stamped.event_id, from_json(body), body)
