"""What somebody who does not see the page hears, and how they get past what they do not want to hear again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .events import RunScript
from .scripted_portal import ScriptedPortal
from .test_look import complaints


def test_links_lead_past_what_comes_first(page: Page, portal: ScriptedPortal) -> None:
    """The first three stops of Tab; the address stays what it is."""
    run = RunScript("a")
    card = {"id": "q", "kind": "confirmation", "prompt": "Send it?"}
    portal.send(run.event("run_start"), run.start("n0", 0), run.event("AgentPaused", node_id="n0", requirements=[card]))
    page.locator("#interactions [data-requirement-id]").wait_for()
    expect(page).to_have_url(re.compile(r"run=a"))
    address = page.url
    for place, focused in (
        ("canvas", '#canvas [tabindex="0"]'),
        ("waiting", "#interactions-title"),
        ("output", "#output-title"),
    ):
        link = page.locator(f'[data-skip="{place}"]')
        link.focus()
        expect(link).to_be_in_viewport()
        assert complaints(page) == []
        page.keyboard.press("Enter")
        expect(page.locator(focused)).to_be_focused()
    assert page.url == address


def test_the_theme_is_named(page: Page, portal: ScriptedPortal) -> None:
    button = page.locator("#theme")
    names = []
    for _ in range(3):
        names.append(button.get_attribute("aria-label"))
        button.click()
    assert sorted(str(name) for name in names) == ["Theme: as the system", "Theme: dark", "Theme: light"]


def test_what_happens_is_heard_and_nodes_are_called_by_how_they_are(page: Page, portal: ScriptedPortal) -> None:
    """The start of a run, its failure with the node; in the accessibility tree, not only in colours."""
    heard, node = page.locator("#live"), page.locator('#canvas [data-node-id="n1"]')
    run = RunScript("a")
    portal.send(run.event("run_start", entity_name="Nightly"), run.start("n1", 0))
    expect(heard).to_contain_text("Run started")
    expect(node).to_have_accessible_name(re.compile(r"^Node 1.*Running, Step 1$"))
    portal.send(run.end("n1", 0, "error", error="boom"), run.event("run_end", status="error"))
    expect(heard).to_contain_text("failed at Node 1")
    expect(node).to_have_accessible_name(re.compile(r"^Node 1.*Failed.*Step 1$"))
    assert complaints(page) == []


def test_a_person_says_how_much_is_announced(page: Page, portal: ScriptedPortal) -> None:
    """By the palette, and it is kept: with `off` nothing is said."""
    amounts = []
    for _ in range(3):
        page.keyboard.press("Control+k")
        page.keyboard.type("announcements")
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("Announcements")
        amounts.append(page.evaluate("() => localStorage.getItem('flowglow.announce')"))
    assert amounts == ["all", "off", "important"]
