"""Conversation: what was said so far, as AG-UI's messages: a run that goes on is told all of it once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol import Json
from .fields import text

MAX_MESSAGES = 10_000
MAX_CHARS = 8_000_000
"""Of all texts that came in pieces; what comes beyond is not told again."""
SENT_BACK = ("developer", "system", "assistant", "user", "tool")
"""The roles of what an agent is told again. Activities are for the page alone; thoughts only where they are sealed."""


class Conversation:
    """Owns the messages of a thread and the state of its agent. Texts are joined when they are asked for."""

    def __init__(self, messages: list[Json] | None = None) -> None:
        self._messages: list[Json] = list(messages or [])
        self._parts: dict[str, list[str]] = {}
        self._chars = 0
        self.state: Any = {}

    def replace(self, messages: list[Json]) -> bool:
        """A snapshot is all of it, but for thoughts that it does not list: these stay before what came behind them.

        False where it is as it was.
        """
        known = [self._whole(each) for each in self._messages]
        names = [text(each.get("id")) or "" for each in messages]
        listed, before = set(names), dict[str | None, list[Json]]()
        follower = None
        for each in reversed(self._messages):
            name = text(each.get("id")) or ""
            if name in listed:
                follower = name
            elif each.get("role") == "reasoning":
                before.setdefault(follower, []).append(self._whole(each))
        told = []
        for name, message in zip(names, messages, strict=True):
            told += [*reversed(before.pop(name, [])), dict(message)]
        self._messages, self._parts, self._chars = [*told, *reversed(before.pop(None, []))], {}, 0
        return self._messages != known

    def say(self, message_id: str, role: str, delta: str = "") -> None:
        """More of a message, or its beginning."""
        if message_id not in self._parts:
            known = self._find(message_id) or self._add({"id": message_id, "role": role, "content": ""})
            self._parts[message_id] = [known["content"]] if isinstance(known.get("content"), str) else []
        if self._chars < MAX_CHARS:
            self._chars += len(delta)
            self._parts[message_id].append(delta)

    def call(self, call_id: str, name: str | None, message_id: str | None) -> None:
        """A tool is called, by the message that is named, else by one of its own."""
        if self._call(call_id) is not None:
            return
        holder = self._find(message_id) or self._find(call_id)
        if holder is None:
            holder = self._add({"id": message_id or call_id, "role": "assistant"})
        function = {"name": name or "", "arguments": ""}
        holder.setdefault("toolCalls", []).append({"id": call_id, "type": "function", "function": function})

    def arguments(self, call_id: str, text: str) -> None:
        """All of a call's arguments."""
        call = self._call(call_id)
        if call is not None:
            call["function"]["arguments"] = text

    def result(self, message_id: str, call_id: str, content: Any) -> None:
        """What a call gave; told once more, as when a person answers again, it takes the place of what was told."""
        given = {"id": message_id, "role": "tool", "toolCallId": call_id, "content": content}
        known = next((each for each in reversed(self._messages) if _is_result(each, call_id)), None)
        if known is None:
            self._add(given)
        else:
            known.update(given)

    def seal(self, subtype: str, entity_id: str, value: str) -> bool:
        """What a model needs again of a message or a call, unreadable to us; False for one that is not known, or has
        it.
        """
        entity = self._call(entity_id) if subtype == "tool-call" else self._find(entity_id)
        if entity is None or entity.get("encryptedValue") == value:
            return False
        entity["encryptedValue"] = value
        return True

    def messages(self) -> list[Json]:
        """What an agent is told of it."""
        told = [each for each in self._messages if each.get("role") in SENT_BACK or "encryptedValue" in each]
        return [self._whole(each) for each in told]

    def text_of(self, message_id: str) -> str | None:
        """What a message says, where it is a text."""
        message = self._find(message_id)
        if message is None:
            return None
        if message_id in self._parts:
            return "".join(self._parts[message_id])
        content = message.get("content")
        return content if isinstance(content, str) else None

    # -- inside -------------------------------------------------------------------------------------
    def _whole(self, message: Json) -> Json:
        """A message with all of its text."""
        parts = self._parts.get(text(message.get("id")) or "")
        return {**message, "content": "".join(parts)} if parts is not None else dict(message)

    def _add(self, message: Json) -> Json:
        if len(self._messages) < MAX_MESSAGES:
            self._messages.append(message)
        return message

    def _find(self, message_id: str | None) -> Json | None:
        if message_id is None:
            return None
        return next((each for each in reversed(self._messages) if each.get("id") == message_id), None)

    def _call(self, call_id: str) -> Json | None:
        for message in reversed(self._messages):
            for call in message.get("toolCalls") or ():
                if isinstance(call, Mapping) and call.get("id") == call_id:
                    return call  # type: ignore[return-value]
        return None


def _is_result(message: Json, call_id: str) -> bool:
    return message.get("role") == "tool" and message.get("toolCallId") == call_id
