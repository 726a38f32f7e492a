"""What is on its way to a relay: cut into calls that it takes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import flowglow
from flowglow.errors import Refused
from flowglow.producer.feed import LogFeed
from flowglow.producer.outgoing import MAX_BATCH_BYTES
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import Draft
from flowglow.relay.portal import Portal
from tests.flowglow.relay.support import relaying


class Narrow(LogFeed):
    """A way to a log on which nothing larger than some bytes passes, as through a proxy."""

    def __init__(self, log: MemoryLog, most: int) -> None:
        super().__init__(log)
        self.most = most
        self.calls: list[int] = []

    async def events(self, run_id: str, drafts: Sequence[Draft]) -> list[int]:
        self.calls.append(sum(len(each.body) + 1 for each in drafts))
        if self.calls[-1] > self.most:
            raise Refused(413, "refused", "The relay answered 413.")
        return await super().events(run_id, drafts)


async def test_large_events_in_one_go_are_sent_in_calls_that_the_relay_takes() -> None:
    async with relaying(portal=Portal(keys=("k",))) as relay:
        async with flowglow.run("f", url=f"http://{relay.address}", key="k", run_id="r") as run:
            for number in range(40):
                await run.end_node(f"n{number}", content="x" * 300_000)
        assert (await relay.log.read("r")).last == 41
        assert (await relay.log.run("r"))["status"] == "success"


async def test_no_call_is_larger_than_its_bound() -> None:
    feed = Narrow(MemoryLog(), MAX_BATCH_BYTES)
    async with flowglow.run("f", feed=feed, run_id="r") as run:
        for _ in range(600):
            await run.say("x" * 20_000)
    assert max(feed.calls) <= MAX_BATCH_BYTES and len(feed.calls) < 30


async def test_what_is_too_large_on_the_way_is_sent_in_smaller_calls() -> None:
    """As behind a proxy with a bound of its own. One that is too large alone is named and left out, once."""
    log = MemoryLog()
    feed = Narrow(log, 50_000)
    with pytest.raises(Refused, match=r"event 'RunContent' \(r:w:51\) of .* too large alone"):
        async with flowglow.run("f", feed=feed, run_id="r", writer="w") as run:
            for number in range(100):
                await run.say(str(number) + "x" * (60_000 if number == 50 else 3_000))
    texts = [str(entry.text) for entry in (await log.read("r")).entries]
    assert len(texts) == 101 and "run_end" in texts[-1]
    assert sum(each > 50_000 for each in feed.calls) < 12
