"""The page around the app: settings from the address bar, the browser's events, stray errors."""

from __future__ import annotations

import asyncio
import random
import re
from typing import Any

import js
from pyodide.ffi import to_js

from ..app import App
from ..errors import Failure, Level
from ..ports import Platform, Seam, unchanged
from ..settings import read_settings
from .address import BrowserAddress
from .attention import BrowserAttention
from .clock import BrowserClock
from .dom import BrowserDocument
from .host import BrowserHost
from .http import BrowserHttp
from .keyboard import BrowserKeyboard
from .layout import dagre_layout
from .life import Listeners, play_when_possible, portal_config, remember, resumed
from .socket import BrowserSockets
from .storage import BrowserStorage

NAMED = re.compile(r"(?:Uncaught )?(\w+): ")
"""The name of an error, before its words."""
FOLDABLE = ("runs", "side", "log")
"""The zones that a person can fold."""

JS_WORDS = {
    "theme": "theme.switch",
    **{f"theme_{theme}": f"theme.{theme}" for theme in ("auto", "light", "dark")},
    "skip": "skip.title",
    **{f"skip_{place}": f"skip.{place}" for place in ("canvas", "waiting", "output")},
    "language": "language.switch",
    "otherLanguage": "language.other",
    "copyCode": "chat.copy_code",
    "newMessages": "chat.new",
    "pythonRestarts": "runtime.restarts",
    "pythonGone": "runtime.gone",
    "loadPage": "runtime.load_page",
    "resize_runs": "title.runs",
    "resize_side": "title.side",
    "resize_log": "title.log",
    "diagnostics": "title.inspector",
    "close": "zone.close",
    "restore": "zone.restore",
    **{f"fold_{zone}": f"zone.fold.{zone}" for zone in FOLDABLE},
    **{f"unfold_{zone}": f"zone.unfold.{zone}" for zone in FOLDABLE},
    **{f"maximise_{zone}": f"zone.maximise.{zone}" for zone in (*FOLDABLE, "run")},
    **{f"phone_{tab}": f"phone.{tab}" for tab in ("run", "chat", "waiting", "log")},
}
"""What our JavaScript says, by the name it has there."""


class BrowserConsole:
    """The browser's console, each level by its method of that name."""

    def write(self, level: Level, text: str) -> None:
        getattr(js.console, "warn" if level == "warning" else level)(text)


def boot(seam: Seam = unchanged) -> App:
    """Build the app, start it, and mark the page as ready. Whatever raises here is a boot failure.

    `seam`: where tests inject faults.
    """
    framed_by = [str(each) for each in js.flowglow.framedBy()]
    settings = resumed(read_settings(str(js.location.search), portal_config(), str(js.location.href), framed_by))
    clock, storage = BrowserClock(), BrowserStorage()
    platform = Platform(
        clock=clock,
        document=BrowserDocument(),
        http=BrowserHttp(clock),
        sockets=BrowserSockets(),
        console=BrowserConsole(),
        layout=dagre_layout,
        viewport=js.flowglow.viewport,
        zones=js.flowglow,
        timeline=js.flowglow.timeline,
        address=BrowserAddress(),
        keyboard=BrowserKeyboard(),
        host=BrowserHost(),
        frames=clock,
        storage=storage,
        attention=BrowserAttention(),
        random=random.random,
        languages=tuple(map(str, js.flowglow.languages())),
        seam=seam,
    )
    app = App(settings, platform)
    platform.document.root_attribute("data-theme", settings.theme)
    platform.document.root_attribute("data-embed", "1" if settings.embed else "0")
    platform.document.root_attribute("lang", app.words.language)
    app.start()
    remember(app)
    if js.flowglow.life.number == 1 and js.flowglow.wantsPlay():
        play_when_possible(app, clock)
    words = {name: app.words(key) for name, key in JS_WORDS.items()}
    js.flowglow.setUpPanels(to_js(words, dict_converter=js.Object.fromEntries))
    _attach(app, clock, storage)
    js.flowglow.ready()
    return app


def _attach(app: App, clock: BrowserClock, storage: BrowserStorage) -> None:
    """Bring the browser's events and stray errors to the app; let go of everything when the page leaves."""
    listeners = Listeners()

    def report(kind: str, detail: str) -> None:
        first = detail.split("\n", 1)[0]
        named = NAMED.match(first)
        app.reporter.record(Failure("page", kind, first, detail, error=named[1] if named else "Error"))

    def loop_failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            app.reporter.failed("page", "a task", error)
        else:
            report("a task", str(context.get("message", "")))

    js.flowglow.report = listeners.keep(report)
    js.flowglow.reset = listeners.keep(app.reset)
    asyncio.get_event_loop().set_exception_handler(loop_failed)

    def online(event: Any) -> None:
        app.link.online()
        app.woke()

    def shown(event: Any) -> None:
        """Also out of the back-forward cache, where `hidden` had let go of the socket."""
        app.link.start()
        app.woke()

    def hidden(event: Any) -> None:
        """The page is left: kept in the back-forward cache without its socket, or for good."""
        storage.flush()
        if event.persisted or not event.isTrusted:
            app.link.stop()
            return
        app.stop()
        clock.close()
        js.flowglow.report = js.flowglow.reset = None
        js.flowglow.life.end()
        listeners.close()

    def looked_at(event: Any) -> None:
        app.link.seen(not js.document.hidden)
        if not js.document.hidden:
            app.woke()

    def copied(event: Any) -> None:
        app.context.shared.say("copy.done")

    def copy_refused(event: Any) -> None:
        app.stores.notices.say("copy", app.words("copy.refused"), news=True)

    listeners.on(js, "online", online)
    listeners.on(js, "offline", lambda event: app.link.offline())
    listeners.on(js, "pagehide", hidden)
    listeners.on(js, "pageshow", shown)
    listeners.on(js.document, "visibilitychange", looked_at)
    listeners.on(js.document, "resume", looked_at)
    listeners.on(js.document, "copyrefused", copy_refused)
    listeners.on(js.document, "copied", copied)
    app.link.seen(not js.document.hidden)
