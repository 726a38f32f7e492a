"""The HTTP API of docs/contract.md §2: thin calls over the backend."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flowglow.errors import Refused
from flowglow.web import JsonAnswer, body_of, number_of, own_address

from .engine.backend import MAX_RUNS, Backend
from .tickets import EXPIRES_S, Tickets

Call = Callable[[Request], Awaitable[Response]]


class Api:
    """The calls. Each raises Refused for what cannot be done."""

    def __init__(self, backend: Backend, tickets: Tickets) -> None:
        self._backend = backend
        self._tickets = tickets

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
        return JsonAnswer([{"id": flow.id, "name": flow.name} for flow in self._backend.flows.values()])

    async def flow(self, request: Request) -> Response:
        return JsonAnswer(self._backend.flow(request.path_params["flow_id"]).json())

    async def start(self, request: Request) -> Response:
        body = await body_of(request)
        run = self._backend.start(request.path_params["flow_id"], body.get("input"), own_address(request))
        return JsonAnswer({"run_id": run.run_id}, 201)

    async def runs(self, request: Request) -> Response:
        flow_id, status, before = (request.query_params.get(name) or None for name in ("flow_id", "status", "before"))
        limit = max(0, number_of(request, "limit", MAX_RUNS))
        return JsonAnswer([run.summary() for run in self._backend.runs(flow_id, status, before, limit)])

    async def run(self, request: Request) -> Response:
        return JsonAnswer(self._backend.run(request.path_params["run_id"]).json())

    async def events(self, request: Request) -> Response:
        run = self._backend.run(request.path_params["run_id"])
        events = run.events(number_of(request, "after", -1))
        text = "".join(f"{event.text}\n" for event in events)
        return Response(text, media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    async def logs(self, request: Request) -> Response:
        run = self._backend.run(request.path_params["run_id"])
        return JsonAnswer(run.lines(number_of(request, "after", 0)))

    async def stop(self, request: Request) -> Response:
        self._backend.stop(request.path_params["run_id"])
        return JsonAnswer({}, 202)

    async def answer(self, request: Request) -> Response:
        answers = (await body_of(request)).get("requirements")
        if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
            raise Refused(400, "bad_json", "The body needs `requirements`: an array of answers, each an object.")
        self._backend.answer(request.path_params["run_id"], answers)
        return JsonAnswer({}, 202)

    async def ticket(self, request: Request) -> Response:
        return JsonAnswer({"ticket": self._tickets.issue(), "expires_in": EXPIRES_S})
