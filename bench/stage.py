"""Where the bench measures: one Chromium, the page and its peers in tabs of their own, all on the same flow.

A tab that is not in front draws nothing, so each is brought to the front for its turn.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from e2e.conftest import FLAGS
from e2e.scripted_portal import ScriptedPortal
from e2e.site import ROOT, static_site
from setup.chromium import chromium_path
from setup.machine import Machine
from setup.node import node, npm
from setup.place import Place

from .streams import Json, frames, grid

FEED = ROOT / "bench" / "feed.js"
PEERS = {"A": "replaced", "B": "selectors", "C": "bare"}
VIEWPORT = {"width": 1440, "height": 900}
PATIENCE_MS = 240_000
STATE = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const pairs = (selector) => all(selector).map((each) => [each.dataset.nodeId, each.dataset.status]).sort();
  return {
    rows: all('#runs [data-run-id][aria-current="true"]').map((each) => [each.dataset.runId, each.dataset.status]),
    glows: all("#canvas [data-node-id]").filter((each) => /execut/.test(each.className)).length,
    badges: all("#canvas .execution-order").map((each) => [each.closest("[data-node-id]").dataset.nodeId,
      each.textContent, each.dataset.status, each.dataset.runId]).sort(),
    outputs: pairs("#node-output [data-node-id][data-status]"),
    said: all("#node-output [data-node-id][data-status]").map(
      (each) => /output \\d+/.exec(each.textContent)?.[0]).sort(),
  };
}"""
"""The run in front, and all that every contestant shows of it."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A booted tab, and how it is fed."""

    name: str
    page: Page
    portal: ScriptedPortal

    def feed(self, events: list[Json], **want: Any) -> Json:
        """Deliver each event in a task of its own, until `want` is shown and painted; milliseconds.

        Then HTTP knows that the run is over, as every backend does: it is not asked again while others are measured.
        """
        self.page.bring_to_front()
        run = events[0]["run_id"]
        result: Json = self.page.evaluate(
            "([frames, run, want]) => bench.feed(frames, run, want)", [frames(events), run, want]
        )
        if "status" in want:
            self.portal.runs[run] = {"run_id": run, "flow_id": "bench", "status": want["status"]}
        return result

    def state(self) -> Json:
        state: Json = self.page.evaluate(STATE)
        return state


class Stage:
    """Owns the browser and the portal, and opens tabs."""

    def __init__(self, browser: Browser, site: str, portal: ScriptedPortal) -> None:
        self.browser = browser
        self.site = site
        self.portal = portal

    def open(self, name: str, flow: Json, *, socket_port: int | None = None, script: str = "") -> Contestant:
        """The page (`page`) or a peer (`A`, `B`, `C`) on this flow, in a context of its own.

        `socket_port`: where a real socket leads to; without, nothing but the bench feeds it. `script` runs in it first.
        """
        self.portal.flows["bench"] = flow
        page = self.browser.new_context(viewport=VIEWPORT).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE_MS)
        if name in PEERS:
            page.route("**/api/**", lambda route: route.fulfill(json=self.portal.flows["bench"]))
        page.add_init_script(f"{FEED.read_text()}\n{script}" if socket_port is None else script)
        query = self.query
        if socket_port is not None:
            query = query.replace(f"ws://127.0.0.1:{self.portal.port}/ws", f"ws://127.0.0.1:{socket_port}/ws")
        page.goto(
            f"{self.site}/bench/react/page.html{query}&peer={PEERS[name]}" if name in PEERS else f"{self.site}/{query}"
        )
        page.locator("html:is([data-app=ready], [data-app=failed])").wait_for()
        if page.locator("html[data-app=failed]").count():
            raise SystemExit(f"{name} did not start: {page.locator('#boot-failure').inner_text()}")
        page.locator(f'#canvas [data-node-id="{flow["nodes"][-1]["id"]}"]').wait_for(state="attached")
        if socket_port is None:
            page.evaluate("async () => { while (!bench.isOpen()) await new Promise((done) => setTimeout(done, 10)); }")
        return Contestant(name, page, self.portal)

    @contextmanager
    def contestants(self, nodes: int, *names: str) -> Iterator[list[Contestant]]:
        """Several, each on a flow of so many nodes; closed at the end."""
        opened = [self.open(name, grid(nodes)) for name in names]
        try:
            yield opened
        finally:
            for each in opened:
                each.page.context.close()

    @property
    def query(self) -> str:
        """The query string that leads a page to the portal and its flow."""
        return self.portal.query.replace("flow=demo", "flow=bench")

    def cpu_s(self) -> dict[str, float]:
        """Seconds of the processor that the browser's processes have used, by kind."""
        session = self.browser.new_browser_cdp_session()
        used: dict[str, float] = {}
        for each in session.send("SystemInfo.getProcessInfo")["processInfo"]:
            used[each["type"]] = used.get(each["type"], 0.0) + each["cpuTime"]
        session.detach()
        return used


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage for as long as it is measured."""
    build_peers()
    portal = ScriptedPortal()
    portal.start()
    try:
        with sync_playwright() as playwright, static_site() as site:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            yield Stage(browser, site, portal)
            browser.close()
    finally:
        portal.stop()


def build_peers() -> None:
    """Install and bundle the peers."""
    place, machine, folder = Place(ROOT), Machine(), ROOT / "bench" / "react"
    command = [str(each) for each in npm(place, machine)]
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
    if not (folder / "node_modules").is_dir():
        subprocess.run([*command, "ci", *quiet], cwd=folder, check=True)
    environment = _with_path(str(node(place, machine).parent))
    built = subprocess.run([*command, "run", "build"], cwd=folder, env=environment, capture_output=True, text=True)
    if built.returncode:
        raise SystemExit(f"The peers could not be built:\n{built.stdout}{built.stderr}")


def _with_path(folder: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
