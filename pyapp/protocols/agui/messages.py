"""Messages: what the events about texts, thoughts, activities and tools say, shown and kept for what is sent next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import from_json

from ..protocol import Json, Taken, aside, kept, taken
from .calls import Call, Calls
from .chunks import Chunks, Place
from .conversation import THOUGHT, Conversation
from .fields import Unreadable, optional, required, text
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
        self.speech = speech
        self.calls = calls
        self.conversation = conversation
        self._chunks = Chunks()

    # -- texts and thoughts ---------------------------------------------------------------------------
    def start(self, event: Mapping[str, Any], kind: str) -> Taken:
        return self._new(event, kind, self._id(event, kind))

    def content(self, event: Mapping[str, Any], kind: str) -> Taken:
        delta = optional(event, "delta")
        return self._say(self.said(event, kind, self._id(event, kind)), delta) if delta else None

    def end(self, event: Mapping[str, Any], kind: str) -> Taken:
        said = self.speech.find(kind, self._id(event, kind))
        return self.speech.end(said) if said is not None else None

    def chunk(self, event: Mapping[str, Any], kind: str) -> Taken:
        """A start, a piece and the end of the message before, in one."""
        delta = optional(event, "delta")
        place = self._open(kind, text(event.get("subagentRunId")), text(event.get("messageId")))
        new = taken(kept(place.opened), self._new(event, kind, place.item))
        said = self._say(self.said(event, kind, place.item), delta) if delta else None
        return taken(new, self._over(kind, place.over), said)

    def close(self, subagent: str | None = None) -> list[Json]:
        """Nothing more comes of what is open in chunks: of one subagent, or of all.

        Behind the end of all, what is shown of each call is what is sent.
        """
        over = taken(*(self._over(kind, item) for kind, item in self._chunks.close(subagent)))
        calls = self.calls.unanswered() if subagent is None else []
        for call in calls:
            self.conversation.arguments(call.call_id, call.text)
        return taken(over, *(self.calls.complete(call) for call in calls if call.complete)) or []

    def asked(self, calls: Iterable[Call]) -> None:
        """What these give will be told: so they are part of the conversation, whatever a snapshot said."""
        for call in calls:
            self.conversation.call(call.call_id, call.name, None, call.text)

    def _open(self, kind: str, subagent: str | None, message_id: str | None) -> Place:
        """The message that a piece belongs to, a new one where none is open."""
        known = self._chunks.of(kind, subagent, message_id)
        return known if known.item else self._chunks.of(kind, subagent, self.speech.new_id())

    def _over(self, kind: str, item: str | None) -> Taken:
        """The end of what came in chunks."""
        if kind == CALL:
            call = self.calls.find(item or "")
            return self.complete(call) if call is not None else None
        said = self.speech.find(kind, item or "")
        return self.speech.end(said) if said is not None else None

    def _id(self, event: Mapping[str, Any], kind: str) -> str:
        """Older servers do not name what is thought: it is the thought that began last."""
        if not str(event["type"]).startswith("THINKING"):
            return required(event, "messageId")
        if str(event["type"]).endswith("_START"):
            return self._open(THINKING, None, self.speech.new_id()).item
        return self._open(THINKING, None, None).item

    def _new(self, event: Mapping[str, Any], kind: str, message_id: str) -> Taken:
        """A message begins, unless it has; beyond the bound it has to begin with each of its pieces."""
        if self.speech.find(kind, message_id) is not None:
            return None
        self.said(event, kind, message_id)
        return kept(self.speech.find(kind, message_id) is not None)

    def said(self, event: Mapping[str, Any], kind: str, message_id: str) -> Said:
        known = self.speech.find(kind, message_id)
        if known is not None:
            return known
        subagent, role = text(event.get("subagentRunId")), optional(event, "role")
        node_id, scope = self._scopes.node_of(subagent), self._scopes.find(subagent)
        role = "assistant" if role is None or kind == REASONING else role
        self.conversation.say(message_id, role if kind == TEXT else THOUGHT)
        return self.speech.start(kind, message_id, node_id, scope, role, text(event.get("name")))

    def _say(self, said: Said, delta: str) -> list[Json]:
        if delta and self.speech.is_echo(said, delta):
            return [aside("TEXT_MESSAGE_CONTENT (said just before)")]
        if delta:
            self.calls.went_on(said.speaker)
            self.conversation.say(said.message_id, "assistant" if said.event == TEXT else THOUGHT, delta)
        return self.speech.say(said, delta)

    # -- activities -----------------------------------------------------------------------------------
    def activity(self, event: Mapping[str, Any]) -> Taken:
        return self.speech.activity(
            self._activity(event), event.get("content"), replace=event.get("replace") is not False
        )

    def activity_changed(self, event: Mapping[str, Any]) -> Taken:
        changes = event.get("patch")
        if not isinstance(changes, list):
            raise Unreadable("its `patch` is no list of changes.")
        return self.speech.activity_changed(self._activity(event), changes)

    def _activity(self, event: Mapping[str, Any]) -> Said:
        kind = text(event.get("activityType")) or ACTIVITY
        subagent, message_id = text(event.get("subagentRunId")), required(event, "messageId")
        node_id, scope = self._scopes.node_of(subagent), self._scopes.find(subagent)
        return self.speech.start(TEXT, f"activity {message_id}", node_id, scope, kind, None)

    # -- tools ----------------------------------------------------------------------------------------
    def tool_start(self, event: Mapping[str, Any]) -> list[Json]:
        call_id, name = required(event, "toolCallId"), optional(event, "toolCallName")
        return self.begin(event, call_id, name, text(event.get("parentMessageId")))

    def tool_arguments(self, event: Mapping[str, Any]) -> Taken:
        began, call = self._call(event, required(event, "toolCallId"))
        return taken(began, self._more(event, call))

    def tool_end(self, event: Mapping[str, Any]) -> Taken:
        """The arguments are complete; the tool has yet to be run."""
        call = self.calls.find(required(event, "toolCallId"))
        return self.complete(call) if call is not None else [aside("TOOL_CALL_END without its start", event=event)]

    def tool_chunk(self, event: Mapping[str, Any]) -> Taken:
        name = optional(event, "toolCallName")
        place = self._chunks.of(CALL, text(event.get("subagentRunId")), text(event.get("toolCallId")))
        if not place.item:
            raise Unreadable("it goes on with a call, and none was begun.")
        ours = taken(kept(place.opened), self._over(CALL, place.over))
        if self.calls.find(place.item) is None:
            ours = taken(ours, self.begin(event, place.item, name, text(event.get("parentMessageId"))))
        call = self.calls.find(place.item)
        if call is None:
            return ours
        chunked, call.chunked = call.chunked, True
        return taken(ours, kept(not chunked), self._more(event, call))

    def _more(self, event: Mapping[str, Any], call: Call) -> Taken:
        """More of the arguments; that a call was over which goes on is said."""
        ours = self.calls.arguments(call, optional(event, "delta") or "")
        if ours is None or not call.complete:
            return ours
        return [aside(f"{event['type']} (of a call whose arguments were complete)", event=event), *ours]

    def tool_result(self, event: Mapping[str, Any]) -> Taken:
        call_id = required(event, "toolCallId")
        return self.result(event, call_id, text(event.get("messageId")) or call_id, event.get("content"))

    def result(self, event: Mapping[str, Any], call_id: str, message_id: str, content: Any, error: Any = None) -> Taken:
        began, call = self._call(event, call_id)
        if not call.answered:
            self.conversation.arguments(call_id, call.text)
            self.conversation.result(message_id, call_id, content)
        return taken(began, self.calls.result(call, _shown(content), error))

    def begin(self, event: Mapping[str, Any], call_id: str, name: str | None, message_id: str | None) -> list[Json]:
        subagent = text(event.get("subagentRunId"))
        self.conversation.call(call_id, name, message_id)
        self.speech.broken(self._scopes.find(subagent).node_id)
        return self.calls.start(call_id, name, self._scopes.node_of(subagent), self._scopes.find(subagent).node_id)

    def _call(self, event: Mapping[str, Any], call_id: str) -> tuple[Taken, Call]:
        """The call that an event is about; one that nobody began begins with it."""
        known = self.calls.find(call_id)
        if known is not None:
            return None, known
        began = self.begin(event, call_id, None, None)
        scope = self._scopes.root
        return began, self.calls.find(call_id) or Call(call_id, None, scope.node_id, scope.node_id)

    def complete(self, call: Call) -> Taken:
        self.conversation.arguments(call.call_id, call.text)
        return self.calls.complete(call)

    def sealed(self, event: Mapping[str, Any]) -> Taken:
        """What a model needs again: it is sent with what it belongs to."""
        value, known = required(event, "encryptedValue"), required(event, "entityId")
        return kept(self.conversation.seal(str(event.get("subtype")), known, value))


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
