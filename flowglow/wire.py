"""Values into JSON text that any page can read: no NaN, no lone surrogates, nothing too large for a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

MAX_FRAME = 1 << 20
"""Bytes of the largest frame a page must take (docs/contract.md §1)."""
MAX_EVENT = MAX_FRAME - 1024
"""Bytes of the largest single event; the rest is for the brackets of a batch."""
CLIPPED_CHARS = 20_000
"""What is left of a text that made its event too large."""
_BULKY = ("content", "result", "html", "variables", "tool_args", "error", "requirements", "raw", "input")


def to_text(value: Any) -> str:
    """`value` as JSON. What JSON cannot say becomes null (NaN), an array (sets) or its text (objects)."""
    try:
        return _json(value)
    except PydanticSerializationError:
        return _json(repaired(value))


def event_text(event: Mapping[str, Any]) -> str:
    """An event as JSON that fits into one frame; fields that are too large for it are clipped, and say so."""
    text = to_text(event)
    if size(text) <= MAX_EVENT:
        return text
    smaller = {key: _clipped(value) if key in _BULKY else value for key, value in event.items()}
    text = to_text(smaller)
    if size(text) <= MAX_EVENT:
        return text
    raise ValueError(f"The event {event.get('event')!r} is larger than {MAX_EVENT} bytes and cannot be sent.")


def size(text: str) -> int:
    """Bytes of the text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())


def _json(value: Any) -> str:
    return to_json(value, inf_nan_mode="null", serialize_unknown=True, bytes_mode="base64").decode()


def repaired(value: Any) -> Any:
    """The value with every lone surrogate, which UTF-8 cannot carry, replaced by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {repaired(key): repaired(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [repaired(each) for each in value]
    return value if isinstance(value, bool | int | float | None) else repaired(str(value))


def _clipped(value: Any) -> Any:
    text = value if isinstance(value, str) else to_text(value)
    if len(text) <= CLIPPED_CHARS:
        return value
    return f"{text[:CLIPPED_CHARS]}\n… ({len(text) - CLIPPED_CHARS} more characters are left out)"
