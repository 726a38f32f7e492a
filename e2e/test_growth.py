"""A page that is never refreshed must not grow: from run 60 to run 160 everything stays what it was."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from .census import settled
from .events import metric, wait_handled, whole_run
from .scripted_portal import ScriptedPortal


def types(page: Page) -> dict[str, int]:
    counts: dict[str, int] = json.loads(page.evaluate("() => probe.types()"))
    return counts


def play(page: Page, portal: ScriptedPortal, first: int, last: int) -> None:
    """Whole runs, one after the other."""
    for number in range(first, last):
        start = metric(page, "handled")
        events = whole_run(f"run-{number}")
        portal.send(events)
        wait_handled(page, start + len(events))


def test_nothing_grows_from_run_sixty_to_run_one_hundred_sixty(page: Page, portal: ScriptedPortal) -> None:
    """Tracking, stores, rows, tasks, DOM nodes, listeners and Python objects after a collection."""
    play(page, portal, 0, 60)
    before, kinds = settled(page), types(page)
    play(page, portal, 60, 160)
    after = settled(page)
    for name in ("runs", "tracked", "mock", "rows", "tasks", "elements", "listeners", "modules"):
        assert after[name] == before[name], f"{name}: {before[name]} → {after[name]}"
    assert after["dom"] <= before["dom"] * 1.02 + 50, f"DOM nodes: {before['dom']} → {after['dom']}"
    grown = {name: (kinds.get(name, 0), count) for name, count in types(page).items() if count > kinds.get(name, 0)}
    assert after["objects"] <= before["objects"] * 1.005 + 100, f"Python objects that grew in number: {grown}"
