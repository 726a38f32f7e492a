"""BrowserFrames: requestAnimationFrame. The browser gives none while the page is hidden; nothing depends on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_proxy


class _Request:
    """One requested frame."""

    __slots__ = ("_frames", "draw")

    def __init__(self, frames: BrowserFrames, draw: Callable[[], None]) -> None:
        self._frames = frames
        self.draw = draw

    def cancel(self) -> None:
        self._frames.forget(self)


class BrowserFrames:
    """Owns one proxy for all frames, and at most one request at the browser."""

    def __init__(self) -> None:
        self._waiting: list[_Request] = []
        self._proxy: Any = create_proxy(self._frame)
        self._id: int | None = None

    def request(self, draw: Callable[[], None]) -> _Request:
        request = _Request(self, draw)
        self._waiting.append(request)
        if self._id is None:
            self._id = js.requestAnimationFrame(self._proxy)
        return request

    def forget(self, request: _Request) -> None:
        """Never call it; a request that has had its frame is no error."""
        if request in self._waiting:
            self._waiting.remove(request)

    def close(self) -> None:
        """The page is left: no frame reaches Python any more."""
        if self._id is not None:
            js.cancelAnimationFrame(self._id)
            self._id = None
        self._waiting.clear()
        self._proxy.destroy()

    def _frame(self, moment: float) -> None:
        self._id = None
        waiting, self._waiting = self._waiting, []
        for request in waiting:
            request.draw()
