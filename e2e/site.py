"""The page on a plain static server, as `python3 -m http.server` is one."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from devserver.bundle import Bundle
from setup.site import config_text

ROOT = Path(__file__).resolve().parents[1]


class QuietHandler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class BundledHandler(QuietHandler):
    """Sends our own Python in one archive, as the dev server does: two hundred requests less at each load."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/pyscript.toml":
            text = config_text(Path(self.directory), files='[files]\n"./app.zip" = "./*"\n')
            self._answer(text.encode(), "application/toml")
        elif path == "/app.zip":
            self._answer(_bundle(self.directory).current()[0], "application/zip")
        else:
            super().do_GET()

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@functools.cache
def _bundle(root: str) -> Bundle:
    return Bundle(Path(root))


class SiteServer(ThreadingHTTPServer):
    """One that takes all that a page asks for at once: with five places in its queue the others are lost, or hang."""

    request_queue_size = 512


@contextmanager
def static_site(root: Path = ROOT, handler: type[SimpleHTTPRequestHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder, by default the root of the project; its address."""
    with serving(SiteServer(("127.0.0.1", 0), functools.partial(handler, directory=str(root)))) as address:
        yield address


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    """Let a server serve, in a thread of its own; its address."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
