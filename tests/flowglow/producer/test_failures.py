"""What cannot be sent as it was told, and what fails that nobody foresaw: it is said where the run is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import flowglow
from flowglow.errors import Refused
from flowglow.producer.feed import LogFeed
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import Draft
from tests.flowglow.relay.support import memory_logs, sqlite_logs
from tests.flowglow.serving import PATIENCE_S

from .test_run import until_status

HALF, MARK = "a\ud800", "a\ufffd"


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_half_of_a_character_in_an_id_is_a_mark_in_every_log(kind: str, tmp_path: Path) -> None:
    """In the event and in what the run amounts to alike, wherever it stands."""
    async with (memory_logs() if kind == "memory" else sqlite_logs(tmp_path))() as log, asyncio.timeout(PATIENCE_S):
        async with flowglow.run(HALF, feed=LogFeed(log), run_id="r", writer=HALF) as run, run.node(HALF):
            await run.log("a line", node_id=HALF)
        told = [json.loads(entry.text) for entry in (await log.read("r")).entries]
        summary = await log.run("r")
    assert [event.get("node_id") for event in told[1:3]] == [MARK, MARK] and told[1]["event_id"] == f"r:{MARK}:1"
    assert (told[0]["flow_id"], summary["flow_id"], list(summary["results"])) == (MARK, MARK, [MARK])
    assert summary["status"] == "success"


async def test_an_answer_is_known_by_the_id_under_which_it_was_asked_for() -> None:
    log = MemoryLog()
    async with flowglow.run("f", feed=LogFeed(log), run_id="r") as run:
        asking = asyncio.create_task(run.ask({"id": HALF, "kind": "confirmation"}))
        await until_status(log, "r", "paused")
        asked = (await log.run("r"))["asked"][MARK]
        order = {"type": "answer", "id": MARK, "asked": asked, "answer": {"confirmed": True}}
        await log.order("r", {"a": json.dumps(order)})
        async with asyncio.timeout(PATIENCE_S):
            assert await asking == {HALF: {"confirmed": True}}


class Broken(LogFeed):
    """A way to a log with a fault of its own: in what it sends, or in what it hears."""

    def __init__(self, *, sends: bool) -> None:
        super().__init__(MemoryLog())
        self._sends = sends

    async def events(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        if not self._sends:
            raise KeyError("event")
        return await super().events(run_id, drafts)

    async def orders(self, run_id: str, after: int) -> tuple[list[dict[str, Any]], int]:
        if self._sends:
            raise KeyError("cursor")
        return await super().orders(run_id, after)


async def failing(feed: Broken) -> None:
    """A run that waits for what cannot come: once it is known that it cannot, it does not wait."""
    async with asyncio.timeout(PATIENCE_S), flowglow.run("f", feed=feed, run_id="r") as run:
        if feed._sends:
            await run.ask({"id": "q", "kind": "confirmation"})
        else:
            await run.flush()


async def test_a_fault_in_sending_is_raised_in_the_block() -> None:
    with pytest.raises(Refused, match="nothing more is sent: KeyError: 'event'"):
        await failing(Broken(sends=False))


async def test_a_fault_in_hearing_is_raised_where_an_answer_is_waited_for() -> None:
    with pytest.raises(Refused, match="nothing more is sent: KeyError: 'cursor'"):
        await failing(Broken(sends=True))


class Closed(LogFeed):
    """Says that it was let go of."""

    closed = False

    async def close(self) -> None:
        self.closed = True


async def test_a_run_that_is_refused_at_its_start_leaves_nothing_behind() -> None:
    before, feed = asyncio.all_tasks(), Closed(MemoryLog())
    with pytest.raises(Refused, match="`flow_id` is longer"):
        async with flowglow.run("f" * 300, feed=feed):
            raise AssertionError("The block was entered.")
    assert asyncio.all_tasks() == before and feed.closed
