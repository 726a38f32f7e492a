"""Conversation: what was said so far, as AG-UI's messages: a run that goes on is told all of it once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from ..protocol import Json
from .fields import objects, text

Key = tuple[bool, str]
"""Whether it is a thought, and its id."""

MAX_MESSAGES = 10_000
MAX_CHARS = 8_000_000
"""Of all texts that came in pieces; what comes beyond is not told again."""
THOUGHT = "reasoning"
"""The role of thoughts: one may bear the id of a message, and is another one."""
SENT_BACK = ("developer", "system", "assistant", "user", "tool")
"""The roles of what an agent is told again. Activities are for the page alone; thoughts only where they are sealed."""


class Conversation:
    """Owns the messages of a thread and the state of its agent. Texts are joined when they are asked for."""

    def __init__(self, messages: list[Json] | None = None) -> None:
        self._messages: list[Json] = list(messages or [])
        self._parts: dict[Key, list[str]] = {}
        self._calls: dict[str, Json] = {}
        """The functions that were called, by the ids of the calls."""
        self._chars = 0
        self.state: Any = {}

    def replace(self, messages: list[Json]) -> bool:
        """A snapshot is all of it, but for thoughts that it does not list: these stay before what came behind them.

        False where it is as it was.
        """
        known = [self._whole(each) for each in self._messages]
        names = [_key(each) for each in messages]
        told_of, before = set(names), dict[Key | None, list[Json]]()
        follower = None
        for each in reversed(self._messages):
            name = _key(each)
            if name in told_of:
                follower = name
            elif each.get("role") == THOUGHT:
                before.setdefault(follower, []).append(self._whole(each))
        told = []
        for name, message in zip(names, messages, strict=True):
            told += [*reversed(before.pop(name, [])), dict(message)]
        self._messages, self._parts, self._chars = [*told, *reversed(before.pop(None, []))], {}, 0
        self._calls = {str(each.get("id")): each["function"] for each in self._called()}
        return self._messages != known

    def say(self, message_id: str, role: str, delta: str = "") -> None:
        """More of a message, or its beginning."""
        key = role == THOUGHT, message_id
        if key not in self._parts:
            known = self._find(key) or self._add({"id": message_id, "role": role, "content": ""})
            self._parts[key] = [known["content"]] if isinstance(known.get("content"), str) else []
        if self._chars < MAX_CHARS:
            self._chars += len(delta)
            self._parts[key].append(delta)

    def call(self, call_id: str, name: str | None, message_id: str | None, arguments: str = "") -> None:
        """A tool is called, by the message that is named, else by one of its own."""
        if call_id in self._calls:
            return
        holder = self._find((False, message_id)) or self._find((False, call_id))
        if holder is None:
            holder = self._add({"id": message_id or call_id, "role": "assistant"})
        function = self._calls[call_id] = {"name": name or "", "arguments": arguments}
        holder.setdefault("toolCalls", []).append({"id": call_id, "type": "function", "function": function})

    def arguments(self, call_id: str, text: str) -> None:
        """All of a call's arguments."""
        if call_id in self._calls:
            self._calls[call_id]["arguments"] = text

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
        if subtype == "tool-call":
            entity = next((each for each in self._called() if each.get("id") == entity_id), None)
        else:
            entity = self._find((True, entity_id)) or self._find((False, entity_id))
        if entity is None or entity.get("encryptedValue") == value:
            return False
        entity["encryptedValue"] = value
        return True

    def messages(self) -> list[Json]:
        """What an agent is told of it."""
        told = [each for each in self._messages if each.get("role") in SENT_BACK or "encryptedValue" in each]
        return [self._whole(each) for each in told]

    # -- inside -------------------------------------------------------------------------------------
    def _whole(self, message: Json) -> Json:
        """A message with all of its text."""
        parts = self._parts.get(_key(message))
        return {**message, "content": "".join(parts)} if parts is not None else dict(message)

    def _add(self, message: Json) -> Json:
        if len(self._messages) < MAX_MESSAGES:
            self._messages.append(message)
        return message

    def _find(self, key: tuple[bool, str | None]) -> Json | None:
        return next((each for each in reversed(self._messages) if key[1] and _key(each) == key), None)

    def _called(self) -> Iterator[Json]:
        """The calls of all messages, as far as they say what is called."""
        calls = chain.from_iterable(objects(message.get("toolCalls")) for message in self._messages)
        return (each for each in calls if isinstance(each.get("function"), dict))  # type: ignore[misc]


def asked_last(given: Any) -> Any:
    """What a person asked last, where a server echoes what it was sent."""
    messages = given.get("messages") if isinstance(given, Mapping) else None
    asked = [each for each in objects(messages) if each.get("role") == "user"]
    return asked[-1].get("content") if asked else None


def _key(message: Json) -> Key:
    return message.get("role") == THOUGHT, text(message.get("id")) or ""


def _is_result(message: Json, call_id: str) -> bool:
    return message.get("role") == "tool" and message.get("toolCallId") == call_id
