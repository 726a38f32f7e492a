"""One WebSocket to the backend: what came over it, in order and with its moment, and waiting for what is to come.

It owns the socket and a task that reads. Nothing here waits without a bound, or keeps more than there is room for: what
is more is not read, and whoever waits for it is told so.
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

from pyapp.contract.decode import MAX_FRAME_BYTES, Malformed, Unknown, decode, parse

from .findings import Untried
from .reply import objects
from .room import FRAME, Room, weight

Json = dict[str, Any]
MAX_READ = 8 << 20
"""Bytes of the largest frame that is read at all, so that one that is too large can be told of."""
MAX_QUEUED = 2
"""Frames that wait to be read."""
MAX_TOLD = 100
"""Items that cannot be understood, and are kept to be told of."""
TOO_BIG = 1009
"""The code with which a socket is closed from here that sends what is larger than MAX_READ."""


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
    """An open socket. `items` has everything that came, until it is closed; a `ping` is answered at once."""

    def __init__(self, socket: ClientConnection, room: Room) -> None:
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
        self._room = room
        self._taken = 0
        """Of the room."""
        self._lost: tuple[str, str] | None = None
        """Why nothing more is read, and the rule that says that it need not be so."""
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
        """Wait until it is so, at most `patience_s`, or until the socket closes. Whether it is.

        Raises Untried where more came than is read: what would be so then, nobody knows.
        """
        deadline = time.monotonic() + patience_s
        while not there():
            if self._lost is not None:
                raise Untried(*self._lost)
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
        """Let go of the socket, and of its items."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        self._socket.transport.abort()
        self.items = []
        self._room.give_back(self._taken)
        self._taken = 0

    async def _read(self) -> None:
        try:
            while self._lost is None:
                if any(each.type == "ping" for each in self._take(await self._socket.recv())):
                    await self.send({"type": "pong"})
            self._socket.transport.abort()
        except ConnectionClosed as error:
            if error.sent is not None and error.sent.code == TOO_BIG and not error.rcvd_then_sent:
                self.largest = MAX_READ + 1
                self._lose(f"A frame of more than {MAX_READ:,} bytes came over a socket.", "frame.too_large")
            else:
                await self._ended()

    async def _ended(self) -> None:
        await self._socket.wait_closed()
        if self._lost is None:
            self.close_code = self._socket.close_code or 1006
            self.close_reason = self._socket.close_reason or ""
        self._changed.set()

    def _lose(self, why: str, code: str) -> None:
        self._lost = (why, code)
        self._changed.set()

    def _take(self, frame: str | bytes) -> list[Item]:
        now = time.monotonic()
        self.beats.append(now)
        text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
        size = len(text.encode()) if isinstance(frame, str) else len(frame)
        heavy = weight(text)
        if size > MAX_FRAME_BYTES:
            self.largest = max(self.largest, size)
        if not self._room.take(heavy):
            kept = f"{len(self.items):,} objects in {len(self.beats) - 2:,} frames"
            self._lose(f"More came than is kept: behind {kept} there is no room for a socket's next.", "frame.flood")
            return []
        if isinstance(frame, bytes):
            self.binary += 1
        elif size <= MAX_FRAME_BYTES:
            self._understand(frame)
        items = [Item(each, now) for each in _objects(text)]
        held = heavy if items else FRAME
        self._room.give_back(heavy - held)
        self._taken += held
        self.items += items
        self._changed.set()
        return items

    def _understand(self, frame: str) -> None:
        for each in decode(frame):
            if isinstance(each, Malformed) and len(self.malformed) < MAX_TOLD:
                self.malformed.append(each)
            elif isinstance(each, Unknown) and len(self.unknown) < MAX_TOLD:
                self.unknown.append(each)


def _objects(text: str) -> list[Json]:
    try:
        value = parse(text)
    except ValueError:
        return []
    return objects(value if isinstance(value, list) else [value])
