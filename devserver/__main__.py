"""`python -m devserver [--port 8000]`: serve the page and run flows, for this machine alone."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import webbrowser
from pathlib import Path

import uvicorn

from .app import create_app
from .guard import is_loopback
from .static import has_page

ROOT = Path(__file__).resolve().parent.parent
MAX_FRAME_IN = 1 << 20


class Server(uvicorn.Server):
    """Says where it is to be found once it really listens."""

    def __init__(self, config: uvicorn.Config, url: str, *, show: bool) -> None:
        super().__init__(config)
        self._url = url
        self._show = show

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"flowglow: {self._url}", flush=True)
            if self._show:
                webbrowser.open(self._url)


def main(words: list[str] | None = None) -> int:
    """Serve until interrupted; 1 and a sentence when that can't be."""
    options = _options(words)
    if not has_page(ROOT):
        print("flowglow: the page's libraries are not there yet; run `make setup` first.", file=sys.stderr)
        return 1
    try:
        listener = _listen(options.host, options.port)
    except OSError as error:
        print(f"flowglow: {_sentence(options.host, options.port, error)}", file=sys.stderr)
        return 1
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{host}:{listener.getsockname()[1]}/"
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    config = uvicorn.Config(
        create_app(ROOT),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_max_size=MAX_FRAME_IN,
        timeout_graceful_shutdown=2,
    )
    try:
        Server(config, url, show=options.open).run(sockets=[listener])
    except KeyboardInterrupt:
        print("flowglow: stopped.")
    return 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devserver", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="0 takes any free one (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1, localhost or ::1")
    parser.add_argument("--open", action="store_true", help="show the page in a browser")
    options = parser.parse_args(words)
    if not is_loopback(f"[{options.host}]" if ":" in options.host else options.host):
        parser.error(f"--host must be a loopback address, such as 127.0.0.1; {options.host!r} is not.")
    if not 0 <= options.port <= 65535:
        parser.error(f"--port must be between 0 and 65535; {options.port} is not.")
    return options


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _sentence(host: str, port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"port {port} may not be used by this user; try `make run PORT={port + 8000}`."
    return f"port {port} on {host} is taken ({error.strerror}); try `make run PORT={port + 1}`."


if __name__ == "__main__":
    sys.exit(main())
