from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.protocols.agui import speech
from pyapp.protocols.agui.speech import TEXT, Speech

from .support import Json, Run, begin, end, say, step, subagent


def chunk(**fields: Any) -> Json:
    return {"type": "TEXT_MESSAGE_CHUNK", **fields}


@given(st.lists(st.tuples(st.sampled_from("mno"), st.text(min_size=1, max_size=4)), max_size=30))
def test_messages_that_come_in_between_each_other_do_not_mix(pieces: list[tuple[str, str]]) -> None:
    run = Run(*(say(message_id, delta) for message_id, delta in pieces))
    for message_id in "mno":
        said = "".join(delta for each, delta in pieces if each == message_id)
        assert "".join(each.text for each in run.record.messages.values() if each.source == message_id) == said


def test_each_message_is_a_bubble_that_is_over_when_it_ends() -> None:
    """Of one agent they have one colour."""
    run = Run(begin("m"), say("m", "one"), end("m"), begin("n"), say("n", "two"))
    assert [(each.text, each.busy, each.voice) for each in run.record.messages.values()] == [
        ("one", False, 0), ("two", True, 0),
    ]  # fmt: skip


def test_who_speaks_is_said_at_the_beginning() -> None:
    """It holds for what comes; who the server tells that a person is, has a name and colour of its own."""
    run = Run(
        subagent("s", "Ada"), begin("m", subagentRunId="s"), begin("u", role="user"), say("m", "Hi"), say("u", "Ho")
    )
    assert [(each["agent_id"], each["name"], each["node_id"]) for each in run.ours[1:]] == [
        ("Ada", "Ada", "Ada"), ("user", "user", "agent"),
    ]  # fmt: skip
    assert [each.voice for each in run.record.messages.values()] == [0, 1]
    assert Run(begin("m", name="Desk"), say("m", "x")).ours[0]["name"] == "Desk"


def test_a_message_stays_where_it_began() -> None:
    run = Run(step("a"), begin("m"), step("b"), say("m", "x"))
    assert run.ours[-1]["node_id"] == "a"


def test_chunks_open_go_on_and_close() -> None:
    run = Run(chunk(messageId="m", delta="one "), chunk(delta="more"), chunk(messageId="n", delta="two"), chunk())
    assert [(each.text, each.busy) for each in run.record.messages.values()] == [("one more", False), ("two", True)]
    apart = Run(
        subagent("s", "Ada"), chunk(messageId="m", delta="a"), chunk(messageId="n", delta="b", subagentRunId="s"),
        chunk(delta="A"), chunk(delta="B", subagentRunId="s"),
    )  # fmt: skip
    assert apart.bubbles == [("text", "aA"), ("text", "bB")]
    assert Run(chunk(delta="unnamed")).bubbles == [("text", "unnamed")]


def test_thoughts_are_a_bubble_of_their_own() -> None:
    """Also those of servers from before 1.0, which do not name them; and in chunks."""

    def reasoning(kind: str, **fields: Any) -> Json:
        return {"type": f"REASONING_{kind}", **fields}

    run = Run(
        reasoning("START", messageId="m"), reasoning("MESSAGE_START", messageId="m", role="reasoning"),
        reasoning("MESSAGE_CONTENT", messageId="m", delta="Hm."), reasoning("MESSAGE_END", messageId="m"),
        reasoning("END", messageId="m"), reasoning("MESSAGE_CHUNK", messageId="n", delta="So."), say("m", "Yes."),
    )  # fmt: skip
    assert run.bubbles == [("reasoning", "Hm."), ("reasoning", "So."), ("text", "Yes.")]
    assert run.asides == [f"REASONING_{each} (thoughts are told by what is in it)" for each in ("START", "END")]
    old = Run(*({"type": f"THINKING_{each}", "delta": "Hm."} for each in (
        "START", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT", "END")))  # fmt: skip
    assert [(each.text, each.busy) for each in old.record.messages.values()] == [("Hm.", False), ("Hm.", True)]


def test_what_says_nothing_is_named() -> None:
    run = Run(begin("m"), say("m", ""), end("m"))
    assert run.ours == [] and run.asides == [
        "TEXT_MESSAGE_CONTENT (an empty piece)", "TEXT_MESSAGE_END (a message without text has no end to tell)",
    ]  # fmt: skip


def test_an_activity_is_shown_whole_and_changes() -> None:
    def activity(content: Any, **fields: Any) -> Json:
        return {"type": "ACTIVITY_SNAPSHOT", "messageId": "m", "activityType": "PLAN", "content": content, **fields}

    def change(path: str, **fields: Any) -> Json:
        patch = [{"op": "replace", "path": path, "value": 2}]
        return {"type": "ACTIVITY_DELTA", "messageId": "m", "activityType": "PLAN", "patch": patch, **fields}

    run = Run(
        activity({"n": 1}), activity({"n": 9}, replace=False), change("/n"), change("/x"), change("/n", messageId="o")
    )
    assert [(each["content"], each["mode"], each["name"]) for each in run.ours] == [
        ({"n": 1}, "snapshot", "PLAN"), ({"n": 2}, "snapshot", "PLAN"),
    ]  # fmt: skip
    assert run.asides[0].startswith("ACTIVITY_SNAPSHOT (with") and run.asides[1:] == ["ACTIVITY_DELTA"] * 2
    assert '"n": 2' in "".join(text for _, text in run.bubbles)
    assert Run({**change("/n"), "patch": 7}).aside[0]["reason"] == "its `patch` is no list of changes."


def test_an_activity_is_one_bubble_however_often_it_changes() -> None:
    """It changes where it stands, also behind what came since."""
    plan = {"type": "ACTIVITY_SNAPSHOT", "messageId": "m", "activityType": "PLAN", "content": {"done": 0}}
    patch = [{"op": "replace", "path": "/done", "value": 7}]
    run = Run(plan, say("n", "Working."), *({**plan, "type": "ACTIVITY_DELTA", "patch": patch} for _ in range(20)))
    run.tell({**plan, "content": {"all": 1}})
    assert [(each.name, each.busy) for each in run.record.messages.values()] == [("PLAN", False), ("agent", True)]
    assert [text for _, text in run.bubbles] == ['\n```json\n{\n  "all": 1\n}\n```\n', "Working."]


def test_nothing_grows_without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "MAX_MESSAGES", 1)
    monkeypatch.setattr(speech, "MAX_CHARS", 4)
    run = Run(say("m", "abcd"), say("m", "efgh"), say("n", "x"))
    assert [each["content"] for each in run.ours] == ["abcd", "efgh", "x"], "all of it is shown"
    said = run.translator.speech.find(TEXT, "m")
    assert said is not None and said.text == "abcd" and run.translator.speech.find(TEXT, "n") is None
    assert isinstance(run.translator.speech, Speech)
