"""BrowserClock: time from the browser, timers from Pyodide's event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from ..clock import Timer


class BrowserClock:
    """The real Clock. `time.monotonic` is the browser's performance clock: never set back."""

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_event_loop().call_later(delay_s, callback)
