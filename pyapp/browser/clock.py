"""BrowserClock: time and frames from the browser. What is cancelled leaves nothing behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_proxy

from ..clock import Timer
from .timers import Timers, Waiting


class BrowserClock:
    """The real Clock, and the Frames: the browser gives none while the page is hidden; nothing depends on one.

    `time.monotonic` is the browser's performance clock: never set back. Pyodide's own loop keeps a cancelled timer
    until its time has come; this clock does not.
    """

    def __init__(self) -> None:
        self._timers = Timers()
        self._request, self._cancel = js.requestAnimationFrame, js.cancelAnimationFrame
        self._frame: Any = create_proxy(self._painting)
        self._frame_id: Any = None
        self._draws: list[Waiting] = []
        self.now = time.monotonic
        self.wall = time.time

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        if delay_s <= 0:  # the next task: setTimeout would wait 4 ms, and longer in a hidden tab
            return asyncio.get_event_loop().call_soon(callback)
        return self._timers.add(delay_s, callback)

    def request(self, draw: Callable[[], None]) -> Timer:
        waiting = Waiting(draw, self._unwanted)
        self._draws.append(waiting)
        if self._frame_id is None:
            self._frame_id = self._request(self._frame)
        return waiting

    def close(self) -> None:
        """Cancel everything: a page that is left has no turn in which its cancelled tasks could do so."""
        self._timers.close()
        self._draws.clear()
        self._unwanted()
        self._frame.destroy()

    def _unwanted(self) -> None:
        """Nobody may want the frame that the browser was asked for."""
        self._draws = [each for each in self._draws if each.call is not None]
        if not self._draws and self._frame_id is not None:
            self._cancel(self._frame_id)
            self._frame_id = None

    def _painting(self, moment: float) -> None:
        self._frame_id = None
        draws, self._draws = self._draws, []
        for each in draws:
            each.fire()
