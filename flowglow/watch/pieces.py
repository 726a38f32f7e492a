"""Foreign words and values as texts that fit: no more of them is looked at than the screen has room for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.text import Text

from ..terminal import one_line

MAX_DEPTH = 20
"""Values within values that are written; what is deeper is an ellipsis."""
SEEK = 4
"""For a line that says something so many times its room is looked at."""


def foreign(text: str, room: int, style: str = "") -> Text:
    """What others wrote, on one line, of `room` characters and a sign that there was more.

    They go to Rich in this way alone: a plain text would be read as markup.
    """
    fits = text if len(text) <= room else f"{text[:room]}…"
    return Text(one_line(fits), style)


def first_line(text: str, room: int) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text[: SEEK * room].splitlines() if line.strip()), "")


def brief(value: Any, room: int) -> str:
    """A value from the wire on a line: text as it is, None as nothing, any other as JSON, a little more than fits."""
    if value is None:
        return ""
    if isinstance(value, str):
        return first_line(value, room)
    return "".join(_until(_written(value, room, 0), room))


def tail(chunks: Sequence[str], room: int) -> str:
    """The last `room` characters of what was said piece by piece."""
    last = list(_until(reversed(chunks), room))
    return "".join(reversed(last))[-room:]


def _until(parts: Iterable[str], room: int) -> Iterator[str]:
    """The parts until there are more characters than there is room for."""
    chars = 0
    for part in parts:
        yield part
        chars += len(part)
        if chars > room:
            return


def _written(value: Any, room: int, depth: int) -> Iterator[str]:
    """JSON piece by piece: `json` writes a whole value, however much of it is shown."""
    if isinstance(value, str):
        yield json.dumps(value[: room + 1], ensure_ascii=False)
    elif not isinstance(value, dict | list):
        yield json.dumps(value, ensure_ascii=False)
    elif depth > MAX_DEPTH:
        yield "…"
    elif isinstance(value, dict):
        yield "{"
        for count, (key, each) in enumerate(value.items()):
            yield f"{', ' if count else ''}{json.dumps(str(key)[:room], ensure_ascii=False)}: "
            yield from _written(each, room, depth + 1)
        yield "}"
    else:
        yield "["
        for count, each in enumerate(value):
            if count:
                yield ", "
            yield from _written(each, room, depth + 1)
        yield "]"
