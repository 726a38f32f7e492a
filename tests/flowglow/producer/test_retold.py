"""A worker that is started again and tells its run anew, from the beginning."""

from __future__ import annotations

import json

import pytest

import flowglow
from flowglow.producer.feed import LogFeed
from flowglow.producer.run import MAX_WRITER
from flowglow.relay.drafts import MAX_ID_CHARS
from flowglow.relay.log.memory import MemoryLog

from .test_run import events


async def search(log: MemoryLog, writer: str | None, *, dies: bool) -> None:
    """Two calls of a tool; a worker that dies has told no end of them."""
    run = flowglow.run("f", feed=LogFeed(log), run_id="r", writer=writer)
    await run.__aenter__()
    calls = [await run.start_tool("n", "search", {"query": query}) for query in "ab"]
    await run.flush()
    if dies:
        await run._wishes.close()
        await run._outgoing.close()
        return
    for call in calls:
        await run.end_tool("n", call)
    await run.__aexit__(None, None, None)


async def lines_told(log: MemoryLog, count: int) -> list[str]:
    """Tell that many lines as a worker does that knows nothing of before: what is kept."""
    async with flowglow.run("f", feed=LogFeed(log), run_id="r", writer="w") as run:
        for number in range(count):
            await run.log(str(number))
    return [json.loads(entry.text)["text"] for entry in (await log.read("r", stream="lines")).entries]


async def test_log_lines_that_are_told_anew_are_kept_once() -> None:
    log = MemoryLog()
    assert await lines_told(log, 2) == ["0", "1"]
    assert await lines_told(log, 4) == ["0", "1", "2", "3"]


async def calls_of(log: MemoryLog, name: str) -> list[str]:
    return [event["tool_call_id"] for event in await events(log, "r") if event["event"] == name]


async def test_a_tool_that_was_begun_before_is_ended() -> None:
    log = MemoryLog()
    await search(log, "w", dies=True)
    await search(log, "w", dies=False)
    assert len(set(await calls_of(log, "start_tool"))) == 2
    assert await calls_of(log, "end_tool") == await calls_of(log, "start_tool")


async def test_calls_of_different_workers_are_different_ones() -> None:
    log = MemoryLog()
    await search(log, None, dies=True)
    await search(log, None, dies=False)
    assert len(set(await calls_of(log, "start_tool"))) == 4


async def test_the_longest_ids_are_told_and_told_once() -> None:
    """The ids of events are made of them, and may be no longer than those of runs."""
    log, longest = MemoryLog(), "r" * MAX_ID_CHARS
    for _ in range(2):
        async with flowglow.run("f", feed=LogFeed(log), run_id=longest, writer="w" * MAX_WRITER) as run:
            await run.end_tool("n", await run.start_tool("n", "search"))
    kinds = [json.loads(entry.text)["event"] for entry in (await log.read(longest)).entries]
    assert kinds == ["run_start", "start_tool", "end_tool", "run_end"]
    with pytest.raises(ValueError, match="at most 80 characters"):
        flowglow.run("f", feed=LogFeed(log), writer="w" * (MAX_WRITER + 1))
