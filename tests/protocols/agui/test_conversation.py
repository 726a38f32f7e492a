from __future__ import annotations

import pytest

from pyapp.protocols.agui import conversation
from pyapp.protocols.agui.conversation import Conversation


def test_texts_calls_and_results_are_messages() -> None:
    told = Conversation([{"id": "u", "role": "user", "content": "Go."}])
    told.say("m", "assistant", "Look")
    told.say("m", "assistant", "ing.")
    told.call("c", "search", "m")
    told.call("d", None, None)
    told.call("c", "search", "elsewhere")
    told.arguments("c", '{"q": 1}')
    told.arguments("ghost", "{}")
    told.result("r", "c", "found")

    def function(name: str, arguments: str) -> dict[str, str]:
        return {"name": name, "arguments": arguments}

    assert told.messages() == [
        {"id": "u", "role": "user", "content": "Go."},
        {"id": "m", "role": "assistant", "content": "Looking.",
         "toolCalls": [{"id": "c", "type": "function", "function": function("search", '{"q": 1}')}]},
        {"id": "d", "role": "assistant", "toolCalls": [{"id": "d", "type": "function", "function": function("", "")}]},
        {"id": "r", "role": "tool", "toolCallId": "c", "content": "found"},
    ]  # fmt: skip


def test_thoughts_and_activities_are_not_told_again_unless_they_are_sealed() -> None:
    told = Conversation()
    told.say("t", "reasoning", "Hm.")
    told.replace(
        [*told.messages(), {"id": "p", "role": "activity", "content": {}}, {"id": "s", "role": "system", "content": ""}]
    )
    told.say("q", "reasoning", "So.")
    assert [each["id"] for each in told.messages()] == ["s"]
    assert told.seal("message", "q", "***") and not told.seal("message", "ghost", "***")
    assert [each["id"] for each in told.messages()] == ["s", "q"]


def test_what_it_was_given_is_not_changed() -> None:
    given = [{"id": "m", "role": "assistant", "content": "One"}]
    told = Conversation()
    told.replace(given)
    told.say("m", "assistant", " more")
    told.call("c", "search", "m")
    assert given == [{"id": "m", "role": "assistant", "content": "One"}]
    assert told.messages()[0]["content"] == "One more"


def test_a_thought_and_a_message_may_bear_one_id() -> None:
    """They are two: the answer and its call are told again, and a snapshot of one is none of the other."""
    told = Conversation()
    told.say("w", "reasoning", "Hm.")
    told.say("w", "assistant", "I will ask.")
    told.say("w", "reasoning", " So.")
    told.call("c", "ask", "w")
    (message,) = told.messages()
    assert (message["role"], message["content"], message["toolCalls"][0]["id"]) == ("assistant", "I will ask.", "c")
    assert told.seal("message", "w", "***")
    told.replace([{"id": "w", "role": "assistant", "content": "I asked."}])
    assert [(each["role"], each["content"]) for each in told.messages()] == [
        ("reasoning", "Hm. So."), ("assistant", "I asked."),
    ]  # fmt: skip


def test_a_call_of_a_message_that_only_thought_is_an_answers() -> None:
    told = Conversation()
    told.say("w", "reasoning", "Hm.")
    told.call("c", "ask", "w")
    told.say("w", "assistant", "Asked.")
    assert [(each["role"], each["content"], len(each["toolCalls"])) for each in told.messages()] == [
        ("assistant", "Asked.", 1)
    ]


def test_nothing_grows_without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "MAX_MESSAGES", 2)
    monkeypatch.setattr(conversation, "MAX_CHARS", 5)
    told = Conversation()
    for name in "abc":
        told.say(name, "assistant", "xxx")
        told.say(name, "assistant", "xxx")
    assert [(each["id"], each["content"]) for each in told.messages()] == [("a", "xxxxxx"), ("b", "")]


def test_a_snapshot_keeps_the_thoughts_that_it_does_not_list() -> None:
    """Where they were: a model wants what is sealed again before what it said then."""
    conversation = Conversation([{"id": "u", "role": "user", "content": "Go."}])
    for identity, role in (("t1", "reasoning"), ("a", "assistant"), ("gone", "assistant"), ("t2", "reasoning")):
        conversation.say(identity, role, identity)
    conversation.seal("message", "t1", "*")
    conversation.replace([{"id": "u", "role": "user", "content": "Go."}, {"id": "a", "role": "assistant"}])
    conversation.say("t2", "reasoning", " more")
    conversation.seal("message", "t2", "#")
    assert [(each["id"], each.get("content")) for each in conversation.messages()] == [
        ("u", "Go."), ("t1", "t1"), ("a", None), ("t2", "t2 more"),
    ]  # fmt: skip
    conversation.replace([{"id": "t2", "role": "reasoning", "content": "so"}])
    assert [each["id"] for each in conversation.messages()] == ["t1"], "as listed it is not sealed"
