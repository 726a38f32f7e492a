"""JSON that comes from outside, within bounds: no number that nobody can hold, and not nested too deep.

What is taken stands some levels deeper where it is told: in batches, in lists of runs, in what is wanted of a worker.
A parser reads 200 levels. So less is taken than can be read; and what a log holds from before that was so is cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from pydantic_core import from_json

from pyapp.contract.decode import has_infinity

MAX_DEPTH = 128
"""Levels of arrays and objects in what is taken: an event, a body, each with its own."""
TOLD_DEPTH = 190
"""Levels in what a log holds that are told: with what they stand in there, fewer than a parser reads."""
MAX_STEPS, MAX_STEP_CHARS = 3, 40
"""Of the way to what is too deep so much is said."""
_NESTED = (dict, list)
_PERHAPS_HUGE = re.compile(r"[0-9][eE]\+?[0-9]{3}|[0-9]{309}")


class TooDeep(ValueError):
    """It is nested deeper than is taken; `str()` says where, in a clause."""


def read(text: str, parse: Callable[..., Any] = from_json) -> Any:
    """What the JSON says. Raises TooDeep, or ValueError where it is none or a number in it cannot be held."""
    value = shallow(text, partial(parse, allow_inf_nan=False))
    if _PERHAPS_HUGE.search(text) and has_infinity(value):  # a parser gives infinity for one that is too large
        raise ValueError("a number in it is too large to be held")
    return value


def shallow(text: str, parse: Callable[[str], Any] = from_json) -> Any:
    """The same of what has no such number. Raises TooDeep, or ValueError where it is no JSON."""
    try:
        value = parse(text)
    except ValueError as error:
        if "recursion limit" in str(error):
            raise TooDeep(f"it is nested deeper than {MAX_DEPTH} levels") from None
        raise
    way = _way_below(value, MAX_DEPTH) if _perhaps_deeper(text, MAX_DEPTH) else None
    if way is not None:
        where = ".".join(step[:MAX_STEP_CHARS] for step in way[:MAX_STEPS])
        raise TooDeep(f"`{where}` is nested deeper than {MAX_DEPTH} levels")
    return value


def held(text: str) -> Any:
    """What the JSON in a log says; what is nested deeper than TOLD_DEPTH levels is null. Raises ValueError."""
    if not _perhaps_deeper(text, TOLD_DEPTH):
        return from_json(text)
    value = json.loads(text)  # the other parser refuses what is too deep; it was made of what was read once
    return value if _way_below(value, TOLD_DEPTH) is None else _cut(value, TOLD_DEPTH)


def _perhaps_deeper(text: str, depth: int) -> bool:
    return text.count("[") + text.count("{") > depth


def _way_below(value: Any, depth: int) -> list[str] | None:
    """The steps to something that is nested deeper; None where nothing is."""
    if depth == 0:
        return [] if isinstance(value, _NESTED) else None
    for step, each in _inner(value):
        if isinstance(each, _NESTED) and (way := _way_below(each, depth - 1)) is not None:
            return [str(step), *way]
    return None


def _inner(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _cut(value: Any, depth: int) -> Any:
    if not isinstance(value, _NESTED):
        return value
    if depth == 0:
        return None
    if isinstance(value, dict):
        return {key: _cut(each, depth - 1) for key, each in value.items()}
    return [_cut(each, depth - 1) for each in value]
