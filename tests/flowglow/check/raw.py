"""A server on a free port that answers each HTTP call with bytes of the test's choice, and notes what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Asked:
    """One call: its first line without the version, and its headers."""

    line: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Answering:
    """Where the server is, and every call that it got."""

    where: str = ""
    asked: list[Asked] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [each.line for each in self.asked]


Answers = Callable[[Asked], AsyncIterator[bytes] | bytes]


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def leading_to(where: str, status: str = "307 Temporary Redirect") -> bytes:
    return answer(b"", f"location: {where}", status=status)


async def endless(*headers: str) -> AsyncIterator[bytes]:
    """An answer that begins, and goes on for ever, byte by byte."""
    yield "\r\n".join(["HTTP/1.1 200 OK", *headers, "transfer-encoding: chunked", "", ""]).encode()
    while True:
        yield b"1\r\n1\r\n"
        await asyncio.sleep(0)  # whoever reads has a turn


@contextlib.asynccontextmanager
async def answering(answers: Answers) -> AsyncIterator[Answering]:
    """Serve; what is served still at the end is cut off."""
    made, tasks = Answering(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                asked = await _read(reader)
                made.asked.append(asked)
                told = answers(asked)
                if isinstance(told, bytes):
                    writer.write(told)
                else:
                    async for part in told:
                        writer.write(part)
                        await writer.drain()
                await writer.drain()
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.where = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    pairs = (each.split(": ", 1) for each in head[1:] if each)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(head[0].rpartition(" ")[0], headers, body)
