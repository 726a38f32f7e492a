"""Backoff: how long to wait before the next attempt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

FIRST_S = 1.0
CAP_S = 20.0


def delays(random: Callable[[], float], *, first_s: float = FIRST_S, cap_s: float = CAP_S) -> Iterator[float]:
    """Full jitter, for ever: each delay is random between 0 and a limit that doubles from `first_s` to `cap_s`.

    `random` gives numbers from 0 up to 1. Make a new iterator after a success.
    """
    limit = first_s
    while True:
        yield random() * limit
        limit = min(cap_s, limit * 2)
