"""The outbox keeps order, sends in small batches, and is bounded for live events alone."""

from __future__ import annotations

import json

import pytest

from devserver.outbox import BATCH, Outbox, Overflow


async def test_what_waits_goes_out_together() -> None:
    """A single event goes as it is, several as one batch, control frames by themselves; order stays."""
    box = Outbox()
    box.control('{"type":"hello"}')
    for number in range(3):
        box.event(f'{{"seq":{number}}}')
    box.control('{"type":"catch_up"}', ['{"seq":8}', '{"seq":9}'])
    box.event('{"seq":3}')
    taken = [await box.take(1.0) for _ in range(5)]
    assert [json.loads(frame) for frames in taken for frame in frames] == [
        {"type": "hello"},
        [{"seq": 0}, {"seq": 1}, {"seq": 2}],
        {"type": "catch_up"},
        [{"seq": 8}, {"seq": 9}],
        {"seq": 3},
    ]


async def test_batches_are_small() -> None:
    """The page takes in each frame as one task, so none is large."""
    box = Outbox()
    for _ in range(100):
        box.event(f'"{"x" * 1000}"')
    frames = await box.take(1.0)
    assert len(frames) > 1 and all(len(frame) <= BATCH for frame in frames)


async def test_silence_gives_nothing() -> None:
    """After the patience is over the caller may send a ping."""
    assert await Outbox().take(0.0) == []


async def test_a_page_that_is_too_far_behind_overflows() -> None:
    """Live events over the bound are not kept, and the next take says so; old events do not count."""
    box = Outbox(max_waiting=2)
    box.control("{}", ["{}"] * 10)
    box.event("1")
    box.event("2")
    assert await box.take(1.0) == ["{}"]
    box.event("3")
    with pytest.raises(Overflow, match="More than 2 events"):
        await box.take(1.0)
