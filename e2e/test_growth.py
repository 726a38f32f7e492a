"""A page that is never refreshed must not grow: from run 260 to run 320 everything stays what it was.

Every kind of Python object and everything that lists, dicts and sets hold is counted by its type: what grows by one a
run is red. The controls let one thing leak with each run.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page

from pyapp.live.front import MAX_OVER
from pyapp.run.tracking import MAX_RUNS

from .census import settled
from .events import metric, wait_handled, whole_run
from .scripted_portal import ScriptedPortal

FULL = MAX_RUNS + MAX_OVER + 10
"""Runs after which all that is bounded is full: records, and rows of runs that are over."""
RUNS = 60
LEAKING_RUNS = 30
TOGETHER = 10
"""Runs that are sent before the page is waited for."""
LEAKS = {"object": "Leak", "text": "in builtins.list", "element": "dom"}
"""What leaks, one with each run that is forgotten → where that is seen."""
BOUNDED = "in pyapp.run.bounded.BoundedDict"
"""What is in these has a bound by itself (its test: tests/run/test_bounded.py), and is full only after more runs."""
EXACT = ("runs", "tracked", "mock", "rows", "tasks", "elements", "listeners", "modules")
TRIES = 4
LEAST_LOOKS, MOST_LOOKS = 3, 30
"""Frames in which is looked what there is, until twice there is the same."""


def play(page: Page, portal: ScriptedPortal, first: int, runs: int) -> None:
    """Whole runs, one after the other."""
    for number in range(first, first + runs, TOGETHER):
        start = metric(page, "handled")
        events = [event for each in range(number, number + TOGETHER) for event in whole_run(f"run-{each:03}")]
        portal.send(events)
        wait_handled(page, start + len(events))


def census(page: Page) -> dict[str, int]:
    """How much there is of everything: what the page knows, the DOM, and each Python type.

    What is only on its way, such as the numbers of elements that are to be let go of, is not there twice.
    """
    counts = settled(page)
    seen: list[dict[str, int]] = []
    while len(seen) < LEAST_LOOKS or (seen[-1] != seen[-2] and len(seen) < MOST_LOOKS):
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
        seen.append(json.loads(page.evaluate("() => probe.types()")))
    types = {name: min(each.get(name, 0) for each in seen) for name in seen[0]}
    return {name: counts[name] for name in (*EXACT, "dom")} | types


def grown(before: dict[str, int], after: dict[str, int], runs: int) -> dict[str, str]:
    """What there is more of: anything at all of what must stay as it was, and of any other kind half of one a run."""
    return {
        name: f"{before.get(name, 0)} → {count}"
        for name, count in after.items()
        if name != BOUNDED and count - before.get(name, 0) > (0 if name in EXACT else runs // 2)
    }


class Played:
    """A page in which one run after the other is played, and how many there were."""

    def __init__(self, page: Page, portal: ScriptedPortal) -> None:
        self.page = page
        self._portal = portal
        self._runs = 0

    def play(self, runs: int) -> None:
        play(self.page, self._portal, self._runs, runs)
        self._runs += runs

    def until(self, enough: Callable[[dict[str, str]], bool], runs: int) -> dict[str, str]:
        """What there is more of behind so many runs.

        Unless that is enough, behind a few more, and a few more: what a busy browser has not let go of yet goes, and
        what leaks with each run stays and grows.
        """
        before = census(self.page)
        self.play(runs)
        for _ in range(TRIES):
            more = grown(before, census(self.page), runs)
            if enough(more):
                break
            self.play(TOGETHER)
        return more


def test_more_runs_grow_nothing(page: Page, portal: ScriptedPortal) -> None:
    """Records, stores, rows, tasks, elements, listeners, DOM nodes, and Python objects of every type.

    The controls behind it: one object, one text in a list, or one DOM node is kept with each run that is forgotten.
    """
    played = Played(page, portal)
    played.play(FULL)
    assert played.until(lambda more: not more, RUNS) == {}
    for what, where in LEAKS.items():
        page.evaluate(f"() => probe.leak({what!r})")
        more = played.until(lambda more, where=where: any(where in name for name in more), LEAKING_RUNS)  # type: ignore[misc]
        assert any(where in name for name in more), what
