"""The page that is offline, frozen, left and come back to, or open twice: each goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from setup.chromium import chromium_path

from .conftest import FLAGS, VIOLATIONS, Guard, boot
from .events import RunScript, metric
from .scripted_portal import ScriptedPortal
from .story import Story
from .test_look import complaints


@pytest.fixture
def fresh(context: BrowserContext, site: str, portal: ScriptedPortal) -> Iterator[Page]:
    """A page of its own for each test, as its network or its life is played with."""
    portal.forget()
    page = open_page(context, site, portal)
    yield page
    page.context.set_offline(False)
    page.close()


def open_page(context: BrowserContext, site: str, portal: ScriptedPortal) -> Page:
    page = context.new_page()
    connected = portal.connections
    boot(page, f"{site}/{portal.query}")
    portal.wait_connected(connected + 1)
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    return page


def executing(page: Page, node: str) -> None:
    expect(page.locator(f'#canvas [data-node-id="{node}"].executing')).to_have_count(1)


def test_offline_and_online_twenty_times(fresh: Page, portal: ScriptedPortal) -> None:
    """In the middle of a run: never two sockets, and what came meanwhile is there, once."""
    story = Story(portal, "flapping")
    story.begin()
    executing(fresh, "n0")
    for _ in range(20):
        fresh.context.set_offline(True)
        fresh.locator("#connection[data-state=offline]").wait_for()
        fresh.context.set_offline(False)
        fresh.locator("#connection:not([data-state=offline])").wait_for()
    fresh.locator("#connection[data-state=open]").wait_for()
    portal.received.clear()
    fresh.context.set_offline(True)
    story.go_on(sent=False)
    fresh.context.set_offline(False)
    story.resumed(fresh)
    fresh.locator("#connection[data-state=open]").wait_for()  # the resume may be the one of the link before
    assert portal.open_sockets == 1
    story.end()
    story.check(fresh)


def test_from_the_loss_of_the_link_a_run_stands_still_and_says_since_when(fresh: Page, portal: ScriptedPortal) -> None:
    """Clocks, glow and bars, here and in the list; the class of the contract stays. Back, the truth is there."""
    story = Story(portal, "away")
    story.begin()
    executing(fresh, "n0")
    clocks = [fresh.locator(each) for each in ("#run-head .run-head-elapsed", "#runs .run-time", "#canvas .node-time")]
    seen = fresh.locator("#run-head .run-head-seen, #runs .run-seen")
    ring = """() => ["::after", null].map((part) => getComputedStyle(
        document.querySelector(part ? "#canvas .executing .node-mark" : "#runs .turning"), part).animationName)"""
    expect(fresh.locator("html[data-away=false]")).to_have_count(1)
    assert fresh.evaluate(ring) == ["turn", "turn"]
    fresh.locator("#timeline-title").click()
    until = fresh.locator("#timeline .timeline-view")
    fresh.context.set_offline(True)
    expect(fresh.locator("html[data-away=true] #runs [data-away=true]")).to_have_count(1)
    told = [each.text_content() for each in clocks], until.get_attribute("data-until")
    expect(seen).to_have_text(["last seen 2 s ago"] * 2)
    expect(seen).to_have_text(["last seen 4 s ago"] * 2)
    assert ([each.text_content() for each in clocks], until.get_attribute("data-until")) == told
    fresh.locator("#canvas-title").click()
    executing(fresh, "n0")
    assert fresh.evaluate(ring) == ["none", "none"]
    assert complaints(fresh) == []
    fresh.context.set_offline(False)
    expect(fresh.locator("html[data-away=false] #runs [data-away=false]")).to_have_count(1)
    expect(seen).to_have_text(["", ""])
    assert fresh.evaluate(ring) == ["turn", "turn"]
    for each, before in zip(clocks, told[0], strict=True):
        expect(each).not_to_have_text(before or "")
    story.go_on()
    story.end()
    story.check(fresh)


def test_a_frozen_page_catches_up(fresh: Page, portal: ScriptedPortal) -> None:
    """As a tab that was hidden for long: no timer ran and no frame was read until it came back."""
    story = Story(portal, "frozen")
    story.begin()
    executing(fresh, "n0")
    session: Any = fresh.context.new_cdp_session(fresh)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    story.go_on()
    story.end()
    session.send("Page.setWebLifecycleState", {"state": "active"})
    session.detach()
    story.check(fresh)


def test_two_tabs_know_nothing_of_each_other(
    fresh: Page, context: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """Both show the run; one is closed in the middle of it, the other goes on."""
    other = open_page(context, site, portal)
    story = Story(portal, "shared")
    story.begin()
    executing(fresh, "n0")
    executing(other, "n0")
    other.close()
    story.go_on()
    story.end()
    story.check(fresh)


@pytest.mark.parametrize("gives", ['throw new DOMException("no storage", "SecurityError")', "return null"])
def test_a_browser_without_storage(context: BrowserContext, site: str, portal: ScriptedPortal, gives: str) -> None:
    """localStorage and IndexedDB throw, or are not there (as in a WebView): everything works, nothing is remembered."""
    portal.forget()
    page = context.new_page()
    guard = Guard(page)
    page.add_init_script(
        f"""for (const name of ["localStorage", "sessionStorage", "indexedDB"])
          Object.defineProperty(globalThis, name, {{ get: () => {{ {gives}; }}, configurable: true }});"""
    )
    boot(page, f"{site}/{portal.query}")
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    page.locator("#log-title").click()
    page.locator("#theme").click()
    story = Story(portal, "forgetful")
    story.begin()
    story.go_on()
    story.end()
    story.check(page)
    guard.check()
    page.close()


CACHE_ATTEMPTS = 6  # on a busy machine Chromium drops one kept page in some twenty for reasons of its own


def test_back_from_the_back_forward_cache(playwright: Playwright, site: str, portal: ScriptedPortal) -> None:
    """Left in the middle of a run and come back to: the same page, not loaded again, with what it missed."""
    for attempt in range(CACHE_ATTEMPTS):
        portal.forget()
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
        )
        page = open_page(VIOLATIONS.watch(browser.new_context()), site, portal)
        story = Story(portal, f"cached-{attempt}")
        refusals = left_and_come_back(page, site, story)
        if not refusals:
            story.resumed(page)
            story.end()
            story.check(page)
            assert metric(page, "failed") == 0
            browser.close()
            return
        browser.close()
        assert {refusal["type"] for refusal in refusals} == {"Circumstantial"}, f"the page is not kept: {refusals}"
    raise AssertionError(f"the browser did not keep the page in {CACHE_ATTEMPTS} attempts: {refusals}")


def left_and_come_back(page: Page, site: str, story: Story) -> list[Any]:
    """Why the browser did not keep the page; empty when it did. A page's own doing is `PageSupportNeeded`."""
    session: Any = page.context.new_cdp_session(page)
    session.send("Page.enable")
    refusals: list[Any] = []
    session.on("Page.backForwardCacheNotUsed", lambda event: refusals.extend(event["notRestoredExplanations"]))
    page.evaluate("() => { globalThis.born = 'once'; }")
    story.begin()
    executing(page, "n0")
    page.goto(f"{site}/README.md")
    story.go_on(sent=False)
    story.portal.received.clear()
    page.go_back(wait_until="commit")
    if page.evaluate("() => globalThis.born") == "once":
        return []
    page.wait_for_function("() => true")  # the event comes with the answers of the same session
    return refusals or [{"type": "unknown"}]


def test_a_page_that_is_open_at_midnight_says_what_was_yesterday(
    browser: Browser, site: str, portal: ScriptedPortal
) -> None:
    """By the browser's own clock and place: head, list, chat, log and card."""
    portal.forget()
    context = browser.new_context(timezone_id="Europe/Amsterdam", locale="en-US")
    page = context.new_page()
    late = datetime(2030, 5, 5, 21, 58, tzinfo=UTC)
    page.clock.install(time=late)
    boot(page, f"{site}/{portal.query}")
    page.locator("#connection[data-state=open]").wait_for()
    script, ts = RunScript("late", flow_id="demo"), late.timestamp() + 5
    asked = {"id": "q", "kind": "confirmation"}
    portal.logs["late"] = [{"ts": ts, "level": "info", "text": "a line"}]
    portal.send(script.event("run_start", ts=ts), script.start("n0", 0))
    portal.send(script.event("RunContent", node_id="n0", content="words", ts=ts))
    portal.send(script.event("AgentPaused", node_id="n0", requirements=[asked], ts=ts))
    places = ("#run-head time", "#runs .run-start", "#chat time", "#log time", "#interactions .card-which")
    for place in places:
        expect(page.locator(place)).to_contain_text("23:58:05")
    page.clock.fast_forward(150_000)
    for place in places:
        expect(page.locator(place)).to_contain_text("5 May 23:58")
    context.close()
    portal.forget()


def test_what_is_written_in_the_moment_in_which_the_page_is_left_is_kept(page: Page) -> None:
    """It is written behind what is under way, and a page that is left has nothing behind that."""
    kept = """() => {
      probe.remember(true);
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      const kept = localStorage.getItem("flowglow.notify");
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      probe.remember(false);
      return kept;
    }"""
    assert page.evaluate(kept) == "1"
    expect(page.locator("#connection")).to_have_attribute("data-state", "open")
