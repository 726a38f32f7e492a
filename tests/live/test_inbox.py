"""The one path that all events share: one queue, strict order, and nothing that raises stops it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pyapp.contract.decode import MAX_TOGETHER
from pyapp.live.inbox import BUDGET_S, MAX_QUEUED
from pyapp.run.fold import fold
from pyapp.stores.rows import MAX_QUARANTINE
from pyapp.testing.faults import Faults
from pyapp.testing.page import FakePage
from tests.live.support import chat, closed, ev, message, notices, opened


def metrics(page: FakePage) -> dict[str, int]:
    return {str(name): number for name, number in page.app.stores.metrics.items() if number and name != "tracked"}


async def test_frames_and_batches_are_handled_in_their_order() -> None:
    page = await opened()
    heard: list[Any] = []
    page.app.inbox.on_control(heard.append)
    page.receive(ev("run_start"), [ev("start_node", node_id="n0"), {"type": "ping"}, ev("run_end")])
    assert metrics(page) == {"received": 2, "handled": 3}
    assert [each.type for each in heard] == ["ping"] and page.row("r") == "success"
    await closed(page)


async def test_a_thousand_and_one_parallel_executions_end_with_their_run() -> None:
    """What is open is never evicted; the end of the run ends all of it, and the page goes on."""
    page = await opened()
    page.receive([ev("start_node", node_id="n0", order=order) for order in range(1001)])
    page.receive(ev("run_end"))
    page.receive(ev("run_start", "other"))
    await page.advance(1)
    assert (page.row("r"), page.row("other")) == ("success", "executing")
    assert not page.app.inbox.waiting
    await closed(page)


@pytest.mark.parametrize("part", ["decode", "inbox", "take", "fold", "router"])
async def test_what_raises_on_the_way_of_an_event_stops_no_other(part: str) -> None:
    """The next event of every run is handled; the failure is counted, named and put aside in words."""
    faults = Faults()
    page = await opened(seam=faults)
    page.receive(ev("run_start"))
    faults.arm(part, KeyError("broken"), times=1)
    page.receive(ev("start_node", node_id="n0", order=0))
    page.receive(ev("start_node", node_id="n1", order=1), ev("start_node", "other", node_id="n0", order=0))
    assert faults.fired == {part: 1}
    assert page.badges("n1") == [("2", "executing")] and page.row("other") == "executing"
    counted = metrics(page)
    assert counted.get("failed", 0) + counted.get("malformed", 0) == 1
    assert "KeyError" in page.app.stores.quarantine.get()[-1].reason
    assert "KeyError" in page.console.texts("error")[0]
    await closed(page)


async def test_a_frame_of_what_is_no_message_is_counted_whole_in_few_turns() -> None:
    """Each is counted; they are put aside together, so that the runs go on soon behind them."""
    page = await opened()
    page.receive("[" + "0," * 9_999 + "{}]", ev("run_start"))
    kept = page.app.stores.quarantine.get()
    assert metrics(page)["malformed"] == 10_000 and page.row("r") == "executing"
    assert len(kept) == 10_000 // MAX_TOGETHER and f"{MAX_TOGETHER - 1} more" in kept[-1].reason
    await closed(page)


async def test_what_is_not_understood_is_counted_and_kept() -> None:
    """Malformed and unknown: shown with a reason, one warning a name as far as names are remembered."""
    page = await opened()
    page.receive("garbage", b"binary", {"event": "novelty"}, {"event": "novelty"}, {"type": "odd"}, ev("run_start"))
    assert metrics(page) == {"received": 6, "malformed": 2, "unknown": 3, "handled": 1}
    assert len([text for text in page.console.texts("warning") if "novelty" in text]) == 1
    assert "not JSON" in page.document.region("inspector").textContent
    for number in range(3 * MAX_QUARANTINE):
        page.receive({"event": f"u{number}"}, "x")
    assert len(page.app.stores.quarantine.get()) == MAX_QUARANTINE
    assert len(page.console.texts("warning")) <= MAX_QUARANTINE, "beyond that it is silent (review A22.12)"
    await closed(page)


async def test_what_cannot_be_understood_has_used_its_number() -> None:
    """Nothing waits for it: not for an unknown event, nor for one of a wrong type."""
    page = await opened()
    page.receive(ev("run_start", seq=0), ev("novelty", seq=1), ev("start_node", seq=2, node_id=7))
    page.receive(ev("start_node", seq=3, node_id="n0", order=0))
    assert page.badges("n0") == [("1", "executing")] and "gap" not in metrics(page)
    await closed(page)


async def test_a_long_batch_lets_the_browser_have_its_turn() -> None:
    """No slice is longer than the budget and one event; nothing overtakes what is queued."""
    faults = Faults()
    page = await opened(seam=faults)
    order: list[str] = []

    def slow(event: Any, *_: Any, **__: Any) -> None:
        order.append(event.run_id)
        page.clock.spend(BUDGET_S / 2)

    faults.arm("router", slow)
    page.receive([ev("RunContent", f"r{number}", content="x") for number in range(10)])
    assert len(order) == 2, "two halves of the budget"
    page.receive(ev("RunContent", "last", content="x"))
    assert len(order) == 4, "a frame that comes in between is a task of its own: what waits goes on"
    for slices in range(3, 6):
        page.clock.advance(0.0)
        assert page.app.inbox.slices == slices
    page.clock.advance(0.0)
    assert order == [f"r{number}" for number in range(10)] + ["last"] and not page.app.inbox.waiting
    await closed(page)


async def test_behind_one_that_took_long_each_event_is_handled_in_its_own_task() -> None:
    """Also before what was left had its turn: a class never comes later than in the task of its message."""
    faults = Faults()
    page = await opened(seam=faults)
    seen: list[list[str]] = []

    def slow(event: Any, *_: Any, **__: Any) -> None:
        seen[-1].append(event.run_id)
        page.clock.spend(3 * BUDGET_S)

    faults.arm("router", slow)
    for number in range(5):
        seen.append([])
        page.socket.deliver(ev("run_start", f"r{number}"))
    assert seen == [[f"r{number}"] for number in range(5)]
    page.clock.advance(0.0)
    await closed(page)


async def test_more_than_can_wait_is_taken_in_without_being_drawn() -> None:
    """The queue is bounded; no event is lost, and what was not drawn is painted at the end."""
    faults = Faults()
    page = await opened(seam=faults)
    faults.arm("router", lambda *_, **__: page.clock.spend(BUDGET_S))
    words = [ev("RunContent", content=f"{number} ", source_run_id="a") for number in range(2 * MAX_QUEUED)]
    page.socket.deliver(words[: MAX_QUEUED + 1])
    for word in words[MAX_QUEUED + 1 :]:
        page.socket.deliver(word)
    assert len(page.app.inbox.waiting) == MAX_QUEUED
    page.socket.deliver(ev("RunContent", content="end", source_run_id="a"))
    assert len(page.app.inbox.waiting) == MAX_QUEUED
    assert page.app.stores.metrics.get("merged") == 1, "of the first frame all but the last was drawn, one by one"
    faults.mend("router")
    page.clock.advance(0.0)
    await page.settle()
    assert not page.app.inbox.waiting
    assert chat(page) == ["".join(f"{number} " for number in range(2 * MAX_QUEUED)) + "end"]
    await closed(page)


async def test_events_that_were_asked_for_are_awaited() -> None:
    """The future is done when they are in; clearing cancels it."""
    page = await opened()
    await page.app.inbox.take([message("start_node", node_id="n0", order=0), message("run_end")])
    await page.settle()
    assert page.row("r") == "success"
    await closed(page)


async def test_cleared_it_forgets_what_waits() -> None:
    """In the middle of a burst; the rest of it has no effect, and who waited for it is told."""
    faults = Faults()
    page = await opened(seam=faults)

    def slow(event: Any, *_: Any, **__: Any) -> None:
        page.clock.spend(BUDGET_S)

    faults.arm("router", slow)
    page.receive([ev("run_start", f"r{number}") for number in range(10)])
    waited = page.app.inbox.take([message("run_start", "late")])
    assert len(page.app.inbox.waiting) == 2
    page.app.inbox.clear()
    await page.advance(1.0)
    assert not page.app.inbox.waiting and waited.cancelled() and page.row("late") is None
    assert page.app.tracking.find("r9") is None
    await closed(page)


async def test_a_listener_of_control_frames_that_raises_stops_nothing() -> None:
    page = await opened()

    def broken(_: Any) -> None:
        raise RuntimeError("broken")

    page.app.inbox.on_control(broken)
    page.receive({"type": "ping"}, ev("run_start"))
    assert page.row("r") == "executing" and metrics(page)["failed"] == 1
    assert notices(page) == ""
    await closed(page)


async def test_a_frame_that_is_cancelled_half_way_leaves_no_flag_behind() -> None:
    """A BaseException from a part passes on to the loop, and the next frame is handled all the same."""
    faults = Faults()
    page = await opened(seam=faults)
    faults.arm("take", asyncio.CancelledError(), times=1)
    with pytest.raises(asyncio.CancelledError):
        page.receive(ev("run_start"))
    page.receive(ev("run_start", "other"))
    assert page.row("other") == "executing"
    await closed(page)


async def test_many_late_events_are_folded_together() -> None:
    """A history that was missed comes at once: its record is not made anew for each event of it."""
    faults, folds = Faults(), list[str]()
    page = await opened(seam=faults)
    count = 1_500
    missed = [ev("run_start", seq=0), *(ev("RunContent", content=f"w{each} ", seq=each) for each in range(1, count))]
    page.receive(ev("run_start", "other"), ev("RunContent", content="last", seq=count))
    await page.advance(2.5)
    assert page.app.tracking.run("r").log.lost == count

    def counted(record: Any, event: Any, *given: Any) -> Any:
        folds.append(event.run_id)
        return fold(record, event, *given)

    faults.arm("fold", counted)
    page.receive(missed, ev("start_node", "other", node_id="n0", order=0))
    await page.settle()
    assert page.app.tracking.run("r").record.events == count + 1 and folds.count("r") < 3 * count
    await closed(page)
