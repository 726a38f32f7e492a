"""Fields of Agno's events, read leniently: what is not of its type is as if it had not been sent."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

Json = dict[str, Any]
Event = Mapping[str, Any]


def text(value: Any) -> str | None:
    """A text that says something."""
    return value if isinstance(value, str) and value else None


def number(value: Any) -> float | None:
    """A number that JSON can say: none that is read as infinity, or is too large to be held."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:
        return None


def count(value: Any) -> int | None:
    """A whole number from 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def record(value: Any) -> Mapping[str, Any]:
    """An object; an empty one for what is none."""
    return value if isinstance(value, Mapping) else {}


def records(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def run_of(event: Event) -> str | None:
    return text(event.get("run_id"))


def is_nested(event: Event) -> bool:
    """Whether a workflow's event is of one that runs in a step of another."""
    return bool(count(event.get("nested_depth"))) or text(event.get("parent_step_id")) is not None


def kind_of(event: Event) -> str:
    """Who the event is of: team or agent."""
    return "team" if event.get("team_id") or str(event.get("event")).startswith("Team") else "agent"


def failed_as(event: Event) -> str:
    """How a run that did not succeed has ended."""
    return "killed" if str(event.get("event")).endswith("Cancelled") else "error"


def reason_of(event: Event) -> Any:
    """Why a run did not succeed."""
    return event.get("error") or event.get("reason") or event.get("content")
