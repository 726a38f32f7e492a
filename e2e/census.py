"""How much there is of everything that could leak in a page with the probe in it."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

ALIKE = 4
"""So many looks in a row see as much in the page before it is at rest: what was let go of leaves it bit by bit."""
LOOKS = 200
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""All that was marked is drawn behind it, however busy the machine is."""


def settled(page: Page) -> dict[str, int]:
    """The census once no task of an ended run is under way, all is drawn, and the collectors find no more."""
    alike: list[dict[str, int]] = []
    for _ in range(LOOKS):
        page.evaluate(FRAMES)
        counts = _census(page)
        alike = [*alike, counts] if alike and counts["dom"] == alike[0]["dom"] else [counts]
        if counts["tasks"] == 0 and len(alike) >= ALIKE:
            return counts
        page.wait_for_timeout(100)  # polling for a state that only Python knows
    raise AssertionError(f"never at rest: {counts}")


def _census(page: Page) -> dict[str, int]:
    """The page's own counts and the browser's, after both collectors have run."""
    counts: dict[str, int] = json.loads(page.evaluate("() => probe.census()"))
    session: Any = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    told = {each["name"]: int(each["value"]) for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {**counts, "listeners": told["JSEventListeners"], "dom": told["Nodes"], "js_heap": told["JSHeapUsedSize"]}
