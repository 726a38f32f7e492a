"""decode: the text of one frame → messages, unknowns and malformed items. Never raises.

JSON is parsed by pydantic's parser first: it stops at 200 levels, where `json.loads` on hostile
nesting would overflow the WebAssembly stack and end the runtime for good.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from .control import CONTROL_ADAPTER, CONTROLS, Control
from .events import EVENT_ADAPTER, EVENTS, QUESTIONS, TEXTS, AgentPaused, Event

MAX_FRAME_BYTES = 1024 * 1024
CLIP_CHARS = 2000
MAX_NAME = 160
"""Characters of a name that are shown."""
MAX_TOGETHER = 500
"""Items in a row that are no message at all and are told of as one: a frame has room for half a million."""
_KINDS = {
    type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unknown:
    """A well-formed item that becomes nothing. `name` is its `event` or `type`."""

    name: str
    raw: dict[str, Any]
    used: tuple[str, int] | None
    """The run and the number that it used up, where it bears both."""
    known: bool = False
    """Of another protocol: what it is, is known, and the page shows nothing of it."""

    @property
    def reason(self) -> str:
        what = "came; the page shows nothing of it." if self.known else "is not known to this page; it is skipped."
        return f"“{self.name[:MAX_NAME]}” {what}"


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that cannot be understood: `reason` is a sentence, `text` the start of what came."""

    reason: str
    text: str
    used: tuple[str, int] | None = None
    """The run and the number that it used up, where they can be read all the same."""
    torn: bool = False
    """It is no JSON: perhaps the rest of it is missing."""
    count: int = 1
    """How many items in a row it tells of; `reason` and `text` are of the first."""


Decoded = Event | Control | Unknown | Malformed
_EVENT_OF_JSON: Callable[[str], Event] = EVENT_ADAPTER.validator.validate_json
_EVENT: Callable[[Any], Event] = EVENT_ADAPTER.validator.validate_python
_CONTROL: Callable[[Any], Control] = CONTROL_ADAPTER.validator.validate_python

_ESCAPE = re.compile(
    r"\\(?:u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.S
)
_UNSURE = re.compile(r"[0-9][eE]\+?[0-9]{3}|NaN|Infinity")
"""Where a number may be too large to be held, or none."""


def decode(frame: object, most_bytes: float = MAX_FRAME_BYTES) -> Iterator[Decoded]:
    """Yield what one frame holds, in order; a batch is validated item by item, as it is consumed.

    A frame is a JSON object or an array of objects. A frame that is no such thing, or larger, is one `Malformed`.
    """
    if not isinstance(frame, str):
        yield Malformed(f"The frame is binary ({type(frame).__name__}); only UTF-8 text frames are read.", "")
        return
    many = len(frame)
    if many * 3 > most_bytes and (many > most_bytes or len(frame.encode("utf-8", "replace")) > most_bytes):
        size = f"The frame is larger than {MAX_FRAME_BYTES // 1024} KiB"
        yield Malformed(f"{size}; it was dropped. Send it in smaller frames.", clip(frame))
        return
    sure = _UNSURE.search(frame) is None
    if sure and frame[:1] == "{":
        try:
            event = _EVENT_OF_JSON(frame)
        except Exception:
            event = None  # it is not as it should be, or no event: what it is shows below
        if event is not None and type(event) is not AgentPaused:
            yield event
            return
    try:
        data = parse(frame, allow_inf_nan=False)
    except Exception as error:  # no ValueError where half a character stands in the string itself
        yield Malformed(f"The frame cannot be read; it is not JSON: {error}.", clip(frame), torn=True)
        return
    read = decode_item if sure else _finite
    for nothing, row in groupby(data, _is_nothing) if isinstance(data, list) else [(False, (data,))]:
        while nothing and (together := list(islice(row, MAX_TOGETHER))):
            yield _with_others(read(together[0]), len(together))
        for item in row:
            message = read(item)
            yield message
            if type(message) is AgentPaused:
                yield from _left_out(item, message)


def decode_item(item: object) -> Decoded:
    """Read one item that is parsed JSON. A field that is empty, and of another type, is as if it had not been sent."""
    if not isinstance(item, dict):
        return Malformed(f"An item is {_KINDS.get(type(item), 'something else')}, not an object.", clip(repr(item)))
    name = item.get("event")
    kind = item.get("type") if name is None else None
    try:
        if isinstance(name, str):
            return _EVENT(item) if name in EVENTS else Unknown(name, item, _used(item))
        if isinstance(kind, str):
            return _CONTROL(item) if kind in CONTROLS else Unknown(kind, item, _used(item))
    except ValidationError as error:
        wrong = {each["loc"][1:2] for each in error.errors(include_url=False)}
        said = {key: value for key, value in item.items() if value or (key,) not in wrong}
        if len(said) < len(item):
            return decode_item(said)
        reason = sentence(error, str(name or kind))
    except Exception as error:
        reason = f"The item could not be read: {type(error).__name__}."
    else:
        reason = "An item has neither an `event` nor a `type` that is text."
    return Malformed(reason, clip(repr(item)), _used(item) if name is not None else None)


def parse(text: str, *, allow_inf_nan: bool = True) -> Any:
    """The JSON that `text` is, with U+FFFD for each half of a character. Raises ValueError.

    At either end of what a text event says, a half stays: its other half may be the next one's.
    """
    try:
        return from_json(text, allow_inf_nan=allow_inf_nan)
    except ValueError as error:
        if "hex escape" not in str(error):
            raise
    whole = _ESCAPE.sub(lambda match: "\\ufffd" if match[1] else match[0], text)
    data = from_json(whole, allow_inf_nan=allow_inf_nan)
    told = json.loads(text)  # safe behind the other parser, which has stopped at 200 levels
    for item, said in zip(_items(data), _items(told), strict=True):
        content = said.get("content") if isinstance(said, dict) and str(said.get("event")) in TEXTS else None
        if isinstance(content, str):
            item["content"] = content[:1] + item["content"][1:-1] + content[1:][-1:]
    return data


def clip(text: str) -> str:
    """The first CLIP_CHARS characters, with an ellipsis where something was cut."""
    return text if len(text) <= CLIP_CHARS else text[:CLIP_CHARS] + "…"


def _items(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]


def _is_nothing(item: Any) -> bool:
    """Whether it is no message at all, and used no number: there is nothing in it to read."""
    if not isinstance(item, dict):
        return True
    name = item.get("event")
    return not isinstance(item.get("type") if name is None else name, str) and (name is None or _used(item) is None)


def _finite(item: Any) -> Decoded:
    if has_infinity(item):
        used = _used(item) if isinstance(item, dict) else None
        return Malformed("A number in it is too large to be held.", clip(repr(item)), used)
    return decode_item(item)


def _left_out(item: Any, read: AgentPaused) -> Iterator[Malformed]:
    """What a pause asks that cannot be read: the run waits all the same, and the rest is asked."""
    if len(item["requirements"]) > len(read.requirements):
        try:
            QUESTIONS.validate_python(item["requirements"])
        except ValidationError as error:
            yield Malformed(sentence(error, "AgentPaused: requirements", 0), clip(repr(item)))


def _with_others(first: Decoded, count: int) -> Decoded:
    """The first of a row that are no messages, and how many they are."""
    if not isinstance(first, Malformed) or count == 1:
        return first
    return replace(first, reason=f"{first.reason} {count - 1} more behind it are no messages either.", count=count)


def has_infinity(value: Any) -> bool:
    """Whether a number in what was parsed is infinite: a parser gives that for one that is too large to be held."""
    if isinstance(value, float):
        return math.isinf(value)
    if isinstance(value, dict):
        return any(has_infinity(each) for each in value.values())
    return isinstance(value, list) and any(has_infinity(each) for each in value)


def _used(item: dict[str, Any]) -> tuple[str, int] | None:
    """The run and the number of an event, as far as they can be read."""
    run_id, seq = item.get("run_id"), item.get("seq")
    if not isinstance(run_id, str) or not run_id or not isinstance(seq, int) or isinstance(seq, bool):
        return None
    return (run_id, seq) if 0 <= seq < 2**53 else None


def sentence(error: ValidationError, name: str, below: int = 1) -> str:
    """What was wrong, where: `end_node: status: Input should be 'success', 'error' or 'killed'.`

    `below`: how much of the way to the place is the choice among models.
    """
    parts = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:3]:
        where = ".".join(str(part) for part in detail["loc"][below:])
        parts.append(f"{where}: {detail['msg']}")
    return f"{name}: {'; '.join(parts)}."
