"""The page in Dutch: chosen by the browser, by the address, or by a person, and remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Guard, boot
from .events import RunScript
from .scripted_portal import ScriptedPortal


@pytest.fixture
def dutch(browser: Browser) -> Iterator[BrowserContext]:
    """A browser whose person reads Dutch."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-BE")
    yield context
    context.close()


def expect_language(page: Page, language: str, play: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#play")).to_have_text(play)


def test_the_page_speaks_what_its_person_reads(dutch: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """Dutch for a Dutch browser; the other language is one click away, and stays; an address goes over both."""
    page = dutch.new_page()
    guard = Guard(page)
    boot(page, f"{site}/{portal.query}")
    expect_language(page, "nl", "Start")
    page.locator("#canvas [data-node-id=n0]").wait_for()
    portal.wait_connected(1)
    run = RunScript("a")
    portal.send(run.event("run_start"), run.start("n0", 0))
    expect(page.locator("#runs [data-run-id]")).to_have_attribute("data-status", "executing")

    with page.expect_navigation():
        page.locator("#language").click()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect_language(page, "en", "Play")
    boot(page, f"{site}/{portal.query}")
    expect_language(page, "en", "Play")
    boot(page, f"{site}/{portal.query}&lang=nl")
    expect_language(page, "nl", "Start")
    with page.expect_navigation():
        page.locator("#language").click()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect_language(page, "en", "Play")
    assert "lang=en" in page.url
    guard.check()
