"""BrowserStorage: localStorage, where the browser lets us."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import js
from pyodide.ffi import JsException

PREFIX = "flowglow."
NONE = (JsException, AttributeError)
"""What a browser without storage has raised: it throws, or there is nothing in its place (a WebView)."""


class BrowserStorage:
    """Texts by key. No storage, or a full one: the page works without.

    What is written is read here at once. The browser gets it behind what is under way: it takes longer than an event.
    """

    def __init__(self) -> None:
        self._unwritten: dict[str, str] = {}

    def read(self, key: str) -> str | None:
        if key in self._unwritten:
            return self._unwritten[key]
        try:
            found = js.localStorage.getItem(PREFIX + key)
        except NONE:
            return None
        return found if isinstance(found, str) else None

    def write(self, key: str, text: str) -> None:
        if not self._unwritten:
            asyncio.get_event_loop().call_soon(self.flush)
        self._unwritten[key] = text

    def flush(self) -> None:
        """Let the browser have what it did not get yet: a page that is left has no turn in which it could."""
        unwritten, self._unwritten = self._unwritten, {}
        for key, text in unwritten.items():
            with suppress(*NONE):
                js.localStorage.setItem(PREFIX + key, text)
