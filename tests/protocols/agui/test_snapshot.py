"""pyapp.protocols.agui.snapshot: a snapshot is all of the messages; what is shown is what is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .support import FINISHED, Json, Run, args, begin, call, called, end, result, say


def snapshot(*messages: Any) -> Json:
    return {"type": "MESSAGES_SNAPSHOT", "messages": list(messages)}


def user(content: str = "Go.") -> Json:
    return {"id": "u", "role": "user", "content": content}


def assistant(identity: str, content: str | None = None, *calls: Json) -> Json:
    return {"id": identity, "role": "assistant", "content": content, "toolCalls": list(calls)}


def listed(call_id: str, arguments: str = "{}") -> Json:
    return {"id": call_id, "type": "function", "function": {"name": "search", "arguments": arguments}}


def test_a_snapshot_tells_what_the_stream_did_not() -> None:
    """Of all that is in the conversation, what came behind the last thing a person said."""
    old = assistant("old", "Of an earlier run.")
    run = Run(
        snapshot(
            user("Before"), old, user(), {"id": "t", "role": "reasoning", "content": "Hm."},
            assistant("m", "Looking.", listed("c", '{"q": 1}')),
            {"id": "c-result", "role": "tool", "toolCallId": "c", "content": "found"},
            {"id": "d-result", "role": "tool", "toolCallId": "d", "content": "", "error": "lost"},
            {"id": "p", "role": "activity", "activityType": "PLAN", "content": {"n": 1}}, assistant("n", "Done."),
        )
    )  # fmt: skip
    assert run.bubbles[:3] == [("reasoning", "Hm."), ("text", "Looking."), ("tool", "search")]
    assert run.bubbles[-1] == ("text", "Done.") and "Of an earlier run." not in str(run.bubbles)
    first, second = run.record.tools.values()
    assert (first.args, first.result, second.status, second.error) == ({"q": 1}, "found", "error", "lost")


def test_a_snapshot_of_what_was_told_says_nothing_new() -> None:
    run = Run(begin("m"), say("m", "Hello."), end("m"), call("c"), args("c", "{}"), called("c"), result("c", "ok"))
    told = list(run.ours)
    run.tell(
        snapshot(user(), assistant("m", "Hello.", listed("c")), {"id": "c-result", "role": "tool", "toolCallId": "c"})
    )
    assert run.ours == told and run.aside == []


def test_a_snapshot_corrects_what_was_told() -> None:
    run = Run(say("m", "Helo."), snapshot(user(), assistant("m", "Hello.")))
    assert run.bubbles == [("text", "Hello.")]


def test_a_snapshot_is_the_conversation_from_then_on() -> None:
    run = Run(say("m", "lost"), snapshot(user(), assistant("n", "One ")), say("n", "more."), FINISHED)
    assert run.translator.conversation.messages() == [user(), {**assistant("n"), "content": "One more."}]


def test_what_cannot_be_read_of_a_snapshot_is_named() -> None:
    run = Run(
        {"type": "MESSAGES_SNAPSHOT"},
        snapshot(7, {"role": "assistant"}, {"id": "x", "role": "tool"}, assistant("y", "ok", {"id": 7}, {"id": "z"})),
    )
    assert [each["reason"] for each in run.aside] == [
        "its `messages` are no list.", "one of its messages has no `id`.", "a tool's message has no `toolCallId`.",
    ]  # fmt: skip
    assert run.bubbles == [("text", "ok")]


def told(run: Run) -> list[tuple[str, Any]]:
    """What the next leg is told of the agent's messages."""
    return [(each["id"], each.get("content")) for each in run.translator.conversation.messages() if each != user()]


SAID = begin("s"), say("s", "A secret answer"), end("s")


@pytest.mark.parametrize(
    ("listed_now", "shown", "ends_with"),
    [
        ([assistant("s", "A careful answer")], [("text", "A careful answer")], "A careful answer"),
        ([assistant("s", "")], [], None),
        ([assistant("s")], [], None),
        ([], [], None),
        ([assistant("other", "I cannot say that.")], [("text", "I cannot say that.")], "I cannot say that."),
        ([assistant("final", "A secret answer")], [("text", "A secret answer")], "A secret answer"),
    ],
)
def test_what_a_snapshot_takes_back_is_gone(listed_now: list[Json], shown: Any, ends_with: str | None) -> None:
    """Also behind the end of its message; no empty bubble stays, and the run did not end with it."""
    run = Run(*SAID, snapshot(user(), *listed_now), FINISHED)
    assert run.bubbles == shown and run.ours[-1].get("content") == ends_with
    assert told(run) == [(each["id"], each["content"]) for each in listed_now]


PIECES = st.builds(say, st.sampled_from("abc"), st.sampled_from(["x", "yy"]))
LISTED = st.lists(
    st.builds(assistant, st.sampled_from("abcde"), st.sampled_from(["", "x", "xx", "yy", "z"])), max_size=4
)
SNAPSHOTS = LISTED.map(lambda told: snapshot(user(), *{each["id"]: each for each in told}.values()))


@given(st.lists(PIECES | st.builds(end, st.sampled_from("abc")) | SNAPSHOTS, max_size=15))
def test_what_is_shown_is_what_is_sent(events: list[Json]) -> None:
    """Whatever is said, ends, is renamed, corrected, taken back and said again, in any order; no bubble is empty."""
    run = Run(*events)
    shown: dict[str, str] = {}
    for each in run.record.messages.values():
        assert each.text, each
        shown[each.source] = shown.get(each.source, "") + each.text
    assert sorted(shown.values()) == sorted(content for _, content in told(run) if content)


def test_what_is_listed_by_its_final_id_stays_where_it_is_and_goes_on_as_that() -> None:
    run = Run(say("a", "Looking."), end("a"), call("c"), called("c"), result("c", "ok"), say("b", "Do"))
    final = (assistant("A", "Looking.", listed("c")), {"id": "r", "role": "tool", "toolCallId": "c", "content": "ok"})
    run.tell(snapshot(user(), *final, assistant("B", "Do")), say("B", "ne."), FINISHED)
    assert run.bubbles == [("text", "Looking."), ("tool", "search"), ("text", "Done.")]
    assert told(run)[-1] == ("B", "Done.") and run.ours[-1]["content"] == "Done."


def test_thoughts_activities_and_the_work_of_calls_stay() -> None:
    thought = {"type": "REASONING_MESSAGE_CONTENT", "messageId": "s", "delta": "Hm."}
    plan = {"type": "ACTIVITY_SNAPSHOT", "messageId": "s", "activityType": "PLAN", "content": {}}
    run = Run(thought, plan, call("c"), called("c"), result("c", "ok"), *SAID, snapshot(user()))
    assert [kind for kind, _ in run.bubbles] == ["reasoning", "text", "tool"] and told(run) == []


def test_what_a_person_is_said_to_have_said_is_no_border_for_corrections() -> None:
    """Also in front of it a message of this run is corrected; of an earlier run nothing is shown."""
    aside = user("And?") | {"id": "v"}
    run = Run(*SAID, begin("v", role="user"), say("v", "Or?"), end("v"))
    run.tell(snapshot(assistant("old", "Before."), user(), assistant("s", "No."), aside))
    assert run.bubbles == [("text", "No."), ("text", "And?")]


def test_a_call_that_is_taken_back_is_not_asked_for() -> None:
    """But for one that the server names: its result is told behind the call."""
    run = Run(call("c"), args("c", '{"q": 1}'), called("c"), snapshot(user()), FINISHED)
    assert run.names[-1] == "run_end" and told(run) == []
    run = Run(call("c"), args("c", '{"q": 1}'), called("c"), snapshot(user()))
    run.tell({**FINISHED, "outcome": {"type": "success", "pendingToolCallIds": ["c"]}})
    (message,) = run.translator.conversation.messages()[1:]
    assert run.names[-1] == "AgentPaused" and message["toolCalls"][0]["function"]["arguments"] == '{"q": 1}'


@pytest.mark.parametrize(
    "before", [[], [called("c")], [called("c"), say("m", "On.")], [result("c", "ok")], [called("c"), result("c", 1)]]
)
def test_a_call_that_a_snapshot_drops_goes_unless_its_work_is_done(before: list[Json]) -> None:
    """Its card, the name below its node and the ring round it; the end of the run brings none of it back."""
    run = Run(call("c"), args("c", '{"q": 1}'), *before, snapshot(user()))
    for _ in range(2):
        done = any(each["type"] == "TOOL_CALL_RESULT" for each in before)
        assert [each for each in run.bubbles if each[0] == "tool"] == [("tool", "search")] * done
        assert list(run.record.tools) == ["=c"] * done and not run.record.nodes["agent"].open_tools
        run.tell(snapshot(user()), FINISHED)


@pytest.mark.parametrize(
    "behind", [args("c", " "), result("c", "ok"), snapshot(user(), assistant("m", None, listed("c", '{"q": 1}')))]
)
def test_a_call_that_was_taken_back_and_goes_on_is_there_again(behind: Json) -> None:
    run = Run(call("c"), args("c", '{"q": 1}'), snapshot(user()), behind)
    assert run.bubbles == [("tool", "search")] and run.record.tools["=c"].args == {"q": 1}
    run.tell(snapshot(user()))
    assert len(run.bubbles) == (behind["type"] == "TOOL_CALL_RESULT")


def test_arguments_that_a_snapshot_corrects_are_shown_and_sent() -> None:
    """Of a call that waits: what a person answers is what the agent knows of."""
    run = Run(call("c"), args("c", '{"to": "Adda"}'), called("c"))
    run.tell(snapshot(user(), assistant("m", None, listed("c", '{"to": "Ada"}'))), FINISHED)
    assert run.record.tools["=c"].args == run.ours[-1]["requirements"][0]["tool_args"] == {"to": "Ada"}
    (message,) = run.translator.conversation.messages()[1:]
    assert message["toolCalls"][0]["function"]["arguments"] == '{"to": "Ada"}'
