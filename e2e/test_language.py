"""The page in Dutch: chosen by the browser, by the address, or by a person, and remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Guard, boot, named
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
    page.route(named("vendor/pyscript/core.js"), lambda route: route.abort())
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
    page.route(named("boot_words.mjs"), lambda route: route.abort())
    page.goto(f"{site}/")
    page.locator("html[data-app=failed]").wait_for()
    expect(page.locator("#boot-failure-summary")).to_have_text("A file that the page needs could not be loaded.")
    expect(page.locator("#boot-failure-detail")).to_contain_text("boot_words")


def test_what_was_begun_is_there_in_the_other_language(
    dutch: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """A draft of the input, a note on a card, a list that was scrolled, the focus; and once more behind a reload.

    Another visit in the same tab begins with nothing.
    """
    portal.forget()
    script = RunScript("asks", flow_id="demo")
    wanted = {"id": "ask", "kind": "user_input", "prompt": "Who?", "input_schema": [{"name": "who", "type": "str"}]}
    events = [script.event("run_start"), script.start("n0", 0)]
    events.append(script.event("AgentPaused", node_id="n0", requirements=[wanted]))
    ended = [event for number in range(40) for event in (script.start("n1", number + 1), script.end("n1", number + 1))]
    portal.events["asks"] = [*events, *ended]
    portal.runs["asks"] = {"run_id": "asks", "flow_id": "demo", "status": "paused", "started_at": 1.0, "last_seq": 82}
    for number in range(30):
        run = {"run_id": f"old{number}", "flow_id": "demo", "status": "success", "started_at": 0.5, "ended_at": 0.9}
        portal.runs[f"old{number}"] = run
    page = dutch.new_page()
    guard = Guard(page)
    boot(page, f"{site}/{portal.query}&run=asks")
    note, given, runs = page.locator("#interactions .card input"), page.locator("#run-input"), page.locator("#runs")
    note.fill("Ada")
    given.fill("What is a lane?")
    page.wait_for_function("() => document.querySelectorAll('#runs .run').length > 25")
    runs.evaluate("list => { list.scrollTop = 300; }")

    def there(play: str) -> None:
        page.locator("html[data-app=ready]").wait_for(timeout=60_000)
        expect(page.locator("#play")).to_have_text(play)
        expect(note).to_have_value("Ada", timeout=15_000)
        expect(given).to_have_value("What is a lane?")
        page.wait_for_function("() => document.getElementById('runs').scrollTop === 300")

    with page.expect_navigation():
        page.locator("#language").click()
    there("Play")
    expect(page.locator("#language")).to_be_focused()
    page.reload()
    there("Play")
    page.goto(f"{site}/{portal.query}&run=asks")
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    note.wait_for()
    expect(note).to_have_value("")
    expect(given).to_have_value("")
    guard.check()
