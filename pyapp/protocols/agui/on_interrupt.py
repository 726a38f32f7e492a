"""OnInterrupt: a pause that is told beside the protocol: `CUSTOM on_interrupt`, before an end that says nothing of it.

So the agents of LangGraph and CrewAI pause, unless whoever serves them has them end their runs as AG-UI 1.0 says it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from ..protocol import Json, Taken
from .fields import text

NAME = "on_interrupt"
MAX_ASKED = 1_000
"""Of one leg; what is asked beyond is named in the log."""
COMMAND = "command"
"""The mark of what LangGraph alone asks: it is answered by a command of its own."""
FIELDS = {
    "reason": "reason", "message": "message", "toolCallId": "tool_call_id", "responseSchema": "response_schema",
    "expiresAt": "expires_at",
}  # fmt: skip
"""What an interrupt of AG-UI bears, and how it is called in Python."""


class OnInterrupt:
    """Owns what was asked so since the leg began."""

    def __init__(self) -> None:
        self._asked: list[Json] = []

    def hear(self, event: Mapping[str, Any]) -> Taken:
        if len(self._asked) >= MAX_ASKED:
            return None
        self._asked.append(_interrupt(event, f"{NAME} {len(self._asked) + 1}"))
        return []

    def take(self) -> list[Json]:
        """All of it, as interrupts of AG-UI: the leg is over."""
        asked, self._asked = self._asked, []
        return asked


def is_commanded(requirement: Mapping[str, Any]) -> bool:
    """Whether it is answered by a command."""
    raw = requirement.get("raw")
    return isinstance(raw, Mapping) and raw.get(COMMAND) is True


def command(entries: list[Json]) -> Json:
    """Entries of `resume` as LangGraph's own command, in `forwardedProps`: of several each by its id."""
    payloads = {each["interruptId"]: each["payload"] for each in entries}
    resume = payloads if len(entries) > 1 else next(iter(payloads.values()))
    return {"command": {"resume": resume}}


def _interrupt(event: Mapping[str, Any], number: str) -> Json:
    """CrewAI tells an interrupt of AG-UI; LangGraph any value, as text, and beside it the id under which it asks."""
    value, beside = _value(event.get("value")), event.get("rawEvent")
    fields = value if isinstance(value, Mapping) else {}
    own, theirs = text(fields.get("id")), text(beside.get("id")) if isinstance(beside, Mapping) else None
    is_whole = own is not None and theirs is None
    told = {ours: fields.get(ours, fields.get(python)) for ours, python in FIELDS.items()}
    words = text(told["message"]) or (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return {
        **{name: each for name, each in told.items() if each is not None},
        "id": (own if is_whole else theirs) or number,
        "message": words,
        **({"subagentRunId": event["subagentRunId"]} if text(event.get("subagentRunId")) else {}),
        **({} if is_whole else {COMMAND: True}),
    }


def _value(told: Any) -> Any:
    """What was asked: JSON in a text as that."""
    if not isinstance(told, str) or told[:1] not in ("{", "["):
        return told
    try:
        return from_json(told, allow_inf_nan=False)
    except ValueError:
        return told
