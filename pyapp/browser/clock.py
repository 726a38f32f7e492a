"""BrowserClock: time and frames from the browser. What is cancelled leaves nothing behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_once_callable

from ..clock import Timer


class Callback:
    """One call that the browser was asked for by `begin`, until it came or was cancelled by `end`.

    Pyodide's own loop keeps a cancelled timer until its time has come; this one does not.
    """

    __slots__ = ("_callback", "_end", "_id", "_pending", "_proxy")

    def __init__(
        self, begin: Callable[[Any], Any], end: Any, callback: Callable[[], None], pending: set[Callback]
    ) -> None:
        self._callback = callback
        self._end = end
        self._pending = pending
        self._proxy: Any = create_once_callable(self._fire)
        self._id = begin(self._proxy)
        pending.add(self)

    def cancel(self) -> None:
        proxy, self._proxy = self._proxy, None
        if proxy is not None:
            self._pending.discard(self)
            self._end(self._id)
            proxy.destroy()

    def _fire(self, moment: float = 0.0) -> None:
        self._proxy = None  # it destroys itself behind this call
        self._pending.discard(self)
        self._callback()


class BrowserClock:
    """The real Clock, and the Frames: the browser gives none while the page is hidden; nothing depends on one.

    `time.monotonic` is the browser's performance clock: never set back.
    """

    def __init__(self) -> None:
        self._pending: set[Callback] = set()

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        if delay_s <= 0:  # the next task: setTimeout would wait 4 ms, and longer in a hidden tab
            return asyncio.get_event_loop().call_soon(callback)
        return Callback(lambda fire: js.setTimeout(fire, delay_s * 1000), js.clearTimeout, callback, self._pending)

    def request(self, draw: Callable[[], None]) -> Timer:
        return Callback(js.requestAnimationFrame, js.cancelAnimationFrame, draw, self._pending)

    def close(self) -> None:
        """Cancel everything: a page that is left has no turn in which its cancelled tasks could do so."""
        for each in list(self._pending):
            each.cancel()
