from __future__ import annotations

from typing import Any

from tests.run.support import Json, Told, end, numbered, run_end, start, text, tool


def tokens(count: int, **fields: Any) -> Json:
    return {"usage": {"input_tokens": count, **fields}}


def test_an_end_tells_all_of_its_execution() -> None:
    """What its tools and texts told before is a part of that."""
    told = Told(
        start(),
        tool(tool_call_id="t"),
        tool("end_tool", tool_call_id="t", **tokens(5)),
        text("x", node_id="n", **tokens(7)),
    )
    assert told.record.spent.tokens == told.execution().spent.tokens == 12
    told.tell(end(**tokens(20, cost=0.5, currency="EUR")))
    assert (told.record.spent.tokens, told.record.spent.costs) == (20, {"EUR": 0.5})
    told.tell(text("late", node_id="n", **tokens(9)))
    assert told.record.spent.tokens == 20, "its end told it"


def test_without_a_word_at_the_end_what_was_heard_stays() -> None:
    told = Told(start(), text("x", node_id="n", **tokens(7)), end())
    assert (told.execution().spent.tokens, told.execution().usage, told.record.spent.tokens) == (7, None, 7)


def test_a_message_tells_its_usage_anew_and_not_once_more() -> None:
    """Each chunk may tell what it is so far; nobody's node is the run's."""
    told = Told(text("a", **tokens(1)), text("b", **tokens(4)), text("c"))
    assert told.record.spent.tokens == 4 and told.messages()[0].usage is not None


def test_each_execution_of_a_node_counts() -> None:
    told = Told(start(order=0), end(order=0, **tokens(3)), start(order=1), end(order=1, **tokens(4)))
    assert (told.record.nodes["n"].spent.tokens, told.record.spent.tokens) == (7, 7)


def test_a_second_end_adds_nothing_and_a_late_one_replaces_an_implied_one() -> None:
    told = Told(start(), end(**tokens(3)), end(**tokens(30)))
    assert told.record.spent.tokens == 3
    told = Told(start(), run_end(), end(**tokens(5)))
    assert told.record.spent.tokens == 5


def test_an_order_that_runs_once_more_keeps_what_was_spent() -> None:
    """Numbers are the true order: it was spent twice."""
    told = Told(*numbered(start(), end(**tokens(3)), start(), end(**tokens(4))))
    assert (told.execution().spent.tokens, told.record.spent.tokens) == (4, 7)


def test_what_was_spent_is_told_with_the_run() -> None:
    """The row follows."""
    told = Told(start(), end(**tokens(3)))
    assert told.touched.run
    assert not told.tell(start("m", 1)).touched.run
