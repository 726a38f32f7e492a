"""Backoff: how long to wait before the next attempt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

FIRST_S = 0.5
CAP_S = 20.0


def limits(first_s: float = FIRST_S, cap_s: float = CAP_S) -> Iterator[float]:
    """The longest that each wait may be, in seconds: doubled from `first_s` to `cap_s`, for ever."""
    limit = first_s
    while True:
        yield limit
        limit = min(cap_s, limit * 2)


def delays(random: Callable[[], float], *, first_s: float = FIRST_S, cap_s: float = CAP_S) -> Iterator[float]:
    """Full jitter: each delay is random between 0 and its limit. Make a new iterator after a success.

    `random` gives numbers from 0 up to 1.
    """
    return (random() * limit for limit in limits(first_s, cap_s))
