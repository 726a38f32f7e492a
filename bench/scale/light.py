"""A watcher that only counts: the wire of the contract, the numbers of one run, and how late they came.

`flowglow.watch` keeps a record of each run and costs as much as a page's heart does; thousands of those do not fit
beside the relays that are measured. This one sees the same frames, and that each number is there once, in order.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import secrets
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from pydantic_core import from_json, to_json
from websockets.frames import Frame, Opcode

from flowglow.watch.watcher import NO_FLOW

READ_ONCE = 4_096
TEXT, CLOSE, PING = 0x81, 0x88, 0x89
PONG = b'{"type":"pong"}'


@functools.lru_cache(READ_ONCE)
def read(payload: bytes) -> tuple[str, tuple[tuple[str, int, float], ...]]:
    """What is in a frame that several get: the type of a control frame, or run, number and `ts` of each event."""
    value = from_json(payload)
    events = value if isinstance(value, list) else [value]
    if "type" in events[0]:
        return str(events[0]["type"]), ()
    return "", tuple((event["run_id"], event["seq"], event["ts"]) for event in events)


class LightWatcher(asyncio.Protocol):
    """One socket. It does not come back when it is closed."""

    def __init__(self, ws: str, run_id: str, late: Callable[[float], None]) -> None:
        self._ws = urlsplit(ws)
        self._run_id = run_id
        self._late = late
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self.open = False
        self.following = 0
        """The number that comes next."""
        self.frames = self.twice = self.closed = 0
        self.holes = self.strange = 0

    async def start(self) -> None:
        host, port = self._ws.hostname or "", self._ws.port or 80
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)

    def stop(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # -- asyncio.Protocol ---------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = [f"GET {self._ws.path} HTTP/1.1", f"Host: {self._ws.netloc}", f"Origin: http://{self._ws.netloc}",
                 "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: flowglow.1"]  # fmt: skip
        self._transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self.open:
            head, found, rest = bytes(buffer).partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(f"The socket was refused: {head[:200]!r}")
            self._greeted()
            buffer[:] = rest
        place = 0
        while (end := _end_of_frame(buffer, place)) is not None:
            begin, after = end
            self._take(buffer[place], bytes(buffer[begin:after]))
            place = after
        del buffer[:place]

    def connection_lost(self, error: Exception | None) -> None:
        self.closed += 1
        self.open = False

    # -- inside -------------------------------------------------------------------------------------
    def _greeted(self) -> None:
        self.open = True
        self._send(to_json({"type": "subscribe", "flow_id": NO_FLOW}))
        self._send(to_json({"type": "subscribe", "run_id": self._run_id}))
        self._send(to_json({"type": "resume", "runs": {self._run_id: -1}}))

    def _send(self, payload: bytes, opcode: Opcode = Opcode.TEXT) -> None:
        if self._transport is not None:
            self._transport.write(Frame(opcode, payload).serialize(mask=True))

    def _take(self, first: int, payload: bytes) -> None:
        self.frames += 1
        if first == PING:
            self._send(payload, Opcode.PONG)
        if first != TEXT:
            return
        kind, events = read(payload)
        if kind == "ping":
            self._send(PONG)
        now = time.time()
        for run_id, seq, ts in events:
            if run_id != self._run_id:
                self.strange += 1
            elif seq == self.following:
                self.following += 1
                self._late(now - ts)
            elif seq < self.following:
                self.twice += 1
            else:
                self.holes += 1


def _end_of_frame(buffer: bytearray, place: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `place` begins and ends; None while it is not whole."""
    here = len(buffer) - place
    if here < 2:
        return None
    length, begin = buffer[place + 1], place + 2
    if length == 126:
        length, begin = int.from_bytes(buffer[begin : begin + 2], "big"), begin + 2
    elif length == 127:
        length, begin = int.from_bytes(buffer[begin : begin + 8], "big"), begin + 8
    return (begin, begin + length) if begin + length <= len(buffer) and begin - place <= here else None
