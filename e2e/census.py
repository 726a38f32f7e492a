"""How much there is of everything that could leak in a page with the probe in it."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page


def settled(page: Page) -> dict[str, int]:
    """The census once no task of an ended run is under way, and all is drawn: two in a row have as much in the page."""
    before: dict[str, int] = {}
    for _ in range(200):
        counts = _census(page)
        if counts["tasks"] == 0 and counts["dom"] == before.get("dom"):
            return counts
        before = counts
        page.wait_for_timeout(100)  # polling for a state that only Python knows
    raise AssertionError(f"tasks never ended: {counts}")


def _census(page: Page) -> dict[str, int]:
    """The page's own counts and the browser's, after both collectors have run."""
    counts: dict[str, int] = json.loads(page.evaluate("() => probe.census()"))
    session: Any = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    told = {each["name"]: int(each["value"]) for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {**counts, "listeners": told["JSEventListeners"], "dom": told["Nodes"], "js_heap": told["JSHeapUsedSize"]}
