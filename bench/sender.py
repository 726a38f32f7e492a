"""A WebSocket server that sends what it is told to whoever is connected, as fast as the socket takes it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol


class Sender:
    """Owns the port; sends from the thread of the one connection that is open."""

    def __init__(self) -> None:
        self._server = serve(
            self._connected, "127.0.0.1", 0, subprotocols=[Subprotocol("flowglow.1")], select_subprotocol=_ours
        )
        self._frames: list[str] = []
        self._go = threading.Event()
        self.connected = threading.Event()

    @property
    def port(self) -> int:
        port: int = self._server.socket.getsockname()[1]
        return port

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._go.set()
        self._server.shutdown()

    def send(self, frames: list[str]) -> None:
        """Begin to send them; returns at once."""
        self._frames = frames
        self._go.set()

    def _connected(self, socket: ServerConnection) -> None:
        self.connected.set()
        self._go.wait()
        for frame in self._frames:
            socket.send(frame)
        for _ in socket:  # until the other side closes
            pass


def _ours(connection: ServerConnection, offered: object) -> Subprotocol | None:
    return Subprotocol("flowglow.1") if "flowglow.1" in list(offered or ()) else None  # type: ignore[call-overload]


@contextmanager
def sender() -> Iterator[Sender]:
    """A sender for as long as one page is measured."""
    opened = Sender()
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()
