"""A page that is loaded anew in the middle of a run shows it as it is, without a hand on it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from .conftest import Guard, boot
from .events import picture

FLOW = "approvals"


@pytest.fixture
def live(context: BrowserContext, devserver: str) -> Iterator[tuple[Page, Guard]]:
    page = context.new_page()
    guard = Guard(page)
    boot(page, f"{devserver}/?flow={FLOW}")
    yield page, guard
    guard.check()
    page.close()


@pytest.mark.parametrize("list_late", [False, True])
def test_a_question_is_there_after_a_reload(live: tuple[Page, Guard], devserver: str, list_late: bool) -> None:
    """The run waits for a person; after the reload its card, row, badges and outputs are there without a click.

    Also when the server tells which runs there are only after the link is open.
    """
    page, _ = live
    expect(page.locator("#play")).to_be_enabled()
    page.locator("#play").click()
    card = page.locator("#interactions [data-requirement-id]")
    expect(card).to_have_count(1, timeout=30_000)
    expect(page.locator("#runs [aria-current=true]")).to_have_attribute("data-status", "paused")
    # what is behind another tab is drawn when there is time
    expect(page.locator("#node-output [data-node-id]")).to_have_count(1)
    before, asked = picture(page), card.get_attribute("data-requirement-id")
    lists: list[Route] = []
    if list_late:
        page.route(re.compile(r"/api/runs(\?|$)"), lambda route: lists.append(route))
    page.reload()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(page.locator("#connection")).to_have_attribute("data-state", "open")
    for each in lists:
        each.continue_()
    assert bool(lists) == list_late
    expect(card).to_have_attribute("data-requirement-id", asked or "", timeout=20_000)
    expect(page.locator("#runs [aria-current=true]")).to_have_attribute("data-status", "paused")
    expect(page.locator(".execution-order")).to_have_count(len(before["badges"]))
    expect(page.locator("#node-output [data-node-id]")).to_have_count(len(before["outputs"]))
    after = picture(page)
    for name in ("front", "locked", "badges", "outputs", "cards"):
        assert after[name] == before[name], name
    stop = urllib.request.Request(f"{devserver}/api/runs/{before['front']}/stop", method="POST")
    with urllib.request.urlopen(stop) as answer:
        json.load(answer)
