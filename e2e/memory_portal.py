"""MemoryPortal: the server in memory of the unit tests (tests/memory_server.py) behind a real port.

It numbers what happens, keeps it, greets, answers `resume`, and is asked over HTTP; all of it runs in the server's
thread, and the test's thread calls `do`.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from flowglow.watch.surroundings import LoopClock
from pyapp.testing.socket import FakeSocket
from tests.memory_server import Manners, MemoryServer

from .server import Server

Json = dict[str, Any]
T = TypeVar("T")
HEARTBEAT_S = 0.4


class _Way(FakeSocket):
    """One socket of the page, as the server in memory knows sockets."""

    def __init__(self) -> None:
        self.sent = []
        self.waiting: asyncio.Queue[str | bytes] = asyncio.Queue()

    def deliver(self, frame: object) -> None:
        """Send a frame to the page; `hello` promises a heartbeat."""
        if isinstance(frame, dict) and frame.get("type") == "hello":
            frame = {**frame, "heartbeat_s": HEARTBEAT_S}
        self.waiting.put_nowait(frame if isinstance(frame, str | bytes) else json.dumps(frame))


class MemoryPortal:
    """Owns the port, and the server in memory of the present round."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ways: dict[_Way, WebSocket] = {}
        self._say_gone = True
        self._changed = threading.Condition()
        self._memory = self._new(Manners())
        self._server = Server([
            Route("/api/{path:path}", self._http, methods=["GET", "POST"]),
            WebSocketRoute("/ws", self._socket),
        ])  # fmt: skip

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    @property
    def port(self) -> int:
        return self._server.port

    # -- for the test's thread ----------------------------------------------------------------------
    def do(self, act: Callable[[MemoryServer], T]) -> T:
        """Let something happen in the server."""

        async def acted() -> T:
            return act(self._memory)

        assert self._loop is not None, "no page has connected yet"
        return asyncio.run_coroutine_threadsafe(acted(), self._loop).result(10)

    def begin(self, manners: Manners) -> None:
        """Another server stands there, which knows of nothing."""
        self._memory.give_held()
        self._memory, self._say_gone = self._new(manners), True
        self.drop(1012)

    def restart(self, *, forget: bool) -> None:
        """Start anew, with the history or without; the links end."""
        self._say_gone = True
        self.do(lambda memory: memory.restart(forget=forget, word=True))
        self.drop(1012)

    def tell(self, *events: Json, batch: bool = False) -> None:
        """Send events as they are told just now, in one frame or each in its own."""

        def told(memory: MemoryServer) -> None:
            frames = [memory.frame(each) for each in events]
            self._deliver(*([frames] if batch else frames))

        self.do(told)

    def deliver(self, *frames: object) -> None:
        """Send any frames."""
        self.do(lambda _: self._deliver(*frames))

    def drop(self, code: int) -> None:
        """Close every socket, as a server does."""

        async def dropped() -> None:
            ways, self._ways = dict(self._ways), {}
            for socket in ways.values():
                with suppress(WebSocketDisconnect):  # it was gone by itself
                    await socket.close(code)

        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(dropped(), self._loop).result(10)

    def answers(self, timeout_s: float) -> bool:
        """Whether the page answers a `ping` that is sent now, within this time."""
        before = self.do(lambda _: {way: len(way.sent_of("pong")) for way in self._ways})
        self.deliver({"type": "ping"})

        def heard() -> bool:
            return any(len(way.sent_of("pong")) > count for way, count in before.items())

        with self._changed:
            return self._changed.wait_for(heard, timeout_s)

    # -- the server ---------------------------------------------------------------------------------
    def _new(self, manners: Manners) -> MemoryServer:
        memory = MemoryServer(manners, LoopClock())
        memory.answer("GET", "/flows", [{"id": "demo", "name": "Demo"}])
        return memory

    def _deliver(self, *frames: object) -> None:
        for way in self._ways:
            for frame in frames:
                way.deliver(frame)

    async def _http(self, request: Request) -> Response:
        path = request.url.path.removeprefix("/api")
        where = f"{path}?{request.url.query}" if request.url.query else path
        body = (await request.body()).decode() or None
        try:
            answer = await self._memory.request(request.method, self._memory.base + where, body=body)
        except (OSError, TimeoutError):
            return Response("<html>The way to the server is broken</html>", 502)
        return Response(answer.text, answer.status)

    async def _socket(self, socket: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(subprotocol="flowglow.1" if "flowglow.1" in offered else None)
        way = _Way()
        self._ways[way] = socket
        self._memory.greet(way)
        sending = [asyncio.create_task(self._send(way, socket)), asyncio.create_task(self._beat(way))]
        try:
            while True:
                self._hear(way, json.loads(await socket.receive_text()))
        except (WebSocketDisconnect, RuntimeError):
            self._ways.pop(way, None)
        finally:
            for each in sending:
                each.cancel()

    def _hear(self, way: _Way, frame: Json) -> None:
        with self._changed:
            way.sent.append(frame)
            self._changed.notify_all()
        self._memory.resume(way, say_gone=self._say_gone)

    async def _send(self, way: _Way, socket: WebSocket) -> None:
        try:
            while True:
                frame = await way.waiting.get()
                await (socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        except (WebSocketDisconnect, RuntimeError):  # reset on the way; its reader hears of it too
            self._ways.pop(way, None)

    async def _beat(self, way: _Way) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            way.deliver({"type": "ping"})
