"""Timers: all of the page's share one timer of the browser, as each that it is asked for costs some crossings."""

from __future__ import annotations

import time
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

import js
from pyodide.ffi import create_proxy

EARLY_S = 0.001
"""The browser may wake us this much too early."""
TURN_S = 0.02
"""The longest that timers which are due follow one another before the browser gets its turn."""
CANCELLED = 8
"""One in so many may be cancelled and stay for a while: a heap lets go of them all at once only."""


class Waiting:
    """A call that is still to come; cancelled, it holds nothing."""

    __slots__ = ("_cancelled", "call")

    def __init__(self, call: Callable[[], None], cancelled: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call
        self._cancelled = cancelled

    def cancel(self) -> None:
        if self.call is not None:
            self.call = None
            self._cancelled()

    def fire(self) -> None:
        """Call it, once."""
        call, self.call = self.call, None
        if call is not None:
            call()


class Timers:
    """Owns the browser's timer, which wakes us for the soonest of ours."""

    def __init__(self) -> None:
        self._set, self._clear = js.setTimeout, js.clearTimeout
        self._wake: Any = create_proxy(self._woken)
        self._soonest: list[tuple[float, int, Waiting]] = []
        """A heap: when each is due."""
        self._gone = 0
        """How many in it are cancelled."""
        self._numbers = count()
        self._id: Any = None
        self._wakes_at = 0.0

    def add(self, delay_s: float, call: Callable[[], None]) -> Waiting:
        """Call it once, so many seconds from now."""
        due, waiting = time.monotonic() + delay_s, Waiting(call, self._cancelled)
        heappush(self._soonest, (due, next(self._numbers), waiting))
        if self._id is None or due < self._wakes_at:
            self._arm()
        return waiting

    def close(self) -> None:
        """Call nothing any more."""
        self._soonest.clear()
        self._disarm()
        self._wake.destroy()

    def _cancelled(self) -> None:
        """What is cancelled goes when it is a part of all; with the last one goes the browser's timer."""
        self._gone += 1
        if self._gone * CANCELLED > len(self._soonest):
            self._soonest = [each for each in self._soonest if each[2].call is not None]
            heapify(self._soonest)
            self._gone = 0
            if not self._soonest:
                self._disarm()

    def _arm(self) -> None:
        self._disarm()
        self._wakes_at = self._soonest[0][0]
        self._id = self._set(self._wake, max(0.0, self._wakes_at - time.monotonic()) * 1000)

    def _disarm(self) -> None:
        if self._id is not None:
            self._clear(self._id)
            self._id = None

    def _woken(self) -> None:
        """Call what is due. Should one raise, the browser reports it, and the others have their turn all the same."""
        self._id = None
        now = began = time.monotonic()
        try:
            while self._soonest and self._soonest[0][0] <= now + EARLY_S and now < began + TURN_S:
                waiting = heappop(self._soonest)[2]
                if waiting.call is None:
                    self._gone -= 1
                else:
                    waiting.fire()
                    now = time.monotonic()
        finally:
            if self._soonest and self._id is None:
                self._arm()
