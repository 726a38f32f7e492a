"""BrowserStorage: localStorage, where the browser lets us."""

from __future__ import annotations

from contextlib import suppress

import js
from pyodide.ffi import JsException

PREFIX = "flowglow."
NONE = (JsException, AttributeError)
"""What a browser without storage has raised: it throws, or there is nothing in its place (a WebView)."""


class BrowserStorage:
    """Texts by key. No storage, or a full one: the page works without."""

    def read(self, key: str) -> str | None:
        try:
            found = js.localStorage.getItem(PREFIX + key)
        except NONE:
            return None
        return found if isinstance(found, str) else None

    def write(self, key: str, text: str) -> None:
        with suppress(*NONE):
            js.localStorage.setItem(PREFIX + key, text)
