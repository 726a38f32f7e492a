"""Animations: what of one run is on the canvas since when, and what is still to change there. Never the record's."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from ..clock import Clock, Timer

MAX_SHOWN = 10_000


class Animations:
    """Owns the timers of one run; all of them end with it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: dict[Hashable, Timer] = {}
        self.shown: dict[Hashable, float] = {}
        """By key, the monotonic moment since when it is visible."""

    def show(self, key: Hashable) -> None:
        """`key` (a class on a node) is visible from now on, unless it already was."""
        if key not in self.shown and len(self.shown) < MAX_SHOWN:
            self.shown[key] = self._clock.now()

    def hide(self, key: Hashable) -> None:
        self.shown.pop(key, None)

    def shown_for(self, key: Hashable) -> float | None:
        """Seconds since `key` became visible; None when it is not."""
        moment = self.shown.get(key)
        return None if moment is None else self._clock.now() - moment

    def schedule(self, key: Hashable, callback: Callable[[], None], delay_s: float) -> None:
        """Call `callback` after `delay_s`, in place of whatever was pending for `key`."""
        self.cancel(key)

        def fire() -> None:
            self._timers.pop(key, None)
            callback()

        self._timers[key] = self._clock.call_later(delay_s, fire)

    def pending(self, key: Hashable) -> bool:
        return key in self._timers

    def cancel(self, key: Hashable) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()

    def cancel_all(self) -> None:
        """Nothing is pending, and nothing counts as shown."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self.shown.clear()

    def __len__(self) -> int:
        return len(self._timers) + len(self.shown)
