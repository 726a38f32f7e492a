"""A real server on a free port, and a page that talks to its socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from pyapp.contract.decode import decode
from pyapp.contract.events import Wire

PATIENCE_S = 10.0 if os.environ.get("FLOWGLOW_PROFILE") == "control" else 30.0
"""How long what should happen is waited for. A control waits for what shall not happen: it need not wait as long."""


class TellingServer(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextlib.asynccontextmanager
async def served(app: ASGIApp, port: int = 0, *, sockets: Any = "auto") -> AsyncIterator[str]:
    """Serve the application on a port, 0 for any free one; `host:port`. `sockets`: what speaks WebSocket."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = TellingServer(
        uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=1, ws=sockets, ws_per_message_deflate=sockets == "auto"
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await server.listens.wait()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class SocketPage:
    """One open socket, its frames taken apart."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._waiting: list[dict[str, Any]] = []
        self.frames: list[str] = []

    async def next(self) -> dict[str, Any]:
        """The next event or control frame; each one is read by the page's own decoder, too."""
        while not self._waiting:
            async with asyncio.timeout(PATIENCE_S):
                frame = await self.socket.recv()
            assert isinstance(frame, str)
            assert all(isinstance(item, Wire) for item in decode(frame))
            self.frames.append(frame)
            value = json.loads(frame)
            self._waiting += value if isinstance(value, list) else [value]
        return self._waiting.pop(0)

    async def until(self, **fields: Any) -> list[dict[str, Any]]:
        """Everything up to the first that has these fields, but for pings, of which no number is enough."""
        async with asyncio.timeout(2 * PATIENCE_S):
            taken = [await self.next()]
            while any(taken[-1].get(key) != value for key, value in fields.items()):
                taken.append(await self.next())
        return [each for each in taken if each.get("type") != "ping"]

    async def until_closed(self) -> list[dict[str, Any]]:
        """Everything that is told until the socket is closed; its code is in `socket.close_code` then."""
        taken: list[dict[str, Any]] = []
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(2 * PATIENCE_S):
                while True:
                    taken.append(await self.next())
        return taken

    async def send(self, frame: Any) -> None:
        await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))


@contextlib.asynccontextmanager
async def socket_page(
    url: str, *protocols: str, origin: str | None = None, **options: Any
) -> AsyncIterator[SocketPage]:
    """A socket to that URL, closed at the end."""
    offered = [Subprotocol(each) for each in protocols] or None
    source = Origin(origin) if origin else None
    async with connect(url, subprotocols=offered, origin=source, compression=None, **options) as socket:
        yield SocketPage(socket)
