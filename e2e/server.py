"""A Starlette app on a loopback port of its own, in a thread of its own."""

from __future__ import annotations

import threading
import time

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute


class Server:
    """Owns the port and the thread. Any origin may ask it."""

    def __init__(self, routes: list[BaseRoute]) -> None:
        cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
        app = Starlette(routes=routes, middleware=[cors])
        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="websockets-sansio"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(timeout=5)

    @property
    def port(self) -> int:
        return int(self._server.servers[0].sockets[0].getsockname()[1])


def page_query(port: int) -> str:
    """The page's query string for a backend on this port."""
    return f"?ws=ws://127.0.0.1:{port}/ws&api=http://127.0.0.1:{port}/api&flow=demo"
