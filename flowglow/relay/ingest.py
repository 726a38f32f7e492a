"""What producers call: they send events and log lines, and read what is wanted of them. By key, never by a page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pyapp.contract.decode import parse

from ..errors import Refused
from ..reading import TooDeep, held
from ..reading import read as read_json
from ..web import JsonAnswer, body_of, bytes_of, number_of
from .drafts import MAX_ID_CHARS, draft, is_moment, line_id, line_text
from .health import Health
from .hub import Hub
from .log.port import EventLog, Full, NewRun, Unavailable
from .metrics import Metrics
from .rights import Rights, Subject

T = TypeVar("T")
MAX_BODY = 8 << 20
MAX_LINES = 5_000
"""Events, or log lines, in one call."""
TURN = 200
"""Lines that are read before others have their turn."""
MAX_WAIT_S = 30
UNTAKEN = "Events of producers were refused lately"
MAX_NUMBER = 2**53 - 1
"""No number of a stream is higher."""


class Ingest:
    """The calls. Each is whole or not at all, and may be sent again."""

    def __init__(self, event_log: EventLog, hub: Hub, rights: Rights, metrics: Metrics, health: Health) -> None:
        self._log = event_log
        self._hub = hub
        self._rights = rights
        self._metrics = metrics
        self._health = health

    def routes(self) -> list[Route]:
        """Every call with its path, below the base."""
        return [
            Route("/runs/{run_id}", self.open, methods=["PUT"]),
            Route("/runs/{run_id}/events", self.events, methods=["POST"]),
            Route("/runs/{run_id}/logs", self.logs, methods=["POST"]),
            Route("/runs/{run_id}/orders", self.orders, methods=["GET"]),
        ]

    async def open(self, request: Request) -> Response:
        """Make a run known before its first event: `{flow_id?, input?, started_at?}`."""
        run_id = await self._run_id(request)
        body = await body_of(request)
        flow_id, started_at = body.get("flow_id"), body.get("started_at", time.time())
        if not isinstance(flow_id, str | None) or not is_moment(started_at):
            raise Refused(422, "bad_run", "`flow_id` must be text, and `started_at` seconds since the epoch.")
        if flow_id is not None and len(flow_id) > MAX_ID_CHARS:
            raise Refused(422, "bad_run", f"A flow's id may have {MAX_ID_CHARS} characters.")
        new = await self._log.open(NewRun(run_id, flow_id, float(started_at), body.get("input")))
        return JsonAnswer({"run_id": run_id, "new": new}, 201 if new else 200)

    async def events(self, request: Request) -> Response:
        """NDJSON of events, all of one run: the number of each. One that was sent before keeps its number."""
        run_id = await self._run_id(request)
        now = time.time()
        drafts = await _lines(request, lambda event: draft(run_id, event, now))
        began = time.perf_counter()
        with self._metrics.refused.count_exceptions((Full, Unavailable)), self._health.noting(UNTAKEN):
            seqs = await self._log.append(run_id, drafts)
        self._metrics.append_s.observe(time.perf_counter() - began)
        self._metrics.ingested.inc(len(seqs))
        return JsonAnswer({"seqs": seqs})

    async def logs(self, request: Request) -> Response:
        """NDJSON of log lines `{text, level?, node_id?, ts?, line_id?}`; one whose id is known is not kept again."""
        run_id = await self._run_id(request)
        now = time.time()
        told = await _lines(request, lambda line: (line_text(line, now), line_id(line)))
        await self._log.write(run_id, [text for text, _ in told], [each for _, each in told])
        return JsonAnswer({}, 202)

    async def orders(self, request: Request) -> Response:
        """What is wanted of whoever executes the run behind a cursor; `wait` seconds are waited for it."""
        run_id = await self._run_id(request)
        after = min(MAX_NUMBER, max(0, number_of(request, "after", 0)))
        patience_s = min(MAX_WAIT_S, max(0, number_of(request, "wait", 0)))
        asking = asyncio.ensure_future(self._hub.orders.read(run_id, after - 1, patience_s))
        leaving = asyncio.ensure_future(_left(request))
        await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not asking.done():
            asking.cancel()
            return JsonAnswer({})  # to nobody
        page = asking.result()
        cursor = page.entries[-1].seq + 1 if page.entries else page.last + 1
        if cursor < after:  # of a log that began anew
            cursor = 0
        return JsonAnswer({"orders": [held(entry.text) for entry in page.entries], "cursor": cursor})

    async def _run_id(self, request: Request) -> str:
        run_id = str(request.path_params["run_id"])
        await self._rights.need(request, "ingest", Subject(run_id, None))
        if len(run_id) > MAX_ID_CHARS:
            raise Refused(422, "bad_run", f"A run's id may have {MAX_ID_CHARS} characters.")
        return run_id


async def _left(request: Request) -> None:
    """Wait until whoever asks is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _lines(request: Request, read: Callable[[Mapping[str, Any]], T]) -> list[T]:
    """The lines of an NDJSON body, each read. Raises Refused with the number of the line that is wrong."""
    found: list[T] = []
    for number, line in enumerate((await bytes_of(request, MAX_BODY)).split(b"\n"), start=1):
        if number % TURN == 0:
            await asyncio.sleep(0)
        if not line.strip():
            continue
        if len(found) == MAX_LINES:
            raise Refused(413, "too_many", f"A call may have {MAX_LINES} lines; send what is more in another call.")
        try:
            value = read_json(line.decode(), parse)
        except TooDeep as error:
            raise Refused(422, "too_deep", f"Line {number}: {error}.") from None
        except ValueError as error:
            raise Refused(400, "bad_json", f"Line {number} is not JSON: {error}.") from None
        if not isinstance(value, dict):
            raise Refused(400, "bad_json", f"Line {number} is no JSON object.")
        try:
            found.append(read(value))
        except Refused as error:
            raise Refused(error.status, error.code, f"Line {number}: {error}") from None
    return found
