"""Values from the wire as text for a person."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

from ..contract.text import text_of
from .catalogue import Catalogue

SNIPPET_CHARS = 200
TENTHS_S = 9.95
"""Below, durations are said in tenths of a second."""


def time_of_day(ts: float | None) -> str:
    """A moment in seconds since the epoch as local hours, minutes and seconds; nothing where there is none."""
    try:
        return datetime.fromtimestamp(ts, UTC).astimezone().strftime("%H:%M:%S") if ts is not None else ""
    except (OverflowError, ValueError, OSError):
        return ""


def day_of(ts: float) -> date:
    """The day, here, of a moment in seconds since the epoch."""
    return datetime.fromtimestamp(ts, UTC).astimezone().date()


def start_time(words: Catalogue, ts: float | None, now: float, *, exact: bool = False) -> str:
    """When something was: the time of day, with the day unless it is today's, with the year unless it is this one.

    `exact`: to the second, whatever the day."""
    time = time_of_day(ts)
    if not time or ts is None or (day := day_of(ts)) == (today := day_of(now)):
        return time
    month = words("date.months").split()[day.month - 1]
    key = "date.day" if day.year == today.year else "date.year"
    return words(key, day=day.day, month=month, year=day.year, time=time if exact else time[:5])


def exact_time(ts: float | None) -> str:
    """A moment to the second, with its day; nothing where there is none."""
    time = time_of_day(ts)
    return f"{day_of(ts).isoformat()} {time}" if time and ts is not None else ""


def one_line(value: Any, limit: int = 120) -> str:
    """A value on one line, clipped to `limit` characters."""
    if isinstance(value, dict):
        text = ", ".join(f"{key}: {one_line(inner, 40)}" for key, inner in list(value.items())[:6])
    else:
        text = text_of(value)[: limit * 4]
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def snippet(value: Any) -> str | None:
    """What a run was given, as the list of runs says it; None where nothing is known of it."""
    return one_line(value, SNIPPET_CHARS) or None


def short_id(run_id: str) -> str:
    """As much of a run's id as tells runs apart: never one letter of it."""
    return run_id if len(run_id) <= 12 else run_id.removeprefix("run-")[:8]


def duration(words: Catalogue, seconds: float) -> str:
    """As people say it: 30 ms, 0.4 s, 12 s, 3 min 05 s, 2 h 10 min, 7 d 3 h; nothing for what is no number."""
    if 0 < seconds < 0.095:
        return words("duration.millis", millis=max(1, round(seconds * 1000)))
    return running(words, seconds)


def running(words: Catalogue, seconds: float, *, tenths: bool = True) -> str:
    """The same of what goes on: in tenths of a second at the finest, without them in whole ones."""
    if not math.isfinite(seconds):
        return ""
    whole, in_a_second = _rounded(seconds, tenths)
    if in_a_second == 10:
        return words("duration.tenths", seconds=words.number(max(0, whole) / 10, 1))
    if whole < 60:
        return words("duration.seconds", seconds=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return words("duration.minutes", minutes=minutes, seconds=f"{rest:02d}")
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return words("duration.hours", hours=hours, minutes=f"{minutes:02d}")
    return words("duration.days", days=hours // 24, hours=hours % 24)


def next_change(seconds: float, *, tenths: bool = True) -> float | None:
    """The duration at which `running` says something else than now; None for what is no number."""
    if not math.isfinite(seconds):
        return None
    whole, in_a_second = _rounded(seconds, tenths)
    return (whole + 0.5) / in_a_second


def _rounded(seconds: float, tenths: bool = True) -> tuple[int, int]:
    """What is said, as a number of parts of a second, and how many of them are in one; half a part is said as one."""
    in_a_second = 10 if tenths and seconds < TENTHS_S else 1
    return math.floor(seconds * in_a_second + 0.5), in_a_second
