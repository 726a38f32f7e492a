"""The server process of a relay: it says where it listens, and leaves without a storm."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from .app import Relay
from .direct import DirectSockets

MAX_FRAME_IN = 1 << 20
STOP_S = 5
KEEP_ALIVE_S = 75
"""A quiet connection is kept for longer than by the proxy before it: else calls are sent into what is being closed."""
BACKLOG = 2_048
"""Connections that may wait: all watchers of a relay that stopped come at once."""
log = logging.getLogger("flowglow.relay")


def new_loop() -> asyncio.AbstractEventLoop:
    """The loop for many sockets: uvloop's, where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


class RelayServer(uvicorn.Server):
    """At the first signal its sockets are told to come back elsewhere, spread over seconds; at the second it ends."""

    def __init__(self, app: Starlette, url: str) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            ws=DirectSockets,
            ws_max_size=MAX_FRAME_IN,
            ws_per_message_deflate=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=STOP_S,
        )
        super().__init__(config)
        self._relay: Relay = app.state.relay
        self._url = url
        self._draining: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"flowglow relay: {self._url}", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self.handle_exit, each, None)
        try:
            yield
        finally:
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(each)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._draining is not None:
            self.should_exit = self.force_exit = True
            return
        log.info("Stopping: sockets are told to come back elsewhere")
        self._draining = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        await self._relay.drain()
        self.should_exit = True
