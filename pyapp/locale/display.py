"""Values from the wire as text for a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..contract.text import text_of


def time_of_day(ts: float | None) -> str:
    """A moment in seconds since the epoch as local hours, minutes and seconds; nothing where there is none."""
    try:
        moment = datetime.fromtimestamp(ts, UTC) if ts is not None else None
    except (OverflowError, ValueError, OSError):
        moment = None
    return moment.astimezone().strftime("%H:%M:%S") if moment is not None else ""


def one_line(value: Any, limit: int = 120) -> str:
    """A value on one line, clipped to `limit` characters."""
    if isinstance(value, dict):
        text = ", ".join(f"{key}: {one_line(inner, 40)}" for key, inner in list(value.items())[:6])
    else:
        text = text_of(value)[: limit * 4]
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
