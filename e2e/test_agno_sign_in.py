"""A real AgentOS that lets nobody in without its key: what the page says without one, and what it does with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from .devserver import running_devserver
from .foreign_page import LONG_MS
from .site import ROOT

KEY, WRONG = "the-key-of-this-agentos", "a-key-of-another-one"
BOOT_MS = 90_000
PORTAL = """<!doctype html><title>A portal</title>
<script type="module" src="/web/embed.js"></script>
<flow-glow src="/" auth="token" height="900" style="width: 1400px"></flow-glow>
<script>
  document.querySelector("flow-glow").addEventListener("flowglow-token-needed", (event) => {
    (globalThis.asked ??= []).push(event.detail.kind);
    event.respondWith(Promise.resolve(globalThis.token));
  });
</script>"""
"""It is of the page's own origin, and so may speak with it."""


@pytest.fixture(scope="module")
def address(built: None) -> Iterator[str]:
    for needed in ("agno", "jwt"):  # an AgentOS with a key cannot be asked anything without PyJWT
        pytest.importorskip(needed)
    with running_devserver(ROOT, "--backend", "agno", OS_SECURITY_KEY=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A person at a portal whose token is another one's."""
    context = browser.new_context(viewport={"width": 1440, "height": 960})
    context.route("**/portal.html", lambda route: route.fulfill(body=PORTAL, content_type="text/html"))
    page = context.new_page()
    page.add_init_script(f"globalThis.token = {WRONG!r}")
    page.goto(f"{address}/portal.html")
    yield page
    context.close()


@pytest.fixture
def inside(page: Page) -> FrameLocator:
    frame = page.locator("flow-glow iframe").content_frame
    frame.locator("html[data-app=ready]").wait_for(timeout=BOOT_MS)
    return frame


def test_without_a_token_the_page_says_that_one_is_wanted(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.locator("html[data-app=ready]").wait_for(timeout=BOOT_MS)
    expect(page.locator("#notices")).to_contain_text("AgentOS lets nobody in without a token", timeout=LONG_MS)
    expect(page.locator("#notices")).to_contain_text("auth=token")
    expect(page.locator("#connection")).to_have_attribute("data-state", "closed")
    context.close()


def test_with_a_wrong_token_the_page_says_what_is_wrong_with_it(page: Page, inside: FrameLocator) -> None:
    """It has asked the portal for another one, and was given the same."""
    expect(inside.locator("#notices")).to_contain_text("does not accept the token of this page", timeout=LONG_MS)
    expect(inside.locator("#notices")).to_contain_text("Invalid token")
    expect(inside.locator("#connection")).to_have_attribute("data-state", "closed")
    assert WRONG not in inside.locator("body").inner_text()
    assert len(page.evaluate("asked")) > 1


def test_with_the_right_one_a_workflow_runs(page: Page, inside: FrameLocator) -> None:
    """Given at any time: what was refused is asked again by itself."""
    page.evaluate(f"globalThis.token = {KEY!r}; document.querySelector('flow-glow').setToken(globalThis.token)")
    expect(inside.locator("#connection")).to_have_attribute("data-state", "open", timeout=LONG_MS)
    expect(inside.locator("#notices")).not_to_contain_text("token")
    runs(inside, "workflows/agno")


def test_and_an_agent_runs_asks_and_goes_on(page: Page, inside: FrameLocator) -> None:
    runs(inside, "agents/clerk", answer=True)
    requests = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert not any(KEY in each for each in requests)


def runs(inside: FrameLocator, flow: str, *, answer: bool = False) -> None:
    inside.locator(f'#flow-select option[value="{flow}"]').wait_for(state="attached", timeout=LONG_MS)
    inside.locator("#flow-select").select_option(flow)
    named = inside.locator("#flow-select option:checked").inner_text()
    expect(inside.locator("#run-head .run-head-name")).to_have_text(named)
    inside.locator("#run-input").fill("A note on lanes")
    known = inside.locator("#runs [data-run-id]").count()
    inside.locator("#play").click()
    expect(inside.locator("#runs [data-run-id]")).to_have_count(known + 1, timeout=LONG_MS)
    row = inside.locator("#runs [aria-current=true]")
    if answer:
        expect(row).to_have_attribute("data-status", "paused", timeout=LONG_MS)
        card = inside.locator("#interactions [data-requirement-id]")
        card.locator("[data-action=approve]").click()
        card.locator("[name=text]").fill("Lanes")
        card.locator("[name=author]").fill("Ada")
        card.locator("[data-action=submit]").click()
    expect(row).to_have_attribute("data-status", "success", timeout=LONG_MS)
