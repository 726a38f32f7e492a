"""BrowserHost: the window around this one, by postMessage; web/js/host.mjs does it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import js
from pyodide.ffi import create_proxy, jsnull, to_js

from ..person import Knock
from ..ports import Off
from .listening import listening


class BrowserChannel:
    """A MessagePort, with its one proxy."""

    def __init__(self, port: Any) -> None:
        self._port = port
        self._heard: Any = None

    def open(self, received: Callable[[object], None]) -> None:
        self._heard = create_proxy(received)
        js.flowglow.hearPort(self._port, self._heard)

    def send(self, text: str) -> None:
        self._port.postMessage(text)

    def close(self) -> None:
        js.flowglow.closePort(self._port)
        if self._heard is not None:
            self._heard.destroy()
            self._heard = None


class BrowserHost:
    """Decides nothing: who may speak is for the door to say."""

    def on_knock(self, listener: Callable[[Knock], None]) -> Off:
        def heard(origin: str, from_parent: bool, text: str, port: Any) -> None:
            listener(Knock(origin, from_parent, text, None if port is jsnull else BrowserChannel(port)))

        return listening(heard, js.flowglow.onKnock)

    def greet(self, *, acts: bool) -> None:
        js.flowglow.greet(acts)

    def show_theme(self, theme: str) -> None:
        js.flowglow.showTheme(theme)

    def speak(self, language: str) -> None:
        js.flowglow.speakLanguage(language)

    def hide(self, parts: Collection[str]) -> None:
        js.flowglow.hideParts(to_js(list(parts)))

    def style(self, looks: dict[str, str]) -> None:
        js.flowglow.styleAs(to_js([list(each) for each in looks.items()]))

    def on_height(self, listener: Callable[[float], None]) -> Off:
        return listening(listener, js.flowglow.onHeight)
