"""The page in Dutch: chosen by the browser, by the address, or by a person, and remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Guard, boot
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


def test_a_boot_that_fails_is_told_in_dutch(dutch: BrowserContext, site: str) -> None:
    """Python is not there to say it; what the address names goes over the browser's languages."""
    page = dutch.new_page()
    page.route("**/vendor/pyscript/core.js", lambda route: route.abort())
    page.goto(f"{site}/")
    page.locator("html[data-app=failed]").wait_for()
    expect(page.locator("#boot-failure-title")).to_have_text("flowglow kon niet starten")
    expect(page.locator("#boot-failure-summary")).to_have_text(
        "Een bestand dat de pagina nodig heeft kon niet worden geladen."
    )
    expect(page.locator("#boot-retry")).to_have_text("Opnieuw proberen")
    page.goto(f"{site}/?lang=en")
    page.locator("html[data-app=failed]").wait_for()
    expect(page.locator("#boot-retry")).to_have_text("Retry")


def test_without_its_words_a_boot_still_tells_what_failed(dutch: BrowserContext, site: str) -> None:
    page = dutch.new_page()
    page.route("**/boot_words.mjs", lambda route: route.abort())
    page.goto(f"{site}/")
    page.locator("html[data-app=failed]").wait_for()
    expect(page.locator("#boot-failure-summary")).to_have_text("A file that the page needs could not be loaded.")
    expect(page.locator("#boot-failure-detail")).to_contain_text("boot_words")
