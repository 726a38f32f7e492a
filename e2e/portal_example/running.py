"""The example as it runs: the page on one origin, the portal on another, with the dev server's flows behind it.

`python -m e2e.portal_example.running` serves both until it is interrupted.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any, ClassVar

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from devserver.app import Settings, relay_for
from devserver.engine.backend import Backend
from devserver.flows import all_flows
from devserver.producing import Producing
from flowglow.relay.log.memory import MemoryLog
from setup.site import config_text, csp, page_text, portal_of

from ..site import ROOT, QuietHandler, serving
from .portal import Portal


class PageHandler(QuietHandler):
    """The tree as a portal would deploy it: set up with its `[portal]`, and embed.js for pages of other origins."""

    settings: ClassVar[dict[str, Any]] = {}

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, directory=str(ROOT), **more)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/":
            self._send("text/html", page_text(ROOT, csp(portal_of(ROOT) | self.settings, loopback=True)))
        elif path == "/pyscript.toml":
            self._send("application/toml", config_text(ROOT, self.settings))
        else:
            super().do_GET()

    def end_headers(self) -> None:
        if self.path == "/web/embed.js":
            self.send_header("access-control-allow-origin", "*")
        self.send_header("cache-control", "no-cache")
        super().end_headers()

    def _send(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class PageServer(ThreadingHTTPServer):
    """Says nothing of a browser that is gone."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def page_for(frames: list[str]) -> Iterator[str]:
    """Serve the page; the origins in `frames`, which may still be added to, may show and speak with it. Its origin."""
    handler = type("Handler", (PageHandler,), {"settings": {"frames": frames}})
    with serving(PageServer(("127.0.0.1", 0), handler)) as address:
        yield address


@dataclass
class Example:
    """Both sides: their origins, and the portal to end sessions and tokens of."""

    page: str
    portal: Portal
    port: int = 0
    frames: list[str] = field(default_factory=list)
    open_sockets: set[WebSocket] = field(default_factory=set)
    cookies: set[str | None] = field(default_factory=set)
    """What came along with calls of the page; None for none."""

    @property
    def home(self) -> str:
        return f"http://localhost:{self.port}"

    def sockets(self) -> int:
        """How many sockets are open."""
        return len(self.open_sockets)

    def wait_sockets(self, count: int, timeout_s: float = 20.0) -> None:
        """Wait until so many are open."""
        until = time.monotonic() + timeout_s
        while self.sockets() != count:
            assert time.monotonic() < until, f"{self.sockets()} sockets are open, not {count}"
            time.sleep(0.05)


@contextmanager
def running_example() -> Iterator[Example]:
    """Serve both. 127.0.0.1 and localhost are two sites: no cookie of the one goes along in a frame of the other."""
    frames: list[str] = []
    with page_for(frames) as page:
        portal = Portal(page)
        backend, event_log = Backend(all_flows(ROOT, ("linear", "approvals"))), MemoryLog()
        Producing(backend, event_log)
        relay = relay_for(backend, event_log, Settings(need_ticket=True))
        example = Example(page, portal, frames=frames)

        async def serve(socket: WebSocket) -> None:
            example.open_sockets.add(socket)
            try:
                await relay.sockets.serve(socket)
            finally:
                example.open_sockets.discard(socket)

        app = portal.app(relay.api.routes(), WebSocketRoute("/ws", serve))
        living = Starlette(lifespan=lambda _: relay.running())

        async def noting(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await living(scope, receive, send)
                return
            if scope["path"].startswith("/api/"):
                example.cookies.add(Headers(scope=scope).get("cookie"))
            await app(scope, receive, send)

        config = uvicorn.Config(noting, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        example.port = int(server.servers[0].sockets[0].getsockname()[1])
        frames.append(example.home)
        try:
            yield example
        finally:
            server.should_exit = True
            thread.join(5)


if __name__ == "__main__":
    with running_example() as running:
        print(f"The portal: {running.home}  (the page: {running.page})", flush=True)
        threading.Event().wait()
