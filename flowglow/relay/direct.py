"""The direct way to a socket: a frame that was encoded once is written to every connection that gets it.

An ASGI server encodes each message for each socket, in a task of the socket. What a server sends is not masked and
here not compressed, so its bytes are the same for all; our own server hands a way past ASGI to the application, in
`scope["extensions"]`. Under any other server the relay sends as ASGI says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

EXTENSION = "flowglow.direct"


class Direct(Protocol):
    """A connection that takes encoded frames. What it was given is sent in order with what ASGI sends."""

    def ready(self) -> bool:
        """Whether it takes a frame now: it is open, and not much waits in it."""

    def write(self, encoded: bytes) -> None:
        """Send it. Never blocks. Only after `ready`."""

    def abort(self) -> None:
        """Let go of the connection, and of what waits in it: nobody takes it."""


def encoded(text: str) -> bytes:
    """A text frame as a server sends it."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def direct_of(scope: Mapping[str, Any]) -> Direct | None:
    """The direct way to this socket; None where its server gives none."""
    extensions: Mapping[str, Any] = scope.get("extensions") or {}
    return extensions.get(EXTENSION)


class DirectSockets(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which also takes encoded frames. Nothing may be compressed.

    Whoever takes nothing is owed one pong: that of the newest ping (RFC 6455, 5.5.3).
    """

    _owed: Sequence[bytes] = ()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # the application begins in a task, later
            scope = cast("dict[str, Any]", self.scope)
            scope["extensions"] = {**scope["extensions"], EXTENSION: self}

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # refused in words; uvicorn takes it for one that nobody answered

    def handle_ping(self) -> None:
        if self.writable.is_set() or self.conn.close_rcvd is not None:  # then a close is among it, and nothing follows
            super().handle_ping()
        else:
            self._owed = self.conn.data_to_send()[-1:] or self._owed

    def resume_writing(self) -> None:
        super().resume_writing()
        owed, self._owed = self._owed, ()
        if owed and not self.close_sent:
            self.transport.write(b"".join(owed))

    def ready(self) -> bool:
        closed = self.close_sent or self.disconnected or self.transport.is_closing()
        return self.handshake_complete and not closed and self.writable.is_set()

    def write(self, encoded: bytes) -> None:
        self.transport.write(encoded)

    def abort(self) -> None:
        self.transport.abort()
