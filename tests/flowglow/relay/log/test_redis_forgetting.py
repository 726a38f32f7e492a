"""A run in Redis is forgotten whole or not at all, whatever happens in the middle of it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import pytest

from flowglow.relay.log.port import Query, Retention, Unavailable, UnknownRun
from flowglow.relay.log.redis import RedisLog
from flowglow.relay.log.redis_keys import run_key
from flowglow.relay.log.redis_sweeping import Seen, Sweeper
from tests.flowglow.redis_server import RedisServer
from tests.flowglow.relay.support import NOW, said, text, words

BRIEF = Retention(age_s=1)
LATER = NOW + 10
_HEAD = re.compile(rb"[*$](\d+)\r\n")


class Cutting:
    """A way to a Redis that lets so many commands through and then is no way any more."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.left: int | None = None
        self.serving: set[asyncio.Task[None] | None] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.current_task())
        answers, questions = await asyncio.open_connection("127.0.0.1", self._port)
        passing = asyncio.ensure_future(self._answer(answers, writer))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                command = await _command(reader)
                if self.left == 0:
                    break
                self.left = None if self.left is None else self.left - 1
                questions.write(command)
                await questions.drain()
        questions.write_eof()
        await passing
        for each in (questions, writer):
            each.close()
            with contextlib.suppress(ConnectionError):
                await each.wait_closed()

    async def _answer(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await answers.read(65_536):
                writer.write(data)


async def _command(reader: asyncio.StreamReader) -> bytes:
    """One command as it is written on the wire."""
    head = await reader.readuntil(b"\r\n")
    parts = [head]
    for _ in range(int(_HEAD.fullmatch(head)[1])):  # type: ignore[index]
        parts.append(await reader.readuntil(b"\r\n"))
        parts.append(await reader.readexactly(int(_HEAD.fullmatch(parts[-1])[1]) + 2))  # type: ignore[index]
    return b"".join(parts)


@contextlib.asynccontextmanager
async def cutting(server: RedisServer) -> AsyncIterator[tuple[Cutting, str]]:
    """Such a way, and its address."""
    way = Cutting(server.port)
    serving = await asyncio.start_server(way.serve, "127.0.0.1", 0)
    try:
        yield way, f"redis://127.0.0.1:{serving.sockets[0].getsockname()[1]}/0"
    finally:
        serving.close()
        await asyncio.wait([each for each in way.serving if each is not None], timeout=5)


async def listed(log: RedisLog) -> list[str]:
    return [run["run_id"] for run in await log.runs(Query())]


async def test_a_relay_that_dies_in_the_middle_leaves_a_run_whole_or_gone(redis: RedisServer) -> None:
    """After each command in turn; whatever is told next is kept, and in the list."""
    swept, allowed = list[str](), 0
    while not swept:
        redis.ask("FLUSHALL")
        there = await RedisLog.opened(redis.url, BRIEF, lambda: NOW)
        await there.append("r", [said("run_start", flow_id="f"), text("b", "2")])
        await there.write("r", ["{}"], ["1"])
        async with cutting(redis) as (way, address):
            here = await RedisLog.opened(address, BRIEF, lambda: NOW)
            await here.sweep(NOW)  # so that scripts are known
            way.left = allowed
            with contextlib.suppress(Unavailable):
                swept = await here.sweep(LATER)
            await here.close()
        try:
            assert len((await there.read("r")).entries) == 2
            assert await listed(there) == ["r"], allowed
        except UnknownRun:
            assert await listed(there) == [], allowed
            for part in ("run", "ids", "line_ids", "results", "said"):
                assert redis.ask("EXISTS", run_key("r", part)) == b":0\r\n", allowed
        await there.append("r", [text("late", "9")])
        assert words(await there.read("r"))[-1] == "late"
        assert await listed(there) == ["r"], allowed
        await there.close()
        allowed += 1
    assert allowed > 3


async def test_what_is_told_while_a_run_is_forgotten_is_kept(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody tells of the run just when it was found to be too old."""
    redis.ask("FLUSHALL")
    there = await RedisLog.opened(redis.url, BRIEF, lambda: LATER)
    await there.append("r", [text("a", "1", ts=NOW), text("b", "2", ts=NOW)])
    here = await RedisLog.opened(redis.url, BRIEF, lambda: LATER)
    forget = Sweeper._forgotten

    async def tell_and_forget(self: Sweeper, seen: Seen, now: float) -> bool:
        assert await there.append("r", [text("c", "3")]) == [2]
        return await forget(self, seen, now)

    monkeypatch.setattr(Sweeper, "_forgotten", tell_and_forget)
    assert await here.sweep(LATER + 10) == []
    assert words(await there.read("r")) == ["a", "b", "c"]
    await here.close()
    await there.close()
