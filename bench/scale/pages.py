"""Two real pages among the watchers: Chromium, opened before anything happens and never loaded again.

Playwright lives on a thread of its own. What the pages show is held against the same oracle as the records of the
other watchers, region by region, by the comparison of the page's own soak.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, TypeVar

from playwright.sync_api import Page, sync_playwright

from e2e.conftest import FLAGS, Guard
from e2e.copied_page import CopiedPage
from e2e.site import static_site
from setup.chromium import chromium_path
from tests.oracle import tell
from tests.schedules.compare import compare

from .script import events

T = TypeVar("T")
READY_MS = 90_000
ALLOWED = ["WebSocket connection", "Failed to load resource", "ERR_", "blocked by CORS policy"]
"""What the browser itself says of a broken network."""
SOCKETS = """
  const sockets = new Set(), send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    sockets.add(this);
    if (!(isDeaf && sockets.size > 1 && String(text).includes('"resume"'))) send.call(this, text);
  };
  globalThis.opened = () => sockets.size;
"""
"""Counts sockets; a deaf page never says what it has on any but the first."""
DEAF = """
  const ask = fetch;
  globalThis.fetch = (what, options) => /\\/runs\\/.*\\/events/.test(what.url ?? what)
    ? Promise.reject(new TypeError("deaf")) : ask(what, options);
"""
"""It does not ask over HTTP for what it missed either."""


class Pages:
    """Owns the browser. `open` before the runs begin, `wrong` once they are over."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "pages")
        self._closing = ExitStack()
        self._pages: list[tuple[Page, Guard]] = []

    async def start(self) -> None:
        await self._do(self._start)

    async def open(self, ws: str, count: int = 2, *, deaf: bool = False) -> None:
        """As many pages that show the flow, each alone in a window; those of before are closed."""
        await self._do(lambda: self._open(ws, count, deaf))

    async def wrong(self, runs: list[str], count: int) -> list[str]:
        """What is wrong with each page that does not show what the oracle says of all runs."""
        return await self._do(lambda: self._wrong(runs, count))

    async def reconnects(self) -> int:
        return await self._do(lambda: sum(int(page.evaluate("opened()")) - 1 for page, _ in self._pages))

    async def stop(self) -> None:
        await self._do(self._closing.close)
        self._thread.shutdown()

    # -- on the thread --------------------------------------------------------------------------------
    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _start(self) -> None:
        playwright = self._closing.enter_context(sync_playwright())
        self._site = self._closing.enter_context(static_site())
        self._browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        self._closing.callback(self._browser.close)

    def _open(self, ws: str, count: int, deaf: bool) -> None:
        for page, _ in self._pages:
            page.close()
        self._pages = []
        api = ws.replace("ws://", "http://").removesuffix("/ws") + "/api"
        for _ in range(count):
            page = self._browser.new_page(viewport={"width": 1440, "height": 900})
            guard = Guard(page)
            guard.allowed = ALLOWED
            page.add_init_script(f"{{ const isDeaf = {str(deaf).lower()}; {SOCKETS} {DEAF if deaf else ''} }}")
            page.goto(f"{self._site}/?ws={ws}&api={api}&flow=scale")
            page.locator("html[data-app=ready]").wait_for(timeout=READY_MS)
            page.locator("#connection[data-state=open]").wait_for(timeout=READY_MS)
            page.locator('#canvas [data-node-id="n0"]').wait_for(timeout=READY_MS)
            self._pages.append((page, guard))

    def _wrong(self, runs: list[str], count: int) -> list[str]:
        told: dict[str, Any] = {}
        for run_id in runs:
            told |= tell(events(run_id, count))
        found = []
        for page, guard in self._pages:
            copied = CopiedPage(page)
            try:
                copied.wait_for(lambda copied=copied: copied.compare(compare(copied.as_fake, told)))  # type: ignore[misc]
                guard.check()
                assert guard.loads == 1, "the page was loaded more than once"
            except AssertionError as error:
                words = (str(error) or "it shows something else than was told").splitlines()
                found.append(f"a page: {words[0]}")
        return found
