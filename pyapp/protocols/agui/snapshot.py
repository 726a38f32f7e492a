"""Snapshot: MESSAGES_SNAPSHOT, all messages of a conversation at once: what was told otherwise is corrected.

What is shown is what is sent when the run goes on: a text that is not listed, or has nothing in it, is taken back.
Thoughts and activities that are not listed stay, as they are for the page, and so does the work of calls that is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol import Json, Taken, aside, kept, taken
from .conversation import THOUGHT
from .fields import Unreadable, objects, text
from .messages import Messages
from .speech import REASONING, TEXT

Message = Mapping[str, Any]


def take(known: Messages, event: Message) -> Taken:
    """All of the conversation; what came behind the last thing a person said belongs to this run."""
    if not isinstance(event.get("messages"), list):
        raise Unreadable("its `messages` are no list.")
    messages = objects(event["messages"])
    asked = [number for number, each in enumerate(messages, 1) if each.get("role") == "user"]
    before, own = messages[: asked[-1]] if asked else [], messages[asked[-1] if asked else 0 :]
    ours = known.speech.retain({**{_id(each): "" for each in before}, **{_id(each): _text(each) for each in own}})
    ours += [item for each in before for item in _corrected(known, each)]
    ours += [item for each in own for item in _told(known, each)]
    known.speech.order(_id(each) for each in messages if each.get("role") == "assistant")
    ours += known.calls.retain({text(call.get("id")) for each in messages for call in objects(each.get("toolCalls"))})
    changed = known.conversation.replace([dict(each) for each in messages])
    return taken(ours or None, kept(changed))


def _told(known: Messages, message: Message) -> list[Json]:
    """One message of this run, with what the stream did not tell of it."""
    role, identity = message.get("role"), text(message.get("id"))
    event = {**message, "type": "MESSAGES_SNAPSHOT", "messageId": identity}
    if identity is None:
        return [aside("MESSAGES_SNAPSHOT", "one of its messages has no `id`.", message)]
    if role == "activity":
        return known.activity(event) or []
    if role == "tool":
        return _result(known, event, identity) or []
    if role in ("assistant", THOUGHT) and _text(message):
        known.said(event, _kind(message), identity)
    calls = objects(message.get("toolCalls")) if role == "assistant" else []
    return [*_corrected(known, message), *(each for call in calls for each in _call(known, event, call, identity))]


def _corrected(known: Messages, message: Message) -> list[Json]:
    """What a message says that was told, where that is another text."""
    said = known.speech.find(_kind(message), _id(message))
    readable = said is not None and isinstance(message.get("content"), str | None)
    return known.speech.whole(said, _text(message)) if said is not None and readable else []


def _result(known: Messages, event: Message, identity: str) -> Taken:
    call_id = text(event.get("toolCallId"))
    if call_id is None:
        return [aside("MESSAGES_SNAPSHOT", "a tool's message has no `toolCallId`.", event)]
    return known.result(event, call_id, identity, event.get("content"), text(event.get("error")))


def _call(known: Messages, event: Message, listed: Message, message_id: str) -> list[Json]:
    """A call that the stream did not tell, or told with other arguments."""
    function, call_id = listed.get("function"), text(listed.get("id"))
    if call_id is None or not isinstance(function, Mapping):
        return []
    call, arguments = known.calls.find(call_id), text(function.get("arguments")) or ""
    if call is not None and not call.withdrawn:
        return known.calls.correct(call, arguments)
    began = known.begin(event, call_id, text(function.get("name")), message_id)
    call = known.calls.find(call_id)
    if call is None:
        return began
    return taken(began, known.calls.arguments(call, arguments), known.complete(call)) or []


def _kind(message: Message) -> str:
    return REASONING if message.get("role") == THOUGHT else TEXT


def _id(message: Message) -> str:
    return text(message.get("id")) or ""


def _text(message: Message) -> str:
    """What a listed message says; "" where that is no text."""
    return text(message.get("content")) or ""
