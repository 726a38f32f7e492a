"""A slow line: a TCP proxy whose connections share one bandwidth, as those of a visitor's browser do."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 16_384
AHEAD_S = 0.05
"""So much may wait at the near end of the line."""


class Line:
    """Both directions together carry `bytes_per_s`; what is sent arrives `latency_s` later, in order."""

    def __init__(self, target_port: int, bytes_per_s: float, latency_s: float) -> None:
        self._target = target_port
        self._rate = bytes_per_s
        self._latency_s = latency_s
        self._free_at = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.passed = 0
        """Bytes that came from the target."""
        self.port = 0

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _hang_up(self) -> None:
        """End every connection."""
        carrying = asyncio.all_tasks() - {asyncio.current_task()}
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    async def _accept(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        far, far_out = await asyncio.open_connection("127.0.0.1", self._target)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(self._pump(near, far_out, False), self._pump(far, near_out, True))

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, counts: bool) -> None:
        """Carry one direction of one connection to its end."""
        now = self._loop.time
        while data := await source.read(CHUNK):
            self.passed += len(data) if counts else 0
            self._free_at = max(self._free_at, now()) + len(data) / self._rate
            self._loop.call_at(self._free_at + self._latency_s, target.write, data)
            await asyncio.sleep(max(0.0, self._free_at - now() - AHEAD_S))
        self._loop.call_at(max(self._free_at, now()) + self._latency_s, target.close)


@contextmanager
def line(target_port: int, bytes_per_s: float, latency_s: float) -> Iterator[Line]:
    """A line for as long as it is measured."""
    opened = Line(target_port, bytes_per_s, latency_s)
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()
