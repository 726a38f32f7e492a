"""Ticker: calls once a second while there is something whose time goes on."""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock, Timer

TICK_S = 1.0


class Ticker:
    """Owns one timer. `run(True)` keeps it going, `run(False)` ends it."""

    def __init__(self, clock: Clock, tick: Callable[[], None]) -> None:
        self._clock = clock
        self._tick = tick
        self._timer: Timer | None = None

    def run(self, wanted: bool) -> None:
        """Tick from now on, or no more; already ticking is left alone."""
        if wanted and self._timer is None:
            self._timer = self._clock.call_later(TICK_S, self._fire)
        elif not wanted:
            self.stop()

    def stop(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _fire(self) -> None:
        self._timer = self._clock.call_later(TICK_S, self._fire)
        self._tick()
