"""A question that a run asks people, and that does not reach them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

import flowglow
from flowglow.errors import Refused
from flowglow.producer.feed import LogFeed
from flowglow.relay.answers import take_answers
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import Draft
from tests.flowglow.relay.support import said, text
from tests.flowglow.serving import PATIENCE_S

from .test_run import Swapped, until_status

QUESTION = {"id": "q", "kind": "confirmation"}


class Picky(LogFeed):
    """A way to a log on which no event of some name passes."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(MemoryLog())
        self.log = self._log
        self._name = name
        self._status = status

    async def events(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        if any(each.event["event"] == self._name for each in drafts):
            raise Refused(self._status, "picky", "Nothing of that name.")
        return await super().events(run_id, drafts)


async def test_a_question_that_is_too_large_is_not_waited_for() -> None:
    """The run goes on; it was said once, to whoever asked."""
    async with asyncio.timeout(PATIENCE_S), flowglow.run("f", feed=Picky("AgentPaused", 413)) as run:
        with pytest.raises(Refused, match=r"'AgentPaused' .* too large alone .* Nothing of that name"):
            await run.ask(QUESTION)
        await run.say("on")


@pytest.mark.parametrize("left", [[], [said("run_start", flow_id="f"), text("other")]], ids=["nothing", "some"])
async def test_a_question_that_the_log_lost_is_asked_again(left: list[Draft], monkeypatch: pytest.MonkeyPatch) -> None:
    """As one behind a failover, or that was emptied; asked once where it was not, however long nobody answers."""
    monkeypatch.setattr("flowglow.producer.wishes.AGAIN_S", 0.01)
    monkeypatch.setattr("flowglow.producer.feed.WAIT_S", 0.05)
    log, new = MemoryLog(), MemoryLog()
    feed = Swapped(log)
    async with asyncio.timeout(PATIENCE_S), flowglow.run("f", feed=feed, run_id="r") as run:
        asking = asyncio.create_task(run.ask(QUESTION))
        await until_status(log, "r", "paused")
        await asyncio.sleep(0.3)
        assert (await log.run("r"))["last_seq"] == 1
        await new.append("r", left)
        feed.swap(new)
        await until_status(new, "r", "paused")
        await take_answers(new, await new.run("r"), [{"id": "q", "confirmed": True}])
        assert (await asking)["q"]["confirmed"] is True
    assert (await new.run("r"))["status"] == "success"


async def outcome(asking: asyncio.Task[Any]) -> str | None:
    """The words with which it fails; None if it still waits."""
    done, _ = await asyncio.wait([asking], timeout=PATIENCE_S)
    return str(asking.exception()) if done else None


async def test_a_question_that_is_refused_is_not_waited_for() -> None:
    said = None
    with pytest.raises(Refused):
        async with flowglow.run("f", feed=Picky("AgentPaused", 422)) as run:
            said = await outcome(asyncio.create_task(run.ask(QUESTION)))
    assert said == "Nothing of that name."


async def test_nobody_is_waited_for_once_the_run_can_tell_no_more() -> None:
    """The question was taken; something told behind it is refused for good."""
    said = None
    with pytest.raises(Refused):
        feed = Picky("RunContent", 422)
        async with flowglow.run("f", feed=feed) as run:
            asking = asyncio.create_task(run.ask(QUESTION))
            await until_status(feed.log, run.run_id, "paused")
            assert not asking.done()
            await run.say("x")
            said = await outcome(asking)
    assert said == "Nothing of that name."
