"""The page around the app: settings from the address bar, the browser's events, stray errors."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import js
from pyodide.ffi import create_proxy, to_js
from pyscript import config

from ..app import App, Platform
from ..errors import Failure
from ..settings import read_settings
from .clock import BrowserClock
from .console import BrowserConsole
from .dom import BrowserDocument
from .http import BrowserHttp
from .layout import dagre_layout
from .socket import BrowserSockets
from .viewport import BrowserViewport


def boot() -> App:
    """Build the app, start it, and mark the page as ready. Whatever raises here is a boot failure."""
    portal = config.get("portal", {})
    known = portal if isinstance(portal, dict) else {}
    settings = read_settings(str(js.location.search), known, str(js.location.href))
    platform = Platform(
        clock=BrowserClock(),
        document=BrowserDocument(),
        http=BrowserHttp(),
        sockets=BrowserSockets(),
        console=BrowserConsole(),
        layout=dagre_layout,
        viewport=BrowserViewport(),
        random=random.random,
    )
    app = App(settings, platform)
    platform.document.root_attribute("data-theme", settings.theme)
    platform.document.root_attribute("data-embed", "1" if settings.embed else "0")
    platform.document.root_attribute("lang", app.words.language)
    app.start()
    words = {"theme": "theme.switch", "copyCode": "chat.copy_code", "newMessages": "chat.new"}
    js.flowglow.setUpPanels(
        to_js({name: app.words(key) for name, key in words.items()}, dict_converter=js.Object.fromEntries)
    )
    _attach(app)
    js.flowglow.ready()
    return app


def _attach(app: App) -> None:
    """Bring the browser's events and stray errors to the app; let go of everything when the page leaves."""

    def report(kind: str, detail: str) -> None:
        app.reporter.record(Failure("page", kind, detail.split("\n", 1)[0], detail))

    def loop_failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            app.reporter.failed("page", "a task", error)
        else:
            report("a task", str(context.get("message", "")))

    js.flowglow.report = create_proxy(report)
    js.flowglow.reset = create_proxy(app.reset)
    asyncio.get_event_loop().set_exception_handler(loop_failed)

    def online(event: Any) -> None:
        app.link.online()
        app.woke()

    def shown(event: Any) -> None:
        """Also out of the back-forward cache, where `hidden` had let go of the socket."""
        app.link.start()
        app.woke()

    def looked_at(event: Any) -> None:
        if not js.document.hidden:
            app.woke()

    js.addEventListener("online", create_proxy(online))
    js.addEventListener("offline", create_proxy(lambda event: app.link.offline()))
    js.addEventListener("pagehide", create_proxy(lambda event: app.link.stop()))
    js.addEventListener("pageshow", create_proxy(shown))
    js.document.addEventListener("visibilitychange", create_proxy(looked_at))
    js.document.addEventListener("resume", create_proxy(looked_at))
