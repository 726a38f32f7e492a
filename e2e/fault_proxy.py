"""A TCP proxy that is as bad as a network can be: slow, sliced, cut, silent. It understands nothing of what passes.

It listens on loopback only and leads to one port. The faults hold for what passes from then on; `hush` and
`cut` are for the connections that are open now.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass
class Faults:
    """What is wrong with the way, both ways alike."""

    latency_s: float = 0.0
    bytes_per_s: float = 0.0
    """0 is no limit."""
    slice_bytes: int = 65536
    """The most that is passed on at once."""
    swallow: bool = False
    """Connections are taken, and nothing is ever passed on: a black hole."""
    refuse: bool = False
    """Connections are taken and reset at once."""
    limit_bytes: int = 0
    """A connection is reset when it has passed this much; 0 is no limit."""
    lose_answers: bool = False
    """What is asked gets through; the connection is reset instead of passing the answer on."""
    linger_s: float = 0.0
    """How long the end of one side is kept from the other: a close that is slow."""


class FaultProxy:
    """Owns its thread, its listener, and every connection through it."""

    def __init__(self, target_port: int) -> None:
        self.faults = Faults()
        self.connections = 0
        self._target = target_port
        self._pairs: set[_Pair] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self.port = 0

    def start(self) -> None:
        self._thread.start()
        self._call(self._listen())

    def lead_to(self, target_port: int) -> None:
        """Connections lead there from now on."""
        self._target = target_port

    def stop(self) -> None:
        """Let go of everything."""
        self.cut()
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self) -> None:
        """Reset every connection that is open (RST, no goodbye)."""
        self._call(self._each(lambda pair: pair.cut()))

    def cut_where(self, words: bytes) -> None:
        """Reset the connections on which this was in what was sent to the target last, and no other."""
        self._call(self._each(lambda pair: pair.cut() if words in pair.sent else None))

    def hush(self) -> None:
        """Nothing passes any more on the connections that are open; neither side is told."""
        self._call(self._each(lambda pair: pair.hush()))

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)

    async def _each(self, act: Callable[[_Pair], None]) -> None:
        for pair in list(self._pairs):
            act(pair)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.faults.refuse:
            _reset(writer)
            return
        pair = _Pair(self.faults, reader, writer)
        self._pairs.add(pair)
        try:
            await pair.serve(self._target)
        finally:
            self._pairs.discard(pair)

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


class _Pair:
    """One connection, and its other half to the target."""

    def __init__(self, faults: Faults, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._faults = faults
        self._reader = reader
        self._writers = [writer]
        self._hushed = faults.swallow
        self._passed = 0
        self.sent = b""
        """What came last that is for the target."""

    async def serve(self, target: int) -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", target)
        except OSError:  # nobody is there: neither are we
            self.cut()
            return
        self._writers.append(writer)
        ways = [self._pass(self._reader, writer), self._pass(reader, self._writers[0])]
        with contextlib.suppress(OSError):
            await asyncio.gather(*ways)
        for each in self._writers:
            each.close()

    def cut(self) -> None:
        for writer in self._writers:
            _reset(writer)

    def hush(self) -> None:
        self._hushed = True

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if reader is self._reader:
                self.sent = data
            if self._faults.latency_s:
                await asyncio.sleep(self._faults.latency_s)
            if self._faults.lose_answers and reader is not self._reader:
                self.cut()
                return
            while data and not self._hushed:
                part, data = data[: self._faults.slice_bytes], data[self._faults.slice_bytes :]
                writer.write(part)
                await writer.drain()
                self._passed += len(part)
                if 0 < self._faults.limit_bytes <= self._passed:
                    self.cut()
                    return
                if self._faults.bytes_per_s:
                    await asyncio.sleep(len(part) / self._faults.bytes_per_s)
        await asyncio.sleep(self._faults.linger_s)
        if not self._hushed:
            with contextlib.suppress(OSError, RuntimeError):
                writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a RST."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
