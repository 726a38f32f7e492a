"""A worker that is started again and tells its run anew, from the beginning."""

from __future__ import annotations

import flowglow
from flowglow.producer.feed import LogFeed
from flowglow.relay.log.memory import MemoryLog

from .test_run import events


async def search(log: MemoryLog, writer: str | None, *, dies: bool) -> None:
    """Two calls of a tool; a worker that dies has told no end of them."""
    run = flowglow.run("f", feed=LogFeed(log), run_id="r", writer=writer)
    await run.__aenter__()
    calls = [await run.start_tool("n", "search", query=query) for query in "ab"]
    await run.flush()
    if dies:
        await run._wishes.close()
        await run._outgoing.close()
        return
    for call in calls:
        await run.end_tool("n", call)
    await run.__aexit__(None, None, None)


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
