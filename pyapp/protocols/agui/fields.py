"""Fields: what an event of AG-UI bears, read one by one; a sentence for what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Unreadable(ValueError):
    """An event that cannot be understood: the sentence says what is wrong with it."""


def required(event: Mapping[str, Any], name: str) -> str:
    """Text that the event cannot do without."""
    value = event.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"it has no `{name}` that is text.")
    return value


def optional(event: Mapping[str, Any], name: str) -> str | None:
    """Text, where there is any: also an empty one."""
    value = event.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"its `{name}` is no text.")
    return value


def text(value: Any) -> str | None:
    """Text that says something; None for all else."""
    return value if isinstance(value, str) and value else None


def seconds(milliseconds: Any) -> float | None:
    """A moment in seconds since the epoch."""
    known = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    return milliseconds / 1000 if known and abs(milliseconds) < 2**53 else None


def listed(value: Any) -> list[Any]:
    """The items of a list; none of all else."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [each for each in listed(value) if isinstance(each, Mapping)]
