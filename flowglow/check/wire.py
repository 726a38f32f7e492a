"""One WebSocket to the backend: what came over it, in order and with its moment, and waiting for what is to come.

It owns the socket and a task that reads. Nothing here waits without a bound.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from pyapp.contract.decode import Malformed, Unknown, decode, too_large

Json = dict[str, Any]
MAX_READ = 64 << 20
"""Bytes of the largest frame that is read at all, so that one that is too large can be told of."""


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a frame: as it came, and the moment (monotonic seconds)."""

    raw: Json
    at: float

    @property
    def event(self) -> str | None:
        return self.raw.get("event") if isinstance(self.raw.get("event"), str) else None

    @property
    def type(self) -> str | None:
        """Of a control frame; None for an event."""
        return self.raw.get("type") if self.event is None and isinstance(self.raw.get("type"), str) else None

    @property
    def run_id(self) -> str | None:
        return self.raw.get("run_id") if isinstance(self.raw.get("run_id"), str) else None


class Wire:
    """An open socket. `items` has everything that came; a `ping` is answered at once."""

    def __init__(self, socket: ClientConnection) -> None:
        self.items: list[Item] = []
        self.beats: list[float] = [time.monotonic()]
        """When it was opened, and when each frame came."""
        self.malformed: list[Malformed] = []
        self.unknown: list[Unknown] = []
        self.largest = 0
        """Bytes of the largest frame over the limit; 0 while none was."""
        self.binary = 0
        self.close_code: int | None = None
        self.close_reason = ""
        self._socket = socket
        self._changed = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @property
    def subprotocol(self) -> str | None:
        return self._socket.subprotocol

    @property
    def closed(self) -> bool:
        """The other side closed it."""
        return self.close_code is not None

    def events(self, run_id: str, start: int = 0) -> Iterator[Item]:
        """The events of a run among the items from `start` on."""
        return (each for each in self.items[start:] if each.event is not None and each.run_id == run_id)

    async def send(self, frame: Json | str) -> None:
        """Send a frame; on a socket that has closed this does nothing."""
        try:
            await self._socket.send(frame if isinstance(frame, str) else json.dumps(frame))
        except ConnectionClosed:
            await self._ended()

    async def until(self, there: Callable[[], bool], patience_s: float) -> bool:
        """Wait until it is so, at most `patience_s`, or until the socket closes. Whether it is."""
        deadline = time.monotonic() + patience_s
        while not there():
            left = deadline - time.monotonic()
            if left <= 0 or self.closed:
                return there()
            self._changed.clear()
            try:
                async with asyncio.timeout(left):
                    await self._changed.wait()
            except TimeoutError:
                return there()
        return True

    async def close(self) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        self._socket.transport.abort()

    async def _read(self) -> None:
        try:
            while True:
                if any(each.type == "ping" for each in self._take(await self._socket.recv())):
                    await self.send({"type": "pong"})
        except ConnectionClosed:
            await self._ended()

    async def _ended(self) -> None:
        await self._socket.wait_closed()
        self.close_code = self._socket.close_code or 1006
        self.close_reason = self._socket.close_reason or ""
        self._changed.set()

    def _take(self, frame: str | bytes) -> list[Item]:
        now = time.monotonic()
        self.beats.append(now)
        if isinstance(frame, bytes):
            self.binary += 1
        elif too_large(frame):
            self.largest = max(self.largest, len(frame.encode()))
        else:
            for each in decode(frame):
                if isinstance(each, Malformed):
                    self.malformed.append(each)
                elif isinstance(each, Unknown):
                    self.unknown.append(each)
        items = [Item(each, now) for each in _objects(frame)]
        self.items += items
        self._changed.set()
        return items


def _objects(frame: str | bytes) -> list[Json]:
    try:
        value = json.loads(frame)
    except (ValueError, RecursionError):
        return []
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
