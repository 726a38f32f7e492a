"""The HTTP API of docs/contract.md §2: thin calls over the log and the portal."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ..errors import Refused
from ..web import JsonAnswer, body_of, number_of
from . import tickets
from .answers import take_answers
from .drafts import draft
from .frames import bounded
from .log.kept import is_over
from .log.port import PAGE, EventLog, NewRun, Query
from .origins import may_act
from .portal import NoExecutor, Portal, Unclear
from .rights import AT_ONCE, Action, Rights, Silent, Subject, user_of
from .settings import Settings

Call = Callable[[Request], Awaitable[Response]]
MAX_LINES_CHARS = 8 << 20
"""Of a log so much is one answer, and a little more; who wants the rest asks from its cursor."""
MAX_RUNS = 200
"""Runs that one list gives at most."""
MAX_ASKED, LIST_S = 1_024, 10.0
"""After so many runs of which the portal was asked, or seconds, a list gives what was found."""


class Api:
    """The calls. Each raises Refused for what cannot be done, or may not."""

    def __init__(self, event_log: EventLog, portal: Portal, rights: Rights, settings: Settings) -> None:
        self._log = event_log
        self._portal = portal
        self._rights = rights
        self._settings = settings

    def routes(self) -> list[Route]:
        """Every call with its path, below the base."""
        table: list[tuple[str, str, Call]] = [
            ("GET", "/flows", self.flows),
            ("GET", "/flows/{flow_id}", self.flow),
            ("POST", "/flows/{flow_id}/runs", self.start),
            ("GET", "/runs", self.runs),
            ("GET", "/runs/{run_id}", self.run),
            ("GET", "/runs/{run_id}/events", self.events),
            ("GET", "/runs/{run_id}/logs", self.logs),
            ("POST", "/runs/{run_id}/stop", self.stop),
            ("POST", "/runs/{run_id}/continue", self.answer),
            ("POST", "/tickets", self.ticket),
        ]
        return [Route(path, call, methods=[method]) for method, path, call in table]

    async def flows(self, request: Request) -> Response:
        await self._rights.need(request, "connect")
        flows = await self._portal.flows.all()
        return JsonAnswer([{"id": flow["id"], "name": flow.get("name", flow["id"])} for flow in flows])

    async def flow(self, request: Request) -> Response:
        await self._rights.need(request, "connect")
        return JsonAnswer(await self._flow(request.path_params["flow_id"]))

    async def start(self, request: Request) -> Response:
        self._need_origin(request)
        flow_id = request.path_params["flow_id"]
        await self._rights.need(request, "start", Subject(None, flow_id))  # first: a refusal names no flow
        flow_id = str((await self._flow(flow_id))["id"])
        input = (await body_of(request)).get("input")
        run_id = f"run-{secrets.token_hex(8)}"
        if isinstance(self._portal.executor, NoExecutor):
            raise Refused(501, "no_executor", "This server shows runs, and cannot start one.")
        await self._log.open(NewRun(run_id, flow_id, time.time(), input))
        try:
            await self._portal.executor.start(flow_id, run_id, input, request)
        except Unclear:  # it may be executing: only its own events say how it ends
            raise
        except Refused as error:
            end = {"event": "run_end", "status": "error", "error": str(error)}
            await self._log.append(run_id, [draft(run_id, end, time.time())])
            raise
        return JsonAnswer({"run_id": run_id}, 201)

    async def runs(self, request: Request) -> Response:
        await self._rights.need(request, "connect")
        flow_id, status, before = (request.query_params.get(name) or None for name in ("flow_id", "status", "before"))
        limit = min(MAX_RUNS, max(0, number_of(request, "limit", MAX_RUNS)))
        statuses = frozenset() if status is None else frozenset({status})
        found: list[dict[str, Any]] = []
        until, asked, size = time.monotonic() + LIST_S, 0, limit if self._rights.open else AT_ONCE
        while len(found) < limit and asked < MAX_ASKED and time.monotonic() < until:
            runs = await self._log.runs(Query(flow_id, statuses, before, size))
            may = await asyncio.gather(*(self._may_see(request, run) for run in runs), return_exceptions=True)
            if runs and all(isinstance(each, Silent) for each in may):
                raise Silent("see")
            found += [run for run, seen in zip(runs, may, strict=True) if seen is True]  # the others are passed over
            if len(runs) < size:
                break
            asked, before = asked + size, runs[-1]["run_id"]
        return JsonAnswer(found[:limit])

    async def run(self, request: Request) -> Response:
        run = await self._run(request, "see")
        del run["asked"]
        return JsonAnswer(run)

    async def events(self, request: Request) -> Response:
        run = await self._run(request, "see")
        after = bounded(number_of(request, "after", -1))
        first = await self._log.read(run["run_id"], after)

        async def lines() -> AsyncIterator[str]:
            page = first
            while page.entries:
                yield "".join(f"{entry.text}\n" for entry in page.entries)
                if page.entries[-1].seq >= page.last:
                    return
                page = await self._log.read(run["run_id"], page.entries[-1].seq)

        headers = {"cache-control": "no-store"}
        return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)

    async def logs(self, request: Request) -> Response:
        run = await self._run(request, "see")
        after = max(0, bounded(number_of(request, "after", 0)))
        lines, chars = list[Any](), 0
        while chars < MAX_LINES_CHARS:
            page = await self._log.read(run["run_id"], after - 1, "lines", PAGE)
            if not page.entries:
                after = page.last + 1
                break
            lines += [from_json(entry.text) for entry in page.entries]
            chars += sum(len(entry.text) for entry in page.entries)
            after = page.entries[-1].seq + 1
        return JsonAnswer({"lines": lines, "cursor": after})

    async def stop(self, request: Request) -> Response:
        self._need_origin(request)
        run = await self._run(request, "stop")
        if not is_over(run["status"]):
            await self._log.order(run["run_id"], {"stop": '{"type":"stop"}'})
            await self._portal.executor.stop(run["run_id"])
        return JsonAnswer({}, 202)

    async def answer(self, request: Request) -> Response:
        self._need_origin(request)
        answers = (await body_of(request)).get("requirements")
        if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
            raise Refused(400, "bad_json", "The body needs `requirements`: an array of answers, each an object.")
        run = await self._run(request, "answer")
        await take_answers(self._log, run, answers)
        await self._portal.executor.answered(run["run_id"])
        return JsonAnswer({}, 202)

    async def ticket(self, request: Request) -> Response:
        self._need_origin(request)
        await self._rights.need(request, "connect")
        ticket = await tickets.issue(self._log, user_of(request))
        return JsonAnswer({"ticket": ticket, "expires_in": tickets.EXPIRES_S})

    # -- inside -------------------------------------------------------------------------------------
    async def _flow(self, flow_id: str) -> dict[str, Any]:
        flow = await self._portal.flows.flow(flow_id)
        if flow is None:
            known = ", ".join(str(each["id"]) for each in (await self._portal.flows.all())[:20]) or "none"
            raise Refused(404, "unknown_flow", f"There is no flow {flow_id!r:.200}; this server has {known}.")
        return flow

    async def _run(self, request: Request, action: Action) -> dict[str, Any]:
        """What is known of the run, for somebody who may do this with it."""
        await self._rights.need(request, "connect")
        run = await self._log.run(request.path_params["run_id"])
        await self._rights.need(request, action, Subject(run["run_id"], run["flow_id"]))
        return run

    async def _may_see(self, request: Request, run: dict[str, Any]) -> bool:
        return await self._rights.may(request, "see", Subject(run["run_id"], run["flow_id"]))

    def _need_origin(self, request: Request) -> None:
        if not may_act(request, self._settings.origins):
            origin = request.headers.get("origin", "")
            raise Refused(403, "foreign_origin", f"A page of {origin!r:.100} may not act here.")
