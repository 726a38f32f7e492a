"""Events of a run, by their numbers: which there are, in which order, and which are missing. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count
from typing import Any

from .wire import Json

TERMINAL = frozenset({"success", "error", "killed"})
MILLISECONDS = 1e11
"""A moment beyond it is not in seconds."""


def ends(event: Json) -> bool:
    """Whether it is a terminal event."""
    if event.get("event") == "run_end":
        return True
    return event.get("event") == "resume_end" and event.get("status") != "paused"


def seq_of(event: Json) -> int | None:
    seq = event.get("seq")
    return seq if isinstance(seq, int) and not isinstance(seq, bool) else None


def numbers(events: list[Json]) -> Iterator[int]:
    return (seq for each in events if (seq := seq_of(each)) is not None)


def by_number(told: list[Json]) -> dict[int, Json]:
    """Number → the first event that bore it."""
    return {seq: each for each in reversed(told) if (seq := seq_of(each)) is not None}


def in_order(events: list[Json]) -> list[Json]:
    """Each number once, the first that was told, by number; what has none stays in its sequence behind."""
    once: dict[Any, Json] = {}
    for place, event in enumerate(events):
        seq = seq_of(event)
        name = event.get("event_id")
        unnumbered = (1, name if isinstance(name, str) and name else place)
        once.setdefault((0, seq) if seq is not None else unnumbered, event)
    return [once[key] for key in sorted(once, key=lambda key: key if key[0] == 0 else (1, 0))]


def cursor_of(seen: Collection[int]) -> int:
    """The last number up to which nothing is missing."""
    known, cursor = set(seen), -1
    while cursor + 1 in known:
        cursor += 1
    return cursor


def missing(first: int, last: int, came: Collection[int]) -> tuple[int, int]:
    """The first number of a stretch that did not come, and how many did not.

    A backend may call any stretch its own: no number that did not come is written out.
    """
    known = {seq for seq in came if first <= seq <= last}
    return next(seq for seq in count(first) if seq not in known), max(0, last + 1 - first - len(known))
