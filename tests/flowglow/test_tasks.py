"""Tasks end, though a cancellation of theirs is lost."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from flowglow import tasks
from flowglow.relay.log.memory import MemoryLog
from flowglow.relay.log.port import News
from tests.flowglow.relay.support import relaying


async def forgetful(lost: int) -> str:
    """A client library that takes so many cancellations for something else."""
    for _ in range(lost):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3_600)
    await asyncio.sleep(3_600)
    return "never"


async def test_a_cancellation_that_is_lost_is_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AGAIN_S", 0.01)
    async with asyncio.timeout(10.0):
        under_way = [asyncio.create_task(forgetful(lost)) for lost in (0, 1, 3)]
        await asyncio.sleep(0)
        outcomes = await tasks.ended(*under_way)
    assert [type(each) for each in outcomes] == [asyncio.CancelledError] * 3


async def test_what_they_gave_or_raised_is_told() -> None:
    async def gives() -> int:
        return 1

    async def raises() -> None:
        raise ValueError("no")

    given, wrong = await tasks.ended(*(asyncio.create_task(each) for each in (gives(), raises())))
    assert isinstance(given, asyncio.CancelledError) and isinstance(wrong, asyncio.CancelledError)
    over = [asyncio.ensure_future(each) for each in (gives(), raises())]
    await asyncio.wait(over)
    given, wrong = await tasks.ended(*over)
    assert given == 1 and str(wrong) == "no"


class LosesCancellation(MemoryLog):
    """Its follower waits again when it is cancelled for the first time, as a library may in which a time-out fires."""

    async def follow(self):  # type: ignore[no-untyped-def]
        follower = await super().follow()
        waits = follower.next
        lost: list[int] = []

        async def next_() -> list[News]:
            try:
                return await waits()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append(1)
                return []

        follower.next = next_  # type: ignore[method-assign]
        return follower


async def test_a_relay_ends_though_its_reader_did_not_hear_that_it_is_to() -> None:
    async with asyncio.timeout(10.0), relaying(LosesCancellation()) as relay:
        assert relay.address
