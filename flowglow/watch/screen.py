"""The screen: a watcher shown in a terminal until it is enough, as a picture that is drawn anew, or in lines."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live

from pyapp.link.connection import SIGN_IN

from ..signals import ended_by_signals
from ..terminal import Output, Unwritable, let_go
from .lines import Lines
from .picture import picture
from .sockets import Sockets
from .surroundings import HttpxHttp, LoopClock
from .watcher import Target, Watcher

FRAME_S = 0.1
TICK_S = 1.0
"""Without news the picture is drawn this often, so that durations go on."""


class Screen:
    """Owns the terminal while a watcher is shown."""

    def __init__(self, plain: bool, console: Console | None = None) -> None:
        self._plain = plain
        self._console = console or Console()

    async def show(self, watcher: Watcher, enough: Callable[[], bool], deadline: float | None) -> None:
        """Show it until it is `enough`, or the monotonic moment `deadline` has come. Raises Unwritable."""
        changed = asyncio.Event()
        watcher.on_taken(lambda taken: changed.set())
        watcher.link_state.listen(lambda state: changed.set())
        if self._plain:
            await self._lines(watcher, enough, changed, deadline)
            return
        try:
            await self._picture(watcher, enough, changed, deadline)
        except OSError as error:
            let_go(self._console.file)
            raise Unwritable(error) from None

    async def _lines(
        self, watcher: Watcher, enough: Callable[[], bool], changed: asyncio.Event, deadline: float | None
    ) -> None:
        output = Output(sys.stdout)
        lines = Lines(output.line, lambda node_id: _name(watcher, node_id))
        watcher.on_taken(lines.taken)
        watcher.link_state.listen(lines.link)
        watcher.start()
        while not (enough() or output.failed) and await _news(changed, deadline):
            pass
        output.check()

    async def _picture(
        self, watcher: Watcher, enough: Callable[[], bool], changed: asyncio.Event, deadline: float | None
    ) -> None:
        with Live(console=self._console, auto_refresh=False, transient=False) as live:
            watcher.start()
            while True:
                live.update(picture(watcher, time.time(), self._console.size), refresh=True)
                if enough() or not await _news(changed, deadline):
                    return
                await asyncio.sleep(FRAME_S)  # what comes meanwhile is drawn together


class Impossible(Exception):
    """An address that can never work, in a sentence."""


async def watched(target: Target, screen: Screen, *, once: bool, deadline: float | None = None) -> str | None:
    """Watch until told to stop, or with `once` until the run is over: its status; `sign-in` where that is needed.

    Raises Impossible when an address can never work; what worked once is tried for ever. Raises Unwritable when nobody
    takes what is shown, and Ended at a signal.
    """
    with ended_by_signals():
        return await _watched(target, screen, once, deadline)


async def _watched(target: Target, screen: Screen, once: bool, deadline: float | None) -> str | None:
    http = HttpxHttp()
    headers = {"authorization": f"Bearer {target.token}"} if target.token else {}
    sockets = Sockets(headers)
    watcher = Watcher(target, sockets, http, LoopClock())

    def impossible() -> str | None:
        if watcher.counts.opened:
            return None
        if sockets.hopeless is not None:
            return f"{target.ws}: {sockets.hopeless}."
        return f"{target.api}: {http.hopeless}." if http.hopeless is not None else None

    def over() -> bool:
        return refused(watcher) or impossible() is not None or (once and outcome(watcher) is not None)

    try:
        await screen.show(watcher, over, deadline)
        if why := impossible():
            raise Impossible(why)
        return "sign-in" if refused(watcher) else outcome(watcher)
    finally:
        await watcher.stop()
        await http.close()


def outcome(watcher: Watcher) -> str | None:
    """How the run that was asked for ended, the worst of several; of no run in particular, the first that ended."""
    named = watcher.target.runs
    runs = [run for run in watcher.runs if not named or run.run_id in named]
    over = [run.status for run in runs if run.over]
    if not over or len(over) < len(named):
        return None
    return min(over[: len(named) or 1], key=lambda status: ("error", "killed", "success").index(status))


def refused(watcher: Watcher) -> bool:
    state = watcher.link_state.get()
    return state.phase == "closed" and state.reason == SIGN_IN


async def _news(changed: asyncio.Event, deadline: float | None) -> bool:
    """Wait for news, or a tick. False when the time is over."""
    left = TICK_S if deadline is None else min(TICK_S, deadline - time.monotonic())
    if left <= 0:
        return False
    try:
        async with asyncio.timeout(left):
            await changed.wait()
    except TimeoutError:
        return True
    changed.clear()
    return True


def _name(watcher: Watcher, node_id: str) -> str:
    node = watcher.tracking.flow.node(node_id)
    return node.title if node is not None else node_id
