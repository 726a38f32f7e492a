"""BrowserAttention: the number in the title and on the icon, and the browser's notifications."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import js
from pyodide.ffi import JsException, create_once_callable, to_js

from ..ports import Off, Permission

NUMBER = re.compile(r"^\(\d+\+?\) ")
MOST = 9
"""What an icon has room for."""
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#6b3fd4"/>'
    '<text x="16" y="24" font-family="system-ui, sans-serif" font-size="23" font-weight="700" text-anchor="middle" '
    'fill="#fff">{number}</text></svg>'
)


class BrowserAttention:
    """Owns the number before the page's title; the title itself is whoever's wrote it."""

    def __init__(self) -> None:
        self._icon: Any = js.document.querySelector("link[rel=icon]")
        self._plain = str(self._icon.href) if self._icon else ""
        self._shows = True
        """Nothing that was tried says that a page can show no notification here: on Android none can."""

    @property
    def hidden(self) -> bool:
        return bool(js.document.hidden)

    @property
    def permission(self) -> Permission:
        said = str(getattr(getattr(js, "Notification", None), "permission", "never"))
        return "never" if not self._shows else "ask" if said == "default" else said  # type: ignore[return-value]

    def count(self, number: int) -> None:
        title = NUMBER.sub("", str(js.document.title))
        shown = str(number) if number <= MOST else f"{MOST}+"
        js.document.title = f"({shown}) {title}" if number else title
        if self._icon:
            self._icon.href = f"data:image/svg+xml,{quote(ICON.format(number=shown))}" if number else self._plain

    async def ask(self) -> Permission:
        try:
            js.Notification.new("", to_js({"silent": True}, dict_converter=js.Object.fromEntries)).close()
            await js.Notification.requestPermission()
        except (JsException, AttributeError):
            self._shows = False
        return self.permission

    def notify(self, title: str, text: str, key: str, clicked: Callable[[], None]) -> Off:
        def brought(_: Any) -> None:
            js.window.focus()
            shown.close()
            clicked()

        options = to_js({"body": text, "tag": key}, dict_converter=js.Object.fromEntries)
        try:
            shown = js.Notification.new(title, options)
        except JsException:
            self._shows = False
            return lambda: None
        shown.addEventListener("click", create_once_callable(brought))
        return lambda: shown.close()
