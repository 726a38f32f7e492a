from __future__ import annotations

from typing import Any

from pyapp.protocols.agui.rules import RULES

from .support import FINISHED, Json, Run, args, begin, call, called, end, result, say, step


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


def test_what_is_sealed_goes_back_with_what_it_belongs_to() -> None:
    def sealed(subtype: str, entity: str) -> Json:
        return {"type": "REASONING_ENCRYPTED_VALUE", "subtype": subtype, "entityId": entity, "encryptedValue": "***"}

    thought = {"type": "REASONING_MESSAGE_CONTENT", "messageId": "t", "delta": "Hm."}
    run = Run(thought, sealed("message", "t"), call("c"), sealed("tool-call", "c"), sealed("message", "ghost"))
    thinking, calling = run.translator.conversation.messages()
    assert thinking == {"id": "t", "role": "reasoning", "content": "Hm.", "encryptedValue": "***"}
    assert calling["toolCalls"][0]["encryptedValue"] == "***"
    run.tell(sealed("message", "t"))
    assert run.asides == [f"REASONING_ENCRYPTED_VALUE ({RULES['REASONING_ENCRYPTED_VALUE'].log})"] * 2


def test_a_missing_name_is_said() -> None:
    run = Run({"type": "TEXT_MESSAGE_CONTENT", "delta": "x"}, say("m", 7), {"type": "STEP_STARTED"})  # type: ignore[arg-type]
    assert [each["reason"] for each in run.aside] == [
        "it has no `messageId` that is text.", "its `delta` is no text.", "it has no `stepName` that is text.",
    ]  # fmt: skip
    assert run.tell(step("a"))[0]["node_id"] == "a"
