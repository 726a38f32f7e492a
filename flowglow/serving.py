"""A server of our own on one port: listens at once, says where, and says in words why it cannot."""

from __future__ import annotations

import socket
import webbrowser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

MAX_FRAME_IN = 1 << 20
STOPS_WITHIN_S = 2


class ListenError(Exception):
    """The port cannot be had. The text says why, and what to try."""


def describe_address(parser: argparse.ArgumentParser, *, port: int = 8000) -> None:
    """`--host`, `--port` and `--open`."""
    parser.add_argument("--port", type=int, default=port, help=f"0 takes any free one (default: {port})")
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1 (the default) is seen by this machine alone")
    parser.add_argument("--open", action="store_true", help="show the page in a browser")


def listen(host: str, port: int, *, advice: str = "--port {port}") -> socket.socket:
    """A socket that listens there; `advice` is how another port is asked for. Raises ListenError."""
    if not 0 <= port <= 65535:
        raise ListenError(f"a port is between 0 and 65535; {port} is not.")
    try:
        return open_listener(host, port)
    except OSError as error:
        raise ListenError(_sentence(host, port, error, advice)) from None


def open_listener(host: str, port: int, *, backlog: int = 128) -> socket.socket:
    """A socket that listens there, `backlog` connections waiting at most; port 0 is any free one. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(host: str, listener: socket.socket) -> str:
    """Where the listener is to be found."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"


def run(app: Any, listener: socket.socket, url: str, *, show: bool = False) -> None:
    """Serve until interrupted; prints the address once the server really listens."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(f"flowglow: {url}", flush=True)
                if show:
                    webbrowser.open(url)

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_max_size=MAX_FRAME_IN,
        timeout_graceful_shutdown=STOPS_WITHIN_S,
    )
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        print("flowglow: stopped.")


def _sentence(host: str, port: int, error: OSError, advice: str) -> str:
    if isinstance(error, PermissionError):
        return f"port {port} may not be used by this user; try {advice.format(port=port + 8000)}."
    if isinstance(error, socket.gaierror):
        return f"{host!r} is no address of this machine ({error.strerror})."
    return f"port {port} on {host} is taken ({error.strerror}); try {advice.format(port=port + 1)}."
