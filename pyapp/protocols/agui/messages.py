"""Messages: what the events about texts, thoughts, activities and tools say, shown and kept for what is sent next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from ..protocol import Json, Taken, aside, kept, taken
from .calls import Call, Calls
from .chunks import Chunks, Place
from .conversation import Conversation
from .fields import Unreadable, objects, optional, required, text
from .scopes import Scopes
from .speech import REASONING, TEXT, Said, Speech

CALL, THINKING = "call", "thinking"
"""What can be open beside texts and thoughts: calls, and the thoughts of older servers, which have no ids."""
ACTIVITY = "activity"
"""Who tells of activities that name no kind."""


class Messages:
    """Owns nothing but what is open in chunks: it brings an event to what does."""

    def __init__(self, scopes: Scopes, speech: Speech, calls: Calls, conversation: Conversation) -> None:
        self._scopes = scopes
        self._speech = speech
        self._calls = calls
        self._conversation = conversation
        self._chunks = Chunks()

    # -- texts and thoughts ---------------------------------------------------------------------------
    def start(self, event: Mapping[str, Any], kind: str) -> Taken:
        return self._new(event, kind, self._id(event, kind))

    def content(self, event: Mapping[str, Any], kind: str) -> Taken:
        delta = optional(event, "delta")
        return self._say(self._said(event, kind, self._id(event, kind)), delta) if delta else None

    def end(self, event: Mapping[str, Any], kind: str) -> Taken:
        said = self._speech.find(kind, self._id(event, kind))
        return self._speech.end(said) if said is not None else None

    def chunk(self, event: Mapping[str, Any], kind: str) -> Taken:
        """A start, a piece and the end of the message before, in one."""
        delta = optional(event, "delta")
        place = self._open(kind, text(event.get("subagentRunId")), text(event.get("messageId")))
        new = taken(kept(place.opened), self._new(event, kind, place.item))
        said = self._say(self._said(event, kind, place.item), delta) if delta else None
        return taken(new, self._over(kind, place.over), said)

    def close(self, subagent: str | None = None) -> list[Json]:
        """Nothing more comes of what is open in chunks: of one subagent, or of all."""
        return taken(*(self._over(kind, item) for kind, item in self._chunks.close(subagent))) or []

    def _open(self, kind: str, subagent: str | None, message_id: str | None) -> Place:
        """The message that a piece belongs to, a new one where none is open."""
        known = self._chunks.of(kind, subagent, message_id)
        return known if known.item else self._chunks.of(kind, subagent, self._speech.new_id())

    def _over(self, kind: str, item: str | None) -> Taken:
        """The end of what came in chunks."""
        if kind == CALL:
            call = self._calls.find(item or "")
            return self._complete(call) if call is not None and not call.complete else None
        said = self._speech.find(kind, item or "")
        return self._speech.end(said) if said is not None else None

    def _id(self, event: Mapping[str, Any], kind: str) -> str:
        """Older servers do not name what is thought: it is the thought that began last."""
        if not str(event["type"]).startswith("THINKING"):
            return required(event, "messageId")
        if str(event["type"]).endswith("_START"):
            return self._open(THINKING, None, self._speech.new_id()).item
        return self._open(THINKING, None, None).item

    def _new(self, event: Mapping[str, Any], kind: str, message_id: str) -> Taken:
        """A message begins, unless it has; beyond the bound it has to begin with each of its pieces."""
        if self._speech.find(kind, message_id) is not None:
            return None
        self._said(event, kind, message_id)
        return kept(self._speech.find(kind, message_id) is not None)

    def _said(self, event: Mapping[str, Any], kind: str, message_id: str) -> Said:
        known = self._speech.find(kind, message_id)
        if known is not None:
            return known
        subagent, role = text(event.get("subagentRunId")), optional(event, "role")
        node_id, scope = self._scopes.node_of(subagent), self._scopes.find(subagent)
        role = "assistant" if role is None or kind == REASONING else role
        self._conversation.say(message_id, role if kind == TEXT else "reasoning")
        return self._speech.start(kind, message_id, node_id, scope, role, text(event.get("name")))

    def _say(self, said: Said, delta: str) -> list[Json]:
        if delta and self._speech.is_echo(said, delta):
            return [aside("TEXT_MESSAGE_CONTENT (said just before)")]
        if delta:
            self._calls.went_on(said.speaker)
            self._conversation.say(said.message_id, "assistant", delta)
        return self._speech.say(said, delta)

    # -- activities -----------------------------------------------------------------------------------
    def activity(self, event: Mapping[str, Any]) -> Taken:
        return self._speech.activity(
            self._activity(event), event.get("content"), replace=event.get("replace") is not False
        )

    def activity_changed(self, event: Mapping[str, Any]) -> Taken:
        changes = event.get("patch")
        if not isinstance(changes, list):
            raise Unreadable("its `patch` is no list of changes.")
        return self._speech.activity_changed(self._activity(event), changes)

    def _activity(self, event: Mapping[str, Any]) -> Said:
        kind = text(event.get("activityType")) or ACTIVITY
        subagent, message_id = text(event.get("subagentRunId")), required(event, "messageId")
        node_id, scope = self._scopes.node_of(subagent), self._scopes.find(subagent)
        return self._speech.start(TEXT, f"activity {message_id}", node_id, scope, kind, None)

    # -- tools ----------------------------------------------------------------------------------------
    def tool_start(self, event: Mapping[str, Any]) -> list[Json]:
        call_id, name = required(event, "toolCallId"), optional(event, "toolCallName")
        return self._begin(event, call_id, name, text(event.get("parentMessageId")))

    def tool_arguments(self, event: Mapping[str, Any]) -> Taken:
        began, call = self._call(event, required(event, "toolCallId"))
        return taken(began, self._calls.arguments(call, optional(event, "delta") or ""))

    def tool_end(self, event: Mapping[str, Any]) -> Taken:
        """The arguments are complete; the tool has yet to be run."""
        call = self._calls.find(required(event, "toolCallId"))
        return self._complete(call) if call is not None else [aside("TOOL_CALL_END without its start", event=event)]

    def tool_chunk(self, event: Mapping[str, Any]) -> Taken:
        name, delta = optional(event, "toolCallName"), optional(event, "delta")
        place = self._chunks.of(CALL, text(event.get("subagentRunId")), text(event.get("toolCallId")))
        if not place.item:
            raise Unreadable("it goes on with a call, and none was begun.")
        ours = taken(kept(place.opened), self._over(CALL, place.over))
        if self._calls.find(place.item) is None:
            ours = taken(ours, self._begin(event, place.item, name, text(event.get("parentMessageId"))))
        call = self._calls.find(place.item)
        if call is None:
            return ours
        chunked, call.chunked = call.chunked, True
        return taken(ours, kept(not chunked), self._calls.arguments(call, delta or ""))

    def tool_result(self, event: Mapping[str, Any]) -> Taken:
        call_id = required(event, "toolCallId")
        return self._result(event, call_id, text(event.get("messageId")) or call_id, event.get("content"))

    def _result(
        self, event: Mapping[str, Any], call_id: str, message_id: str, content: Any, error: Any = None
    ) -> Taken:
        began, call = self._call(event, call_id)
        if not call.answered:
            self._conversation.arguments(call_id, call.text)
            self._conversation.result(message_id, call_id, content)
        return taken(began, self._calls.result(call, _shown(content), error))

    def _begin(self, event: Mapping[str, Any], call_id: str, name: str | None, message_id: str | None) -> list[Json]:
        subagent = text(event.get("subagentRunId"))
        self._conversation.call(call_id, name, message_id)
        self._speech.broken(self._scopes.find(subagent).node_id)
        return self._calls.start(call_id, name, self._scopes.node_of(subagent), self._scopes.find(subagent).node_id)

    def _call(self, event: Mapping[str, Any], call_id: str) -> tuple[Taken, Call]:
        """The call that an event is about; one that nobody began begins with it."""
        known = self._calls.find(call_id)
        if known is not None:
            return None, known
        began = self._begin(event, call_id, None, None)
        scope = self._scopes.root
        return began, self._calls.find(call_id) or Call(call_id, None, scope.node_id, scope.node_id)

    def _complete(self, call: Call) -> Taken:
        self._conversation.arguments(call.call_id, call.text)
        return self._calls.complete(call)

    # -- all of it at once ------------------------------------------------------------------------------
    def snapshot(self, event: Mapping[str, Any]) -> Taken:
        """Of the whole conversation, what came behind the last thing a person said belongs to this run."""
        if not isinstance(event.get("messages"), list):
            raise Unreadable("its `messages` are no list.")
        messages = objects(event["messages"])
        asked = [number for number, each in enumerate(messages) if each.get("role") == "user"]
        ours = [item for each in messages[asked[-1] + 1 if asked else 0 :] for item in self._message(each)]
        changed = self._conversation.replace([dict(each) for each in messages])
        return taken(ours or None, kept(changed))

    def _message(self, message: Mapping[str, Any]) -> list[Json]:
        role, identity, content = message.get("role"), text(message.get("id")), message.get("content")
        event = {**message, "type": "MESSAGES_SNAPSHOT", "messageId": identity}
        if identity is None:
            return [aside("MESSAGES_SNAPSHOT", "one of its messages has no `id`.", message)]
        if role == "activity":
            return self.activity(event) or []
        if role == "tool":
            return self._tool_message(message, event, identity) or []
        if role not in ("assistant", "reasoning"):
            return []
        kind = TEXT if role == "assistant" else REASONING
        known = content if isinstance(content, str) else ""
        ours = self._speech.whole(self._said(event, kind, identity), known) if known else []
        return [
            *ours,
            *(each for call in objects(message.get("toolCalls")) for each in self._listed(event, call, identity)),
        ]

    def _tool_message(self, message: Mapping[str, Any], event: Mapping[str, Any], identity: str) -> Taken:
        call_id = text(message.get("toolCallId"))
        if call_id is None:
            return [aside("MESSAGES_SNAPSHOT", "a tool's message has no `toolCallId`.", message)]
        return self._result(event, call_id, identity, message.get("content"), text(message.get("error")))

    def _listed(self, event: Mapping[str, Any], listed: Mapping[str, Any], message_id: str) -> list[Json]:
        """A call that the stream did not tell."""
        function, call_id = listed.get("function"), text(listed.get("id"))
        if call_id is None or not isinstance(function, Mapping) or self._calls.find(call_id) is not None:
            return []
        began = self._begin(event, call_id, text(function.get("name")), message_id)
        call = self._calls.find(call_id)
        if call is None:
            return began
        arguments = self._calls.arguments(call, text(function.get("arguments")) or "")
        return taken(began, arguments, self._complete(call)) or []

    def sealed(self, event: Mapping[str, Any]) -> Taken:
        """What a model needs again: it is sent with what it belongs to."""
        value, known = required(event, "encryptedValue"), required(event, "entityId")
        return kept(self._conversation.seal(str(event.get("subtype")), known, value))


def _shown(content: Any) -> Any:
    """A result that is JSON as that; the text of one in parts, where it is nothing but text."""
    if isinstance(content, str):
        try:
            return from_json(content, allow_inf_nan=False) if content[:1] in ("{", "[", '"') else content
        except ValueError:
            return content
    if not isinstance(content, list):
        return content
    texts = [each.get("text") if isinstance(each, Mapping) and each.get("type") == "text" else None for each in content]
    return "\n".join(str(each) for each in texts) if all(isinstance(each, str) for each in texts) else content
