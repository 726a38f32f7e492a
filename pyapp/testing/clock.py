"""FakeClock and FakeFrames: time that passes, and frames that come, only when a test says so."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count


class FakeTimer:
    """A callback that is still to come; `cancel` keeps it from being called."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self.call = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeClock:
    """A Clock that starts at `now` and is moved by `advance`. Timers fire in order of their time."""

    tick_s = 0.0
    """Time that passes whenever somebody asks for it: their work takes time."""

    def __init__(self, now: float = 1000.0, wall: float = 1_700_000_000.0) -> None:
        self._now = now
        self._wall_offset = wall - now
        self._serial = count()
        self._timers: list[tuple[float, int, FakeTimer]] = []

    def now(self) -> float:
        self._now += self.tick_s
        return self._now

    def wall(self) -> float:
        return self._now + self._wall_offset

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(callback)
        heapq.heappush(self._timers, (self._now + max(0.0, delay_s), next(self._serial), timer))
        return timer

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass: every timer that is due by then is called, at its own moment."""
        until = self._now + seconds
        while self._timers and self._timers[0][0] <= until:
            due, _, timer = heapq.heappop(self._timers)
            self._now = max(self._now, due)
            if not timer.cancelled:
                timer.call()
        self._now = max(self._now, until)

    def spend(self, seconds: float) -> None:
        """Let time pass without a timer being called, as a handler that blocks the page does."""
        self._now += seconds

    def set_wall(self, wall: float) -> None:
        """Set the wall clock, also back; monotonic time goes on."""
        self._wall_offset = wall - self._now

    @property
    def pending(self) -> int:
        """How many timers are still to come."""
        return sum(not timer.cancelled for _, _, timer in self._timers)


class FakeFrames:
    """Frames of a page. While `hidden` none comes."""

    def __init__(self) -> None:
        self.hidden = False
        self._waiting: list[FakeTimer] = []

    def request(self, draw: Callable[[], None]) -> FakeTimer:
        self._waiting.append(FakeTimer(draw))
        return self._waiting[-1]

    def paint(self) -> bool:
        """Let one frame come; False when nobody waits for it."""
        if self.hidden:
            return False
        waiting, self._waiting = self._waiting, []
        for frame in waiting:
            if not frame.cancelled:
                frame.call()
        return any(not frame.cancelled for frame in waiting)

    def paint_all(self, most: int = 10_000) -> None:
        """Let frames come until nothing waits to be drawn."""
        if all(self.paint() for _ in range(most)):
            raise AssertionError("drawing never ends")

    @property
    def pending(self) -> int:
        """How many drawings wait."""
        return sum(not frame.cancelled for frame in self._waiting)
