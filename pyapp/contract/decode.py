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


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that cannot be understood: `reason` is a sentence, `text` the start of what came."""

    reason: str
    text: str


Decoded = Event | Control | Unknown | Malformed

_ESCAPE = re.compile(
    r"\\(?:u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.S
)
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
    if isinstance(data, list):
        for item in data:
            yield _item(item)
    else:
        yield _item(data)


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
        data = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        if "hex escape" not in str(error):
            raise
        data = from_json(repair_surrogates(text), allow_inf_nan=False)
    if _HUGE_EXPONENT.search(text) and _has_infinity(data):
        raise ValueError("a number is too large to be held")
    return data


def repair_surrogates(text: str) -> str:
    """Replace each lone surrogate escape by U+FFFD: half an emoji, cut by a producer that splits text."""
    return _ESCAPE.sub(lambda match: "\\ufffd" if match[1] else match[0], text)


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
    try:
        if isinstance(name, str):
            return EVENT_ADAPTER.validate_python(item) if name in EVENTS else Unknown(name, item)
        kind = item.get("type")
        if name is None and isinstance(kind, str):
            return CONTROL_ADAPTER.validate_python(item) if kind in CONTROLS else Unknown(kind, item)
    except ValidationError as error:
        return Malformed(_sentence(error, str(name or item.get("type"))), clip(repr(item)))
    except Exception as error:
        return Malformed(f"The item could not be read: {type(error).__name__}.", clip(repr(item)))
    return Malformed("An item has neither an `event` nor a `type` that is text.", clip(repr(item)))


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
