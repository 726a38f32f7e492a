"""A server on another origin, which hears what it should never hear."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "elsewhere.localhost"
"""Leads to this machine, and is not among the names of it that a page may ask."""


class Listener(ThreadingHTTPServer):
    """Answers everything with nothing, and keeps what it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.changed = threading.Condition()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    def wait_for(self, path: str) -> None:
        """Wait until it was asked for this."""
        with self.changed:
            assert self.changed.wait_for(lambda: path in self.heard, 10), f"{path} did not come: {self.heard}"

    def note(self, path: str) -> None:
        with self.changed:
            self.heard.append(path)
            self.changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def _answer(self) -> None:
        self.server.note(self.path)
        self.send_response(204)
        self.send_header("access-control-allow-origin", "*")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_OPTIONS = _answer

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield listener
    finally:
        listener.shutdown()
        listener.server_close()
