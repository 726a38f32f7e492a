"""Sockets for watchers: the sans-I/O WebSocket of `websockets` on a transport of asyncio.

A socket has no task and no queue of its own, so that thousands fit into a process. Nothing is compressed.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Mapping
from typing import cast
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidURI
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from pyapp.contract.decode import MAX_FRAME_BYTES
from pyapp.ports import Socket, SocketEvents

MAX_READ = 4 * MAX_FRAME_BYTES
"""Bytes of a frame; a larger one ends the socket, one over the contract's limit is only counted."""
CONNECTING_S = 10.0


class Sockets:
    """Opens sockets. `headers` go with each handshake."""

    def __init__(self, headers: Mapping[str, str] = {}) -> None:
        self._headers = dict(headers)

    def is_open(self, url: str) -> bool:
        return False

    def open(self, url: str, protocols: list[str], generation: int, events: SocketEvents) -> Socket:
        try:
            address = parse_uri(url)
        except InvalidURI as error:
            raise ValueError(str(error)) from None
        origin = Origin(f"{'https' if address.secure else 'http'}://{urlsplit(url).netloc}")
        offered = [Subprotocol(each) for each in protocols]
        protocol = ClientProtocol(address, origin=origin, subprotocols=offered, max_size=MAX_READ)
        way = _Way(protocol, self._headers, generation, events)
        way.begin(address.host, address.port, _tls() if address.secure else None)
        return way


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for all: it reads every certificate of the system."""
    return ssl.create_default_context()


class _Way(asyncio.Protocol):
    """One socket. After `close` nothing is heard of it any more."""

    def __init__(
        self, protocol: ClientProtocol, headers: Mapping[str, str], generation: int, events: SocketEvents
    ) -> None:
        self._protocol = protocol
        self._headers = headers
        self._generation = generation
        self._events: SocketEvents | None = events
        self._transport: asyncio.Transport | None = None
        self._opening: asyncio.Task[None] | None = None
        self._parts: list[bytes] = []
        self._why = ""

    def begin(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        self._opening = asyncio.ensure_future(self._connect(host, port, tls))

    # -- Socket -------------------------------------------------------------------------------------
    def send(self, text: str) -> None:
        if self._protocol.state is State.OPEN and self._transport is not None:
            self._protocol.send_text(text.encode())
            self._flush()

    def close(self) -> None:
        self._events = None
        if self._opening is not None:
            self._opening.cancel()
        if self._transport is not None:
            self._transport.abort()

    # -- asyncio.Protocol ---------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        request = self._protocol.connect()
        for name, value in self._headers.items():
            request.headers[name] = value
        self._protocol.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        self._flush()
        for event in self._protocol.events_received():
            if isinstance(event, Response):
                self._greeted()
            elif isinstance(event, Frame):
                self._take(event)
        if self._protocol.close_expected() and self._transport is not None and self._protocol.state is State.CLOSED:
            self._transport.close()

    def eof_received(self) -> None:
        self._protocol.receive_eof()

    def connection_lost(self, error: Exception | None) -> None:
        events, self._events = self._events, None
        if events is not None:
            code = self._protocol.close_code or 1006
            events.ended(self._generation, code, self._why or self._protocol.close_reason or "")

    # -- inside -------------------------------------------------------------------------------------
    async def _connect(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.wait_for(loop.create_connection(lambda: self, host, port, ssl=tls), CONNECTING_S)
        except (OSError, TimeoutError) as error:
            self._why = str(error) or "no answer"
            self.connection_lost(error)

    def _greeted(self) -> None:
        refusal = self._protocol.handshake_exc
        if refusal is not None:
            self._why = str(refusal)
            if self._transport is not None:
                self._transport.close()
        elif self._events is not None:
            self._events.opened(self._generation)

    def _take(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT) or self._events is None:
            return
        if not frame.fin or self._parts:
            self._parts.append(bytes(frame.data))
            if not frame.fin:
                return
            whole, self._parts = b"".join(self._parts), []
        else:
            whole = bytes(frame.data)
        self._events.received(self._generation, whole.decode("utf-8", "replace"))

    def _flush(self) -> None:
        if self._transport is None:
            return
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()
