"""The outbox keeps order, sends in small batches, and is bounded for live events alone."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowglow.relay.outbox import BATCH, Outbox, Part, batches, frame, parts_of
from flowglow.wire import size, to_text


async def test_what_waits_goes_out_together() -> None:
    """A single event goes as it is, several as one batch, control frames by themselves; order stays."""
    box = Outbox()
    box.kept('{"type":"hello"}')
    for number in range(3):
        box.live(parts_of([f'{{"seq":{number}}}']))
    box.kept('{"type":"catch_up"}')
    box.old(*parts_of(['{"seq":8}', '{"seq":9}']))
    box.live(parts_of(['{"seq":3}']))
    taken = [await box.take() for _ in range(5)]
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
    box.live(parts_of([f'"{"ü" * 500}"' for _ in range(100)]))
    frames = await box.take()
    assert len(frames) > 1 and all(len(frame.encode()) <= BATCH + 2 for frame in frames)
    assert sum(len(json.loads(frame)) for frame in frames) == 100


@given(st.lists(st.text(max_size=30).map(to_text), max_size=30), st.integers(100, 300))
def test_batches_keep_order_and_bound(texts: list[str], limit: int) -> None:
    """Whatever the sizes: no batch is over the limit, nothing is lost, the order stays."""
    out = batches([Part(text, 1, size(text)) for text in texts], limit)
    assert all(part.size == size(part.text) <= limit or part.text in texts for part in out)
    flat: list[Any] = []
    for part in out:
        value = json.loads(frame(part))
        flat += value if part.count > 1 else [value]
        assert part.count == 1 or part.count == len(value)
    assert flat == [json.loads(text) for text in texts]


async def test_too_much_is_told_once_and_nothing_more_is_taken_in() -> None:
    told: list[int] = []
    box = Outbox(max_waiting=3, overflow=lambda: told.append(1))
    box.live(parts_of(["1"] * 5))  # what comes together is never too much by itself
    assert not box.overflown
    for _ in range(3):
        box.live(parts_of(["2"]))
    assert (box.overflown, told) == (True, [1])
    assert await box.take() == ["[1,1,1,1,1]"]


async def test_what_was_asked_for_waits_for_room() -> None:
    box = Outbox()
    for part in parts_of([f'"{"x" * BATCH}"' for _ in range(10)]):
        box.old(part)
    waiting = asyncio.ensure_future(box.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    for _ in range(8):
        await box.take()
    async with asyncio.timeout(5):
        await waiting


async def test_it_knows_when_nothing_was_said() -> None:
    box = Outbox()
    box.quiet = True
    assert box.idle
    box.kept("1")
    assert not box.idle
    await box.take()
    assert not box.idle
