"""Time as a parameter: everything on the page that waits does so through a Clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

K = TypeVar("K")


class Timer(Protocol):
    """A callback that is still to come."""

    def cancel(self) -> None:
        """Never call it; after it ran, or twice, this does nothing."""


class Clock(Protocol):
    """The page's time. `browser.clock.BrowserClock` is the real one, `testing.clock.FakeClock` the tests'."""

    def now(self) -> float:
        """Monotonic seconds; only differences mean something. Never set back."""

    def wall(self) -> float:
        """Seconds since the epoch: for display, and for what two pages of this machine agree on. It may be set."""

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` once, `delay_s` seconds from now, never before this returns."""


async def sleep(clock: Clock, delay_s: float) -> None:
    """Suspend for `delay_s` seconds of `clock`."""
    woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    timer = clock.call_later(delay_s, lambda: None if woken.done() else woken.set_result(None))
    try:
        await woken
    finally:
        timer.cancel()


def drop(timers: dict[K, Timer], key: K) -> None:
    """Cancel one of several timers, if it is there."""
    timer = timers.pop(key, None)
    if timer is not None:
        timer.cancel()
