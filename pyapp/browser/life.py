"""Life: this run of Python in a page that may outlive it (web/js/supervisor.mjs), and what its next life must know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import js
from pyodide.ffi import JsProxy, create_proxy, to_js

from ..app import App
from ..clock import Clock
from ..settings import Settings

PLAY_WITHIN_S = 30.0
"""A flow that comes later than this starts nothing by itself: who pressed Play has thought better of it."""


def portal_config() -> dict[str, Any]:
    """The `[portal]` of pyscript.toml. PyScript is only there in the first life; it is remembered for the others."""
    memory = js.flowglow.life.memory
    if not isinstance(getattr(memory, "portal", None), JsProxy):
        from pyscript import config

        found = config.get("portal", {})
        memory.portal = to_js(found if isinstance(found, dict) else {}, dict_converter=js.Object.fromEntries)
    known: dict[str, Any] = memory.portal.to_py()
    return known


def resumed(settings: Settings) -> Settings:
    """The settings, with the flow and the run that were shown when the life before ended."""
    memory = js.flowglow.life.memory
    if js.flowglow.life.number == 1 or settings.replay:
        return settings
    return replace(settings, flow=getattr(memory, "flow", None) or settings.flow, run=getattr(memory, "run", None))


def remember(app: App) -> None:
    """From now on, note what a next life must show; go on with what a life before noted, and say that it ended."""
    life = js.flowglow.life
    memory = life.memory
    if life.number > 1:
        app.stores.notices.say("runtime", app.words("runtime.restarted"))
        app.reporter.log("warning", f"[page] Python died and was started again: {memory.died}")
        for run_id in list(memory.runs):
            app.sync.subscribe(str(run_id))
    else:
        memory.runs = js.Set.new()

    def rows_changed(changed: dict[str, None]) -> None:
        for run_id in changed:
            row = app.stores.runs.get(run_id)
            (memory.runs.delete if row is None or row.over else memory.runs.add)(run_id)

    def shown_changed(_: object) -> None:
        memory.flow, memory.run = app.shown()

    app.stores.runs.subscribe(rows_changed)
    app.stores.front.subscribe(shown_changed)
    app.stores.graph.subscribe(shown_changed)


def play_when_possible(app: App, clock: Clock) -> None:
    """Play was pressed while Python was on its way: once, as soon as there is a flow that may be run."""

    def look(_: object) -> None:
        if app.stores.graph.get() is not None and not app.stores.editor.get().locked:
            give_up()
            app.commands.play()

    def give_up() -> None:
        late.cancel()
        for off in offs:
            off()

    late = clock.call_later(PLAY_WITHIN_S, give_up)
    offs = [app.stores.graph.listen(look), app.stores.editor.listen(look)]
    look(None)


class Listeners:
    """The page's own listeners; `close` leaves neither one nor its proxy."""

    def __init__(self) -> None:
        self._proxies: list[Any] = []

    def on(self, target: Any, event: str, listener: Any) -> None:
        proxy = self.keep(listener)
        target.addEventListener(event, proxy, js.flowglow.life.listening)

    def keep(self, function: Any) -> Any:
        """A proxy of the function that lives until `close`."""
        proxy = create_proxy(function)
        self._proxies.append(proxy)
        return proxy

    def close(self) -> None:
        proxies, self._proxies = self._proxies, []
        for proxy in proxies:
            proxy.destroy()
