"""When more comes than can be handled: words are merged, nothing else is, and nothing is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import Text
from pyapp.live.backlog import Backlog
from pyapp.live.inbox import MAX_QUEUED
from pyapp.testing.clock import FakeClock
from pyapp.testing.page import FakePage
from tests.live.support import message

SOURCES = (None, "a", "b")


def text(seq: int, source: str | None, content: Any = None, **fields: Any) -> Any:
    said = f"{seq} " if content is None else content
    return message("RunContent", content=said, source_run_id=source, seq=seq, **fields)


def drained(backlog: Backlog) -> list[Any]:
    return [backlog.pop().merged() for _ in range(len(backlog))]


def test_words_of_a_source_become_one_event() -> None:
    backlog = Backlog()
    merged = [backlog.add(text(seq, "a"), False) for seq in range(1_000)]
    assert merged.count(True) == 999 and len(backlog) == 1
    waiting = backlog.pop()
    event = waiting.merged()
    assert waiting.count == 1_000
    assert event.seq == 999 and event.content == "".join(f"{seq} " for seq in range(1_000))  # type: ignore[union-attr]


def test_what_is_no_plain_text_stands_alone() -> None:
    """JSON, a step of reasoning, a snapshot (it replaces), and what comes over another way."""
    backlog = Backlog()
    backlog.add(text(0, "a", {"json": 1}), False)
    backlog.add(text(1, "a", {"json": 2}), False)
    backlog.add(message("ReasoningContent", content="x", step={"title": "t"}, seq=2), False)
    backlog.add(text(3, "a"), False)
    backlog.add(text(4, "a", mode="snapshot"), False)
    backlog.add(text(5, "a"), False)
    backlog.add(text(6, "a"), True)
    assert [each.seq for each in drained(backlog)] == [0, 1, 2, 3, 5, 6]


def test_a_run_that_is_told_anew_waits_for_nothing() -> None:
    backlog = Backlog()
    backlog.add(text(0, "a"), False)
    backlog.add(message("run_start", "other", seq=0), False)
    backlog.forget("r")
    backlog.add(text(0, "a"), False)
    assert [each.run_id for each in drained(backlog)] == ["other", "r"]


@given(
    st.lists(st.tuples(st.sampled_from(["text", "text", "text", "start_node"]), st.sampled_from(SOURCES)), max_size=40)
)
def test_no_word_moves_over_a_fact(steps: list[tuple[str, str | None]]) -> None:
    """Between two facts every source has said the same words in the same order as without the backlog."""
    events = [
        text(seq, source) if kind == "text" else message("start_node", node_id="n", order=seq, seq=seq)
        for seq, (kind, source) in enumerate(steps)
    ]
    backlog = Backlog()
    for event in events:
        backlog.add(event, False)
    assert told(drained(backlog)) == told(events)


def told(events: list[Any]) -> list[Any]:
    """Stretches of words by source, and the facts between them."""
    stretches: list[Any] = [{}]
    for event in events:
        if isinstance(event, Text):
            source = event.source_run_id or ""
            stretches[-1][source] = stretches[-1].get(source, "") + event.content
        else:
            stretches += [event.seq, {}]
    return stretches


class SlowClock(FakeClock):
    """Every look at it takes 20 ms: a machine that is far too busy."""

    slow = False

    def now(self) -> float:
        if self.slow:
            self.spend(0.02)
        return super().now()


async def test_a_flood_is_bounded_and_nothing_of_it_is_lost() -> None:
    """Far more frames than may wait, on a page that can handle one a turn: the facts in order, the words whole."""
    clock = SlowClock()
    page = FakePage(clock=clock)
    await page.open()
    clock.slow = True
    words = 3 * MAX_QUEUED
    page.receive({"event": "run_start", "run_id": "r", "seq": 0})
    for seq in range(1, words + 1):
        page.receive({"event": "RunContent", "run_id": "r", "seq": seq, "content": f"{seq} "})
    page.receive(
        {"event": "start_node", "run_id": "r", "seq": words + 1, "node_id": "n0", "order": 0},
        {"event": "run_end", "run_id": "r", "seq": words + 2, "status": "error"},
    )
    assert page.app.inbox.waiting <= MAX_QUEUED + 10
    clock.slow = False
    await page.advance(0.1)
    assert page.app.stores.metrics.get("handled") == words + 3
    assert (page.app.stores.metrics.get("merged") or 0) > MAX_QUEUED
    assert page.row("r") == "error" and page.badges("n0") == [("1", "error")]
    told = "".join(f"{seq} " for seq in range(1, words + 1))
    assert "".join(each.text for each in page.app.stores.chat.of_run("r").values()) == told
    page.app.stop()


async def test_merged_words_are_no_sign_of_another_history() -> None:
    """The last of them, told again on a new link, is a duplicate and nothing else."""
    clock = SlowClock()
    page = FakePage(clock=clock)
    await page.open()
    clock.slow = True
    words = [{"event": "RunContent", "run_id": "r", "seq": seq, "content": "x "} for seq in range(2 * MAX_QUEUED)]
    page.receive(*words)
    clock.slow = False
    await page.advance(0.1)
    merged = [each.seq for each in page.app.tracking.journal("r") if hasattr(each, "merged")]
    await page.reconnect()
    page.receive(words[merged[-1] or 0])
    assert page.app.stores.notices.get("lost r") is None
    assert "".join(each.text for each in page.app.stores.chat.of_run("r").values()) == "x " * len(words)
    page.app.stop()
