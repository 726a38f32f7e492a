from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.usage import Usage
from pyapp.run.fold.step import MAX_MESSAGES
from tests.run.support import Told, end, run_end, start, text, tool

ADA = {"source_run_id": "ada"}
BOB = {"source_run_id": "bob"}


def thought(content: str = "", **fields: Any) -> dict[str, Any]:
    return {"event": "ReasoningContent", "content": content, **fields}


def html(content: str, **fields: Any) -> dict[str, Any]:
    return {"event": "ChatHTML", "html": content, **fields}


def shown(told: Told) -> list[tuple[str, str, str]]:
    return [(each.kind, each.source, each.text) for each in told.messages()]


@pytest.mark.parametrize(
    ("fields", "source"),
    [({}, "r"), ({"team_id": "t"}, "t"), ({"agent_id": "a", "team_id": "t"}, "a"), ({"agent_id": "a", **ADA}, "ada")],
)
def test_whose_bubble_a_text_belongs_to(fields: dict[str, str], source: str) -> None:
    assert [each.source for each in Told(text(**fields)).messages()] == [source]


def test_no_id_of_the_server_is_one_that_the_fold_gives() -> None:
    """Two bubbles never go by one id; an id that is like none of ours is shown as it came."""
    told = Told(text("a"), thought("b"), tool(tool_call_id="t1"), tool(), html("<p>"))
    ours = [each.message_id for each in told.messages()]
    told.tell(*(html("<p>", message_id=each) for each in [*ours, "m1", "html/=m1", "html/=html/=m1", ""]))
    told.tell(text("c"), html("<b>", message_id="m1"))
    ids = [each.message_id for each in told.messages()]
    assert len(set(ids)) == len(ids) == 2 * len(ours) + 5
    assert "m1" in ids and ids[: len(ours)] == ours


def test_a_message_that_is_said_to_be_the_last_is_over() -> None:
    """What its source says next is another one; both have the colour of who speaks."""
    desk = {"agent_id": "desk"}
    told = Told(text("one", **ADA, **desk), text("", last=True, **ADA, **desk), text("two", **ADA, **desk))
    told.tell(text("three", **BOB, **desk), text("four", source_run_id="cid", agent_id="other"))
    assert [(each.text, each.busy, each.voice) for each in told.messages()] == [
        ("one", False, 0), ("two", True, 0), ("three", True, 0), ("four", True, 1),
    ]  # fmt: skip
    assert shown(Told(text("a"), text("b", last="yes"), text("c"))) == [("text", "r", "abc")], "not what it should be"


def test_calls_have_the_colour_of_who_makes_them() -> None:
    """Whatever is known first: a source that acts before it says whose it is has their colour from then on."""
    told = Told(text("x", agent_id="lead", source_run_id="s"), tool(tool_call_id="c", source_run_id="s"))
    told.tell(*(tool(tool_call_id=each, source_run_id=each) for each in ("a1", "b1")))
    assert [each.voice for each in told.messages()] == [0, 0, 1, 2]
    told.tell(text("y", agent_id="ada", source_run_id="a1"), text("z", agent_id="bob", source_run_id="b1"))
    told.tell(tool(tool_call_id="a2", source_run_id="a2"))
    assert [each.voice for each in told.messages()] == [0, 0, 1, 2, 1, 2, 3]
    told.tell(text("y", agent_id="ada", source_run_id="a2"))
    assert [each.voice for each in told.messages()][-2:] == [1, 1] and "tool/=a2" in told.touched.messages
    told.tell(text("hello", agent_id="cid"))
    told.tell(html("<p>", source_run_id="cid"), text("d", agent_id="dot", source_run_id="cid"))
    assert [each.voice for each in told.messages()][-3:] == [3, 4, 4], "what is free is dealt first"


def test_who_speaks_is_called_by_text_alone() -> None:
    """What stands beside the fields of an event may be anything."""
    told = Told(tool(tool_call_id="c", agent_id={"a": 1}, team_id="team"), tool(tool_call_id="d", team_id=[]))
    assert [(each.source, each.voice) for each in told.messages()] == [("team", 0), ("r", 1)]


def test_parallel_members_do_not_mix() -> None:
    told = Told(text("a1 ", **ADA), text("b1 ", **BOB), text("a2", **ADA), text("b2", **BOB))
    assert shown(told) == [("text", "ada", "a1 a2"), ("text", "bob", "b1 b2")]
    told.tell(tool(tool_call_id="c", **ADA), text("b3", **BOB), text("a3", **ADA))
    assert [each.voice for each in told.messages()] == [0, 1, 0, 0], "each has its own colour"


@given(st.lists(st.tuples(st.sampled_from(["ada", "bob", "cid"]), st.text(max_size=4)), max_size=30))
def test_each_source_says_exactly_what_it_said(chunks: list[tuple[str, str]]) -> None:
    """Whatever the interleaving: one bubble per source, its words in order."""
    told = Told(*(text(chunk, source_run_id=source) for source, chunk in chunks))
    for source in ("ada", "bob", "cid"):
        said = "".join(chunk for name, chunk in chunks if name == source)
        assert told.said(source) == ([said] if said else [])


def test_after_a_tool_call_text_opens_a_new_bubble() -> None:
    """Of the same source; others go on in theirs. The call stands between, and its end changes no place."""
    told = Told(
        text("one", **ADA), text("b", **BOB), tool(tool_name="look", **ADA), text("two", **ADA), text("b", **BOB)
    )
    told.tell(tool("end_tool", tool_name="look", result=7, **ADA), text("!", **ADA))
    assert shown(told) == [
        ("text", "ada", "one"), ("text", "bob", "bb"), ("tool", "ada", ""), ("text", "ada", "two!"),
    ]  # fmt: skip
    (call,) = told.messages("tool")
    assert (call.name, call.status, call.result, call.busy) == ("look", "success", 7, False)
    assert len({each.message_id for each in told.messages()}) == 4


def test_a_thought_between_texts_keeps_its_place() -> None:
    """REVIEW A22.2: the structure is that of what was said, not of the load."""
    told = Told(text("one"), thought("hm"), text("two"))
    assert shown(told) == [("text", "r", "one"), ("reasoning", "r", "hm"), ("text", "r", "two")]


def test_what_a_source_turns_away_from_is_complete() -> None:
    """Only what it says now is busy."""
    told = Told(text("one\ud83d"), thought("hm"))
    assert [(each.text, each.busy) for each in told.messages()] == [("one\ufffd", False), ("hm", True)]


def test_a_thought_may_be_a_step_without_words() -> None:
    told = Told(thought(step={"title": "How"}), thought(step={"title": "Then"}))
    (message,) = told.messages("reasoning")
    assert [each["title"] for each in message.steps] == ["How", "Then"]


def test_a_snapshot_replaces() -> None:
    """It is all its source has said, never added to what there is."""
    told = Told(text("Hel", **ADA), text("b", **BOB), text("Hello", mode="snapshot", **ADA))
    assert (told.said("ada"), told.said("bob")) == (["Hello"], ["b"])
    told.tell(text("Other", mode="snapshot", **ADA), text("!", **ADA))
    assert told.said("ada") == ["Other!"]


def test_a_snapshot_over_several_bubbles() -> None:
    """Bubbles before the last keep their text if it begins with it; else the last holds all, the earlier nothing."""
    told = Told(text("one "), tool(), text("tw"), text("one two", mode="snapshot"))
    assert told.said() == ["one ", "two"]
    told.tell(text("other", mode="snapshot"))
    assert told.said() == ["", "other"]


def test_a_snapshot_behind_a_tool_call() -> None:
    """What is more than was said stands behind the call; the same again changes nothing."""
    told = Told(text("one"), tool(), text("one", mode="snapshot"))
    assert told.said() == ["one"]
    told.tell(text("one two", mode="snapshot"))
    assert told.said() == ["one", " two"]
    assert [each.kind for each in told.messages()] == ["text", "tool", "text"]


def test_a_snapshot_of_what_is_over_changes_it_where_it_stands() -> None:
    """`last`: no empty bubble stays; behind a tool call or a report it is a bubble of its own."""
    told = Told(text("one", last=True), text("b", **BOB), text("other", mode="snapshot", last=True))
    assert told.said() == ["other", "b"]
    told.tell(text("other one", mode="snapshot"))
    assert told.said() == ["other", "b", " one"], "more may come, in a bubble of its own"
    told.tell(text("more"), text("anew", mode="snapshot"))
    assert told.said() == ["", "b", "anew"]
    for between in (tool(), html("<p>")):
        told = Told(text("one", last=True), between, text("other", mode="snapshot"))
        assert told.said() == ["", "other"]
        told.tell(text("another", mode="snapshot", last=True))
        assert told.said() == ["another"], "what is left with nothing is gone"


def test_what_is_taken_back_has_no_bubble() -> None:
    """By a snapshot that is the last word, and says nothing; steps of a thought stay."""
    told = Told(text("one"), tool(), text("two", last=True), text("", mode="snapshot", last=True))
    assert told.said() == [] and len(told.touched.messages) == 2
    told.tell(text("three"), text("", mode="snapshot"))
    assert told.said() == [""], "more may come"
    told = Told(thought("Hm.", step={"title": "How"}), thought("", mode="snapshot", last=True))
    assert [(each.text, len(each.steps)) for each in told.messages("reasoning")] == [("", 1)]


PARTS = st.lists(st.none() | st.text("ab", min_size=1, max_size=3), max_size=8)


@given(PARTS, st.text("ab", max_size=6))
def test_after_a_snapshot_the_bubbles_hold_exactly_it(parts: list[str | None], snapshot: str) -> None:
    """None is a tool call. What stands before the last bubble is never changed if the snapshot goes on from it."""
    told = Told(*(tool() if each is None else text(each) for each in parts))
    before = told.said()
    told.tell(text(snapshot, mode="snapshot"))
    assert "".join(told.said()) == snapshot
    if snapshot.startswith("".join(before)):
        assert told.said()[: max(0, len(before) - 1)] == before[:-1]


def test_html_with_an_id_is_replaced_in_its_place() -> None:
    """Without one each is a message of its own; text behind it is a new bubble."""
    told = Told(
        text("one"), html("<b>1", message_id="m"), html("<i>"), text("two"), html("<b>2", message_id="m"), html("<u>")
    )
    assert shown(told) == [
        ("text", "r", "one"), ("html", "r", "<b>2"), ("html", "r", "<i>"), ("text", "r", "two"), ("html", "r", "<u>"),
    ]  # fmt: skip
    report = told.messages("html")[0]
    assert (report.message_id, report.busy) == ("m", False)


def test_html_is_complete_when_it_comes() -> None:
    (report,) = Told(html("a\ud83d")).messages()
    assert (report.text, report.half, report.busy) == ("a\ufffd", "", False)


def test_html_named_as_a_text_is_another_message() -> None:
    told = Told(text("one"))
    told.tell(html("<p>", message_id=told.messages()[0].key))
    assert [each.text for each in told.messages()] == ["one", "<p>"]


def test_what_streams_is_busy() -> None:
    """Until its source does something else, its node or the run ends; it goes on in another node, or once more."""
    told = Told(start(), text("a", node_id="n", **ADA), text("b", **BOB))
    assert [each.busy for each in told.messages()] == [True, True]
    told.tell(end())
    assert [each.busy for each in told.messages()] == [False, True]
    told.tell(text("a", **ADA))
    assert [(each.text, each.busy) for each in told.messages()] == [("aa", False), ("b", True)]
    assert told.messages()[0].ended_at == 4.0
    told.tell(start("m", 1), text("m", node_id="m", **ADA))
    assert [each.busy for each in told.messages()] == [True, True]
    told.tell(end("m", 1))
    assert [each.busy for each in told.messages()] == [False, True]
    told.tell(start(order=2), text("n", node_id="n", **ADA))
    assert [each.busy for each in told.messages()] == [True, True]
    told.tell(run_end(), text("late", **ADA))
    assert [each.busy for each in told.messages()] == [False, False]
    assert told.said("ada") == ["aamnlate"]


def test_an_empty_text_may_bear_usage() -> None:
    """The last chunk of an agent often does."""
    told = Told(text("a"), text("", usage={"input_tokens": 3}))
    assert told.messages()[0].usage == Usage(input_tokens=3)


def test_messages_leave_oldest_first_but_for_what_is_busy() -> None:
    told = Told(text("busy", **ADA), *(html(str(number)) for number in range(MAX_MESSAGES)))
    assert len(told.messages()) == MAX_MESSAGES
    assert [each.text for each in told.messages()[:2]] == ["busy", "1"]
    assert [each for each in told.touched.messages if each not in told.record.messages] == ["html/#1"]
