"""BrowserClock: time from the browser, timers that leave nothing behind when they are cancelled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_once_callable

from ..clock import Timer


class BrowserTimer:
    """One setTimeout. Pyodide's own loop keeps a cancelled timer until its time has come; this one does not."""

    __slots__ = ("_callback", "_id", "_pending", "_proxy")

    def __init__(self, delay_s: float, callback: Callable[[], None], pending: set[BrowserTimer]) -> None:
        self._callback = callback
        self._pending = pending
        self._proxy: Any = create_once_callable(self._fire)
        self._id = js.setTimeout(self._proxy, delay_s * 1000)
        pending.add(self)

    def cancel(self) -> None:
        proxy, self._proxy = self._proxy, None
        if proxy is not None:
            self._pending.discard(self)
            js.clearTimeout(self._id)
            proxy.destroy()

    def _fire(self) -> None:
        self._proxy = None  # it destroys itself behind this call
        self._pending.discard(self)
        self._callback()


class BrowserClock:
    """The real Clock. `time.monotonic` is the browser's performance clock: never set back."""

    def __init__(self) -> None:
        self._pending: set[BrowserTimer] = set()

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        if delay_s <= 0:  # the next task: setTimeout would wait 4 ms, and longer in a hidden tab
            return asyncio.get_event_loop().call_soon(callback)
        return BrowserTimer(delay_s, callback, self._pending)

    def close(self) -> None:
        """Cancel every timer: a page that is left has no turn in which its cancelled tasks could do so."""
        for timer in list(self._pending):
            timer.cancel()
