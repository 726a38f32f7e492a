"""Sockets for watchers: the sans-I/O WebSocket of `websockets` on a transport of asyncio.

A socket has no task and no queue of its own, so that thousands fit into a process. Nothing is compressed.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus, InvalidURI
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
MAY_HEAL = frozenset({408, 425, 429})
"""Answers to a handshake below 500 that are not the server's last word."""
UNAUTHORISED = 401


class Sockets:
    """Opens sockets. `headers` go with each handshake."""

    def __init__(self, headers: Mapping[str, str] = {}) -> None:
        self._headers = dict(headers)
        self.hopeless: str | None = None
        """Why the last attempt, and any other to that address, can come to nothing."""

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
        self.hopeless = None
        way = _Way(protocol, self._headers, generation, events, self._give_up)
        way.begin(address.host, address.port, _tls() if address.secure else None)
        return way

    def _give_up(self, why: str) -> None:
        self.hopeless = why


def untrusted(error: BaseException | None) -> str | None:
    """That the certificate is refused, where the error, or what led to it, says so."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"its certificate is refused: {error.verify_message}"
        error = error.__cause__ or error.__context__
    return None


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for all: it reads every certificate of the system."""
    return ssl.create_default_context()


class _Way(asyncio.Protocol):
    """One socket. After `close` nothing is heard of it any more."""

    def __init__(
        self,
        protocol: ClientProtocol,
        headers: Mapping[str, str],
        generation: int,
        events: SocketEvents,
        give_up: Callable[[str], None],
    ) -> None:
        self._protocol = protocol
        self._headers = headers
        self._generation = generation
        self._events: SocketEvents | None = events
        self._give_up = give_up
        self._transport: asyncio.Transport | None = None
        self._opening: asyncio.Task[None] | None = None
        self._parts: list[bytes] = []
        self._why = ""
        self._code: int | None = None

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
            code = self._code or self._protocol.close_code or 1006
            events.ended(self._generation, code, self._why or self._protocol.close_reason or "")

    # -- inside -------------------------------------------------------------------------------------
    async def _connect(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECTING_S):
                await loop.create_connection(lambda: self, host, port, ssl=tls)
        except (OSError, TimeoutError) as error:
            self._why = str(error) or "no answer"
            if why := untrusted(error):
                self._give_up(why)
            self.connection_lost(error)

    def _greeted(self) -> None:
        refusal = self._protocol.handshake_exc
        if refusal is not None:
            self._why = str(refusal)
            if isinstance(refusal, InvalidStatus):
                self._refused(refusal.response)
            if self._transport is not None:
                self._transport.close()
        elif self._events is not None:
            self._events.opened(self._generation)

    def _refused(self, answer: Response) -> None:
        """Another answer than a socket."""
        if answer.status_code == UNAUTHORISED:
            self._code = 4401
        elif answer.status_code < 500 and answer.status_code not in MAY_HEAL:
            self._give_up(f"there is no socket for us, the server answers {answer.status_code} {answer.reason_phrase}")

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
