"""decode: the text of one frame → messages, unknowns and malformed items. Never raises.

JSON is parsed by pydantic's parser alone: it stops at 200 levels, where `json.loads` on hostile
nesting would overflow the WebAssembly stack and end the runtime for good.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from .control import CONTROL_ADAPTER, CONTROLS, Control
from .events import EVENT_ADAPTER, EVENTS, Event

MAX_FRAME_BYTES = 1024 * 1024
CLIP_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Unknown:
    """A well-formed item with a name this version does not know. `name` is its `event` or `type`."""

    name: str
    raw: dict[str, Any]

    @property
    def used(self) -> tuple[str, int] | None:
        """The run and the number that it used up, where it bears both."""
        return _used(self.raw)


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that cannot be understood: `reason` is a sentence, `text` the start of what came."""

    reason: str
    text: str
    used: tuple[str, int] | None = None
    """The run and the number that it used up, where they can be read all the same."""


Decoded = Event | Control | Unknown | Malformed

TEXTS = frozenset(
    {"RunContent", "TeamRunContent", "ReasoningContent", "RunReasoningContent", "TeamRunReasoningContent"}
)
_ESCAPE = re.compile(
    r"\\(?:u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.S
)
_FIRST_HALF = 0x10F000
_HALVES = re.compile(f"[{chr(_FIRST_HALF)}-{chr(_FIRST_HALF + 0x7FF)}]")
_HUGE_EXPONENT = re.compile(r"[0-9][eE]\+?[0-9]{3}")


def decode(frame: object) -> Iterator[Decoded]:
    """Yield what one frame holds, in order; a batch is validated item by item, as it is consumed.

    A frame is a JSON object or an array of objects. A frame that is no such thing is one `Malformed`.
    """
    if not isinstance(frame, str):
        yield Malformed(f"The frame is binary ({type(frame).__name__}); only UTF-8 text frames are read.", "")
        return
    if too_large(frame):
        size = f"The frame is larger than {MAX_FRAME_BYTES // 1024} KiB"
        yield Malformed(f"{size}; it was dropped. Send it in smaller frames.", clip(frame))
        return
    try:
        data = _parse(frame)
    except ValueError as error:
        yield Malformed(f"The frame is not JSON: {error}.", clip(frame))
        return
    except Exception as error:  # a lone surrogate in the string itself cannot be encoded
        yield Malformed(f"The frame cannot be read: {error}.", clip(frame))
        return
    huge = _HUGE_EXPONENT.search(frame) is not None
    for item in data if isinstance(data, list) else [data]:
        if huge and _has_infinity(item):
            used = _used(item) if isinstance(item, dict) else None
            yield Malformed("A number in it is too large to be held.", clip(repr(item)), used)
        else:
            yield _item(item)


def decode_item(item: object) -> Decoded:
    """Read one item that is already parsed JSON (an event out of a translated stream)."""
    return _item(item)


def too_large(frame: str) -> bool:
    """True when the frame's UTF-8 form exceeds MAX_FRAME_BYTES; counts bytes only where it could matter."""
    if len(frame) * 3 <= MAX_FRAME_BYTES:
        return False
    return len(frame) > MAX_FRAME_BYTES or len(frame.encode("utf-8", "replace")) > MAX_FRAME_BYTES


def clip(text: str) -> str:
    """The first CLIP_CHARS characters, with an ellipsis where something was cut."""
    return text if len(text) <= CLIP_CHARS else text[:CLIP_CHARS] + "…"


def _parse(text: str) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        if "hex escape" not in str(error):
            raise
    if _HALVES.search(text):
        return from_json(repair_surrogates(text), allow_inf_nan=False)
    return _with_halves(from_json(_ESCAPE.sub(_stand_in, text), allow_inf_nan=False))


def repair_surrogates(text: str) -> str:
    """Replace each lone surrogate escape by U+FFFD: half an emoji, cut by a producer that splits text."""
    return _ESCAPE.sub(lambda match: "\\ufffd" if match[1] else match[0], text)


def _stand_in(match: re.Match[str]) -> str:
    """A character of private use for half a character, which no JSON parser takes."""
    return chr(_FIRST_HALF + int(match[1][1:], 16) - 0xD800) if match[1] else match[0]


def _with_halves(data: Any) -> Any:
    """At either end of what a text event says, half a character stays: its other half may be the next one's."""
    for item in data if isinstance(data, list) else [data]:
        content = item.get("content") if isinstance(item, dict) and item.get("event") in TEXTS else None
        if isinstance(content, str) and content:
            last = _half(content[-1]) if len(content) > 1 else ""
            item["content"] = _half(content[0]) + content[1:-1] + last
    return _whole(data)


def _half(character: str) -> str:
    return _HALVES.sub(lambda match: chr(ord(match[0]) - _FIRST_HALF + 0xD800), character)


def _whole(value: Any) -> Any:
    """The value, with U+FFFD for every stand-in that is left."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(name): _whole(each) for name, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value


def _has_infinity(value: Any) -> bool:
    if isinstance(value, float):
        return math.isinf(value)
    if isinstance(value, dict):
        return any(_has_infinity(each) for each in value.values())
    return isinstance(value, list) and any(_has_infinity(each) for each in value)


def _item(item: object) -> Decoded:
    if not isinstance(item, dict):
        return Malformed(f"An item is {_kind(item)}, not an object.", clip(repr(item)))
    name = item.get("event")
    kind = item.get("type")
    try:
        if isinstance(name, str):
            return EVENT_ADAPTER.validate_python(item) if name in EVENTS else Unknown(name, item)
        if name is None and isinstance(kind, str):
            return CONTROL_ADAPTER.validate_python(item) if kind in CONTROLS else Unknown(kind, item)
    except ValidationError as error:
        reason = _sentence(error, str(name or kind))
    except Exception as error:
        reason = f"The item could not be read: {type(error).__name__}."
    else:
        reason = "An item has neither an `event` nor a `type` that is text."
    return Malformed(reason, clip(repr(item)), _used(item) if name is not None else None)


def _used(item: dict[str, Any]) -> tuple[str, int] | None:
    """The run and the number of an event, as far as they can be read."""
    run_id, seq = item.get("run_id"), item.get("seq")
    if not isinstance(run_id, str) or not run_id or not isinstance(seq, int) or isinstance(seq, bool):
        return None
    return (run_id, seq) if 0 <= seq < 2**53 else None


def _kind(value: object) -> str:
    if value is None:
        return "null"
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array"}
    return kinds.get(type(value), "something else")


def _sentence(error: ValidationError, name: str) -> str:
    """What was wrong, where: `end_node: status: Input should be 'success', 'error' or 'killed'.`"""
    parts = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:3]:
        where = ".".join(str(part) for part in detail["loc"][1:])
        parts.append(f"{where}: {detail['msg']}")
    return f"{name}: {'; '.join(parts)}."
