"""BrowserAddress: the page's address in the bar of the browser, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import js
from pyodide.ffi import JsException

from ..ports import Off
from .listening import listening_to


class BrowserAddress:
    """The query string through the History API; what stands behind a # stays."""

    def read(self) -> str:
        return str(js.location.search)

    def write(self, query: str, *, push: bool) -> None:
        target = f"{js.location.pathname}{query}{js.location.hash}"
        # refused to a page without an origin of its own, and to one that writes too often: it only falls behind
        with suppress(JsException):
            (js.history.pushState if push else js.history.replaceState)(js.history.state, "", target)

    def link(self) -> str:
        return str(js.location.href)

    def on_moved(self, listener: Callable[[], None]) -> Off:
        return _hears("popstate", listener)

    def on_leaving(self, listener: Callable[[], None]) -> Off:
        return _hears("flowglow-leaving", listener)


def _hears(event: str, listener: Callable[[], None]) -> Off:
    return listening_to(js, event, lambda _: listener(), js.flowglow.life.listening)
