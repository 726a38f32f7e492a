"""ScriptedPortal: a backend that does what a test tells it, over a real HTTP port and real WebSockets.

It knows docs/contract.md and nothing else. It runs in a thread of its own; `send` and the rest may be
called from the test's thread.
"""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from .server import Server, page_query

Json = dict[str, Any]


def demo_flow(count: int = 4, flow_id: str = "demo") -> Json:
    """A line of nodes n0 → n1 → …"""
    nodes = [
        {"id": f"n{i}", "handle": f"Node {i}", "path": f"demo.nodes.Step{i}", "position": {"x": i * 240, "y": 40}}
        for i in range(count)
    ]
    edges = [{"source": f"n{i}", "target": f"n{i + 1}"} for i in range(count - 1)]
    return {"id": flow_id, "name": f"Flow {flow_id}", "nodes": nodes, "edges": edges}


class ScriptedPortal:
    """Owns the server, the open sockets, and what came over them."""

    def __init__(self) -> None:
        self.flows: dict[str, Json] = {"demo": demo_flow()}
        self.runs: dict[str, Json] = {}
        self.logs: dict[str, list[Json]] = {}
        self.events: dict[str, list[Json]] = {}
        self.failing: dict[str, int] = {}
        """Path prefix → status it answers with."""
        self.answers: list[Json] = []
        """What people answered, in order: {"run_id", and the answer}."""
        self.inputs: list[Any] = []
        """The `input` of each run that was started."""
        self.next_run = "run-1"
        self.received: list[Json] = []
        self.requests: list[str] = []
        self.connections = 0
        self._sockets: set[WebSocket] = set()
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server = Server([
            Route("/api/flows", self._flows),
            Route("/api/flows/{id}", self._flow),
            Route("/api/flows/{id}/runs", self._start, methods=["POST"]),
            Route("/api/runs", self._runs),
            Route("/api/runs/{id}", self._run),
            Route("/api/runs/{id}/events", self._events),
            Route("/api/runs/{id}/logs", self._logs),
            Route("/api/runs/{id}/stop", self._stop, methods=["POST"]),
            Route("/api/runs/{id}/continue", self._continue, methods=["POST"]),
            Route("/api/tickets", self._ticket, methods=["POST"]),
            WebSocketRoute("/ws", self._socket),
        ])  # fmt: skip

    # -- for the test -------------------------------------------------------------------------------
    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def query(self) -> str:
        """The page's query string for this backend."""
        return page_query(self.port)

    def send(self, *items: Json | list[Json] | str) -> None:
        """Send frames to every open socket, in order; text goes out as it is."""
        for item in items:
            for event in item if isinstance(item, list) else [item]:
                self._note(event)
            self._call(self._send(item if isinstance(item, str) else json.dumps(item)))

    def drop(self, code: int = 1012) -> None:
        """Close every socket."""
        self._call(self._drop(code))

    def wait_for(self, what: str, timeout_s: float = 10.0, **fields: Any) -> Json:
        """The first frame of type `what` with these fields that came from the page; waits for it."""

        def found() -> Json | None:
            for frame in self.received:
                if frame.get("type") == what and all(frame.get(key) == value for key, value in fields.items()):
                    return frame
            return None

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, timeout_s), f"no {what} among {self.received}"
        frame = found()
        assert frame is not None
        return frame

    def wait_answer(self, count: int = 1, timeout_s: float = 10.0) -> Json:
        """The `count`th answer a person gave, without the run's id; waits for it."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.answers) >= count, timeout_s), "no answer came"
        return {key: value for key, value in self.answers[count - 1].items() if key != "run_id"}

    @property
    def open_sockets(self) -> int:
        return len(self._sockets)

    def wait_connected(self, count: int, timeout_s: float = 30.0) -> None:
        """Wait until the page has connected `count` times in all."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.connections >= count, timeout_s), "the page did not connect"

    def forget(self) -> None:
        """As new: no runs, no scripts, nothing received; open sockets stay."""
        self.runs.clear()
        self.logs.clear()
        self.events.clear()
        self.failing.clear()
        self.requests.clear()
        self.answers.clear()
        self.inputs.clear()
        self.received.clear()

    def keep(self, *events: Json, **row: Any) -> None:
        """A run that the page is not told of: HTTP has its events, and of its row what they say, and `row`."""
        run_id = events[0]["run_id"]
        self.events[run_id] = list(events)
        for event in events:
            self._note(event)
        self.runs[run_id] |= {"last_seq": events[-1]["seq"], **row}

    def _note(self, event: Json | str) -> None:
        """HTTP tells of a run what its events told."""
        if isinstance(event, dict) and isinstance(event.get("run_id"), str):
            run = self.runs.setdefault(event["run_id"], {"run_id": event["run_id"], "flow_id": "demo"})
            run.setdefault("status", "executing")
            name = event.get("event")
            if name == "AgentPaused":
                run["status"] = "paused"
                run["requirements"] = event["requirements"]
            elif name == "resume_start":
                run["status"], run["requirements"] = "executing", []
            elif name == "run_end":
                run["status"], run["requirements"] = event.get("status", "success"), []

    # -- the server ---------------------------------------------------------------------------------
    def _call(self, work: Any) -> None:
        assert self._loop is not None, "no page has connected yet"
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _send(self, text: str) -> None:
        for socket in list(self._sockets):
            try:
                await socket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):  # reset on the way; its reader has not heard of it yet
                self._sockets.discard(socket)

    async def _drop(self, code: int) -> None:
        for socket in list(self._sockets):
            self._sockets.discard(socket)
            await socket.close(code)

    async def _socket(self, socket: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(subprotocol="flowglow.1" if "flowglow.1" in offered else None)
        self._sockets.add(socket)
        with self._changed:
            self.connections += 1
            self._changed.notify_all()
        try:
            while True:
                text = await socket.receive_text()
                with self._changed:
                    self.received.append(json.loads(text))
                    self._changed.notify_all()
        except (WebSocketDisconnect, RuntimeError):
            self._sockets.discard(socket)

    def _failure(self, request: Request) -> Response | None:
        path = request.url.path.removeprefix("/api")
        self.requests.append(f"{request.method} {path}")
        for prefix, status in self.failing.items():
            if path.startswith(prefix):
                return PlainTextResponse("<html>An update is in progress</html>", status)
        return None

    async def _flows(self, request: Request) -> Response:
        return self._failure(request) or JSONResponse([{"id": f["id"], "name": f["name"]} for f in self.flows.values()])

    async def _flow(self, request: Request) -> Response:
        return self._failure(request) or _found(self.flows.get(request.path_params["id"]))

    async def _start(self, request: Request) -> Response:
        failure = self._failure(request)
        if failure is not None:
            return failure
        run_id = self.next_run
        self.inputs.append((await request.json()).get("input"))
        self.runs[run_id] = {"run_id": run_id, "flow_id": request.path_params["id"], "status": "queued"}
        return JSONResponse({"run_id": run_id}, 201)

    async def _runs(self, request: Request) -> Response:
        return self._failure(request) or JSONResponse(list(self.runs.values()))

    async def _run(self, request: Request) -> Response:
        run_id = request.path_params["id"]
        unheard = {"run_id": run_id, "status": "executing"}
        return self._failure(request) or _found(self.runs.get(run_id, unheard))

    async def _events(self, request: Request) -> Response:
        failure = self._failure(request)
        if failure is not None:
            return failure
        events = self.events.get(request.path_params["id"])
        if events is None:
            return _found(None)
        after = int(request.query_params.get("after", "-1"))
        return PlainTextResponse("".join(json.dumps(each) + "\n" for each in events if each.get("seq", 0) > after))

    async def _logs(self, request: Request) -> Response:
        failure = self._failure(request)
        if failure is not None:
            return failure
        lines = self.logs.get(request.path_params["id"], [])
        after = int(request.query_params.get("after", "0"))
        return JSONResponse({"lines": lines[after:], "cursor": len(lines)})

    async def _ticket(self, request: Request) -> Response:
        return self._failure(request) or JSONResponse({"ticket": "let me in", "expires_in": 30})

    async def _stop(self, request: Request) -> Response:
        return self._failure(request) or JSONResponse({}, 202)

    async def _continue(self, request: Request) -> Response:
        failure = self._failure(request)
        if failure is not None:
            return failure
        with self._changed:
            for each in (await request.json())["requirements"]:
                self.answers.append({"run_id": request.path_params["id"], **each})
            self._changed.notify_all()
        return JSONResponse({}, 202)


def _found(value: Json | None) -> Response:
    if value is None:
        return JSONResponse({"error": {"code": "not_found", "message": "There is no such thing."}}, 404)
    return JSONResponse(value)
