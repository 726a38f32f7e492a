"""One inbox over all flows and runs: whose a card is, what waited before the page was opened, not now is not no."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .conftest import Guard, boot
from .events import RunScript
from .scripted_portal import Json, ScriptedPortal, demo_flow

NOTIFICATION = """() => {
  window.told = [];
  window.Notification = class {
    static permission = "default";
    static async requestPermission() {
      Notification.permission = "granted";
    }
    constructor(title, options) {
      this.title = title;
      window.told.push([title, options.body]);
      window.shown = this;
    }
    addEventListener(_, heard) {
      this.click = heard;
    }
    close() {
      window.told = window.told.filter((each) => each[0] !== this.title);
    }
  };
}"""
"""Notifications as a browser has them, noted in place of shown."""


def waits(run_id: str, flow_id: str, started: float, **requirement: Json | str | float) -> Json:
    need = {"id": "q", "kind": "confirmation", "prompt": f"May {run_id}?", "node_id": "n0", **requirement}
    return {"run_id": run_id, "flow_id": flow_id, "status": "paused", "started_at": started, "requirements": [need]}


def test_what_waits_is_there_from_the_start_whatever_flow(
    context: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """Cards of two flows, each a line that says whose it is; the bar names what is most urgent; Open leads there."""
    now = time.time()
    portal.flows["other"] = demo_flow(2, "other")
    portal.runs["first"] = waits("first", "demo", now - 60)
    portal.runs["second"] = waits("second", "other", now - 30, expires_at=now + 25)
    page = boot(context.new_page(), f"{site}/{portal.query}")
    cards = page.locator("#interactions .card")
    expect(cards).to_have_count(2)
    expect(page).to_have_title("(2) flowglow")
    assert str(page.locator("link[rel=icon]").get_attribute("href")).startswith("data:image/svg+xml")
    second = page.locator('#interactions [data-run-id="second"]')
    expect(second.locator(".card-head")).to_contain_text("Flow other")
    expect(second.locator(".card-head")).to_contain_text("run second, started")
    expect(second.locator("[data-action=approve]")).to_be_hidden()
    bar = page.locator("#waiting-bar")
    expect(bar).to_contain_text("Flow other waits for you")
    expect(bar).to_contain_text("and 1 more")
    expect(bar.locator(".waiting-time")).to_have_class("waiting-time card-soon")
    bar.locator("[data-waiting=open]").click()
    expect(page.locator('#runs [data-run-id="second"]')).to_have_attribute("aria-current", "true")
    expect(second.locator("textarea")).to_be_focused()
    second.locator("textarea").fill("Go on")
    second.locator("textarea").press("Control+Enter")
    assert portal.wait_answer() == {"id": "q", "confirmed": True, "note": "Go on"}
    expect(page.locator("#interactions-title")).to_be_focused()
    expect(page).to_have_title("(1) flowglow")
    script = RunScript("second", flow_id="other")
    portal.send(script.event("run_start"), script.start("n0", 0), script.event("resume_start", resolved=["q"]))
    expect(second).to_have_count(0)
    page.close()
    portal.forget()  # the next page is to know nothing of these runs


CUT = """bar => {
  const box = bar.getBoundingClientRect();
  const seen = [...bar.querySelectorAll("*:not(svg, use)")].filter((each) => each.getClientRects().length);
  const across = (at) => at.left >= box.left && at.right <= box.right + 1;
  const inside = (at) => across(at) && at.top >= box.top - 1 && at.bottom <= box.bottom + 1;
  return seen.filter((each) => !inside(each.getBoundingClientRect())).map((each) => each.textContent);
}"""
"""What of the bar stands outside it, where nobody sees it."""


WORDS_CUT = """who => {
  const end = who.getBoundingClientRect().right + 0.5;
  return [...who.querySelectorAll(".waiting-words")]
    .filter((each) => each.getBoundingClientRect().right > end || each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.textContent);
}"""
"""What is lost of the words behind a name that is too long; an inline box has no width of its own."""


@pytest.mark.parametrize("language", ["en-US", "nl-NL"])
def test_the_bar_has_room_for_what_it_says(language: str, browser: Browser, site: str, portal: ScriptedPortal) -> None:
    """On every width that it waits, the time in full and Open, whole; the name gives way; the rest is gone or whole."""
    portal.forget()
    now = time.time()
    portal.flows["demo"] = flow = demo_flow()
    flow["nodes"][0]["handle"] = "Check the invoice against the order and the delivery note"
    needs = [{"id": each, "kind": "confirmation", "node_id": "n0", "expires_at": now + 7500} for each in "ab"]
    portal.runs["first"] = waits("first", "demo", now) | {"requirements": needs}
    context = browser.new_context(locale=language)
    page = boot(context.new_page(), f"{site}/{portal.query}&run=first")
    bar = page.locator("#waiting-bar")
    expect(bar.locator(".waiting-who")).to_contain_text("Check the invoice")
    for width in (320, 390, 768, 1110, 1200, 1280, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert bar.evaluate(CUT) == [], f"at {width}"
        assert bar.locator(".waiting-time").evaluate("time => time.scrollWidth <= time.clientWidth"), f"at {width}"
        assert bar.locator(".waiting-who").evaluate(WORDS_CUT) == [], f"at {width}"
        least = 0 if width == 320 else 40
        assert bar.locator(".waiting-name").evaluate("name => name.clientWidth") > least, f"at {width}"
        expect(bar.locator("[data-waiting=open]")).to_be_visible()
    expect(bar.locator("[data-waiting=notify]")).to_be_visible()
    context.close()
    portal.flows["demo"] = demo_flow()
    portal.forget()  # the next page is to know nothing of this run


def test_not_now_is_not_no(page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]) -> None:
    """Folded, a click on its node opens it again; the run goes on waiting until it is cancelled."""
    booted[1].allowed = ["404"]
    script = RunScript("oauth")
    address = f"http://127.0.0.1:{portal.port}/api/flows"
    event = {"interaction": "oauth", "interaction_id": "s", "auth_url": address, "provider": "Drive"}
    portal.send(
        script.event("run_start"), script.start("n0", 0), script.event("interaction_event", node_id="n0", **event)
    )
    sign = page.locator('#interactions [data-interaction-id="s"]')
    sign.locator("[data-action=dismiss]").click()
    expect(sign).to_have_attribute("data-folded", "true")
    expect(page.locator("#interactions-title")).to_have_text("Waiting for you (1)")
    page.locator('#canvas [data-node-id="n0"]').click()
    expect(sign).to_have_attribute("data-folded", "false")
    sign.locator("[data-action=cancel]").click()
    assert not any(each.endswith("/stop") for each in portal.requests)
    sign.locator("[data-action=cancel]").click()
    expect(page.locator('#runs [data-run-id="oauth"]')).to_contain_text("Stopping")
    portal.send(script.event("run_end", status="killed"))
    expect(sign).to_have_count(0)
    expect(page).to_have_title("flowglow")
    expect(page.locator("#waiting-bar")).to_be_hidden()


def test_cards_and_buttons_are_told_apart_by_ear(page: Page, portal: ScriptedPortal) -> None:
    """Names as the browser gives them to a screen reader; what scrolls is reached by keys; a long name stays inside."""
    script, other = (RunScript(each, flow_id="demo") for each in ("heard", "other"))
    need = {"kind": "confirmation", "tool_name": "send", "tool_args": {"body": "word " * 400}}
    needs = [{"id": each, "prompt": f"Send {each}?", **need} for each in "ab"]
    for told, wanted in ((script, needs), (other, [needs[0] | {"prompt": "Pay it?"}])):
        portal.send(told.event("run_start"), told.start("n0", 0))
        portal.send(told.event("AgentPaused", node_id="n0", requirements=wanted))
    page.locator('#runs [data-run-id="heard"] .run-row').click()
    cards = page.locator("#interactions").get_by_role("article")
    expect(cards).to_have_count(3)
    expect(cards.nth(0)).to_have_accessible_name(re.compile(r"^Approval Flow demo run heard.*Send a\?$"))
    expect(cards.nth(2)).to_have_accessible_name(re.compile(r"^Approval Flow demo run other.*Node 0.*Pay it\?$"))
    expect(cards.nth(1).locator("[data-action=approve]")).to_have_accessible_name("Approve Send b?")
    expect(cards.nth(2).locator("[data-show-run]")).to_have_accessible_name("Open Pay it?")
    expect(cards.nth(2).locator("[data-show-run]")).to_have_accessible_description(re.compile("run other"))
    stop = page.locator('#runs [data-run-id="heard"] [data-row-action=stop]')
    expect(stop).to_have_accessible_name(re.compile(r"^Stop this run Flow demo \S+"))
    link = cards.first.locator(".node-link")
    name = "acme.pipelines.finance.reconciliation.CheckInvoiceAgainstDeliveryNote"
    link.evaluate("(link, name) => { link.textContent = name; }", name)
    assert page.locator("#interactions").evaluate("(list) => list.scrollWidth <= list.clientWidth")
    assert link.evaluate("(link) => link.scrollWidth <= link.clientWidth && link.scrollHeight <= link.clientHeight + 1")
    found: Any = Axe().run(page).response
    assert [each["id"] for each in found["violations"]] == []


def two_cards(page: Page, portal: ScriptedPortal, script: RunScript) -> tuple[Locator, Locator]:
    """A run that asks two things of a person, a and b."""
    needs = [{"id": name, "kind": "confirmation", "prompt": f"Is {name} right?"} for name in "ab"]
    portal.send(
        script.event("run_start"), script.start("n0", 0), script.event("AgentPaused", node_id="n0", requirements=needs)
    )
    first, second = (page.locator(f'#interactions [data-requirement-id="{name}"]') for name in "ab")
    return first, second


def test_the_focus_goes_from_card_to_card(page: Page, portal: ScriptedPortal) -> None:
    """Never to the body, also when the last card goes; what was answered stays as a line of the chat."""
    script = RunScript("cards")
    first, second = two_cards(page, portal, script)
    first.locator("textarea").fill("Fine")
    first.locator("textarea").press("Control+Enter")
    expect(second.locator("textarea")).to_be_focused()
    second.locator("[data-action=reject]").click()
    portal.wait_answer(2)
    expect(page.locator("#interactions-title")).to_be_focused()
    portal.send(script.event("resume_start", resolved=["a", "b"]))
    expect(page.locator("#interactions .card")).to_have_count(0)
    assert page.evaluate("() => document.activeElement !== document.body")
    lines = page.locator("#chat [data-answer-id]")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Approved by you")
    expect(lines.first).to_contain_text("Fine")
    expect(lines.last).to_contain_text("Rejected by you")
    portal.send(script.event("run_end"))


def test_who_types_into_a_card_goes_on_while_it_moves(page: Page, portal: ScriptedPortal) -> None:
    """Asked again, with more time, it stands behind the other one: its field keeps words, focus and keys."""
    script = RunScript("typed")
    first, second = two_cards(page, portal, script)
    first.locator("textarea").click()
    page.keyboard.type("Stop, ")
    more = {"id": "a", "kind": "confirmation", "prompt": "Is a right?", "expires_at": time.time() + 300}
    portal.send(script.event("AgentPaused", node_id="n0", requirements=[more]))
    expect(first).to_contain_text("left")
    assert [each.get_attribute("data-requirement-id") for each in page.locator("#interactions .card").all()] == [
        "b",
        "a",
    ]
    page.keyboard.type("press a part")
    expect(first.locator("textarea")).to_have_value("Stop, press a part")
    expect(first.locator("textarea")).to_be_focused()
    expect(second.locator("[data-action=approve]")).to_be_enabled()
    portal.send(script.event("run_end"))


def lose_card(page: Page, portal: ScriptedPortal, script: RunScript, typed: str) -> None:
    """Of two cards one is answered elsewhere, while this is typed into it."""
    first, second = two_cards(page, portal, script)
    first.locator("textarea").click()
    page.keyboard.type(typed)
    portal.send(script.event("resume_start", resolved=["a"]))
    expect(first).to_have_count(0)
    expect(second).to_be_visible()
    expect(page.locator("#interactions")).to_be_focused()


def test_what_is_typed_into_a_card_that_went_presses_nothing(page: Page, portal: ScriptedPortal) -> None:
    """Answered elsewhere while somebody writes in it: letters and Space do nothing until they move on."""
    script = RunScript("written")
    lose_card(page, portal, script, "Because thi")
    page.keyboard.type("s ")
    page.keyboard.press("Tab")
    page.keyboard.press("/")  # keys are dealt with in their order
    expect(page.locator("#palette-input")).to_be_focused()
    page.keyboard.press("Escape")
    portal.send(script.start("n1", 1))
    page.locator('#canvas [data-node-id="n1"] .execution-order').wait_for()  # so many frames later
    expect(page.locator("#stop")).to_be_enabled()
    portal.send(script.event("run_end"))


def test_who_stopped_typing_into_a_card_that_went_has_their_keys_again(page: Page, portal: ScriptedPortal) -> None:
    """Two seconds later the first key is no rest of what was typed."""
    script = RunScript("left")
    lose_card(page, portal, script, "Because")
    gone = page.evaluate("() => performance.now()")
    page.wait_for_function("(gone) => performance.now() > gone + 2_000", arg=gone)  # by the clock that stamps its keys
    page.keyboard.press("/")
    expect(page.locator("#palette-input")).to_be_focused(timeout=5_000)
    page.keyboard.press("Escape")
    portal.send(script.event("run_end"))


ILLEGAL = """() => {
  window.asked = 0;
  window.Notification = class {
    static permission = "default";
    static async requestPermission() {
      window.asked++;
      Notification.permission = "granted";
    }
    constructor() {
      throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
    }
  };
}"""
"""Notifications as Chrome on Android has them: it grants what a page can then not show."""


def test_a_browser_that_can_show_no_notification_is_said_to(
    context: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """In words, before a person is asked for a permission that would be of no use; the offer goes."""
    portal.forget()
    page = context.new_page()
    page.add_init_script(f"({ILLEGAL})()")
    boot(page, f"{site}/{portal.query}")
    script, need = RunScript("phone"), {"id": "q", "kind": "confirmation"}
    portal.send(script.event("run_start"), script.event("AgentPaused", requirements=[need]))
    notify = page.locator("#waiting-bar [data-waiting=notify]")
    notify.click()
    expect(page.locator("#toast")).to_contain_text("This browser cannot show notifications here.")
    expect(notify).to_be_hidden()
    assert page.evaluate("asked") == 0
    portal.send(script.event("run_end"))
    page.close()
    portal.forget()


def test_a_person_who_looks_elsewhere_is_called(context: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """Only after a click on the offer, only while the page is hidden; a click on the call opens the card."""
    portal.forget()
    page = context.new_page()
    page.add_init_script(f"({NOTIFICATION})()")
    boot(page, f"{site}/{portal.query}")
    script, other = RunScript("seen"), RunScript("unseen")
    need = {"id": "q", "kind": "confirmation", "prompt": "May it?"}
    portal.send(script.event("run_start"), script.event("AgentPaused", requirements=[need]))
    notify = page.locator("#waiting-bar [data-waiting=notify]")
    notify.click()
    expect(notify).to_be_hidden()
    assert page.evaluate("told") == []
    page.evaluate("() => Object.defineProperty(document, 'hidden', { get: () => window.away, configurable: true })")
    page.evaluate("() => { window.away = true; }")
    portal.send(other.event("run_start", entity_name="Report"), other.event("AgentPaused", requirements=[need]))
    page.wait_for_function("() => told.length === 1")
    assert page.evaluate("told") == [["Approval: Report", "May it?"]]
    page.evaluate("() => { window.away = false; shown.click(new Event('click')); }")
    expect(page.locator('#runs [data-run-id="unseen"]')).to_have_attribute("aria-current", "true")
    expect(page.locator('#interactions [data-run-id="unseen"] textarea')).to_be_focused()
    assert page.evaluate("told") == []
    third = RunScript("third")
    page.evaluate("() => { window.away = true; }")
    portal.send(third.event("run_start", entity_name="Bill"), third.event("AgentPaused", requirements=[need]))
    page.wait_for_function("() => told.length === 1")
    portal.send(third.event("resume_start", resolved=["q"]))
    page.wait_for_function("() => told.length === 0")  # somebody else answered
    page.evaluate("() => { window.away = false; document.activeElement.blur(); }")
    page.keyboard.press("Control+k")
    page.keyboard.type("notifications of what")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_have_text("Notifications are off.")
    expect(notify).to_be_visible()
    page.close()


def test_a_reload_finds_what_waits_and_what_was_answered(context: BrowserContext, devserver: str) -> None:
    """On the real server: the review waits over a reload, the answer is told by the stream after the next one."""
    page = context.new_page()
    page.goto(f"{devserver}/?flow=approvals")
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    page.locator("#play").click()
    review = page.locator("#interactions [data-kind=output_review]").first
    expect(review).to_be_visible(timeout=30_000)
    page.goto(f"{devserver}/")
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(review).to_have_attribute("data-folded", "true", timeout=30_000)
    review.locator("[data-show-run]").click()
    expect(review.locator("textarea")).to_be_focused(timeout=30_000)
    review.locator("[data-action=approve]").click()
    approval = page.locator("#interactions [data-kind=confirmation]")
    expect(approval).to_contain_text("release_note", timeout=30_000)
    approval.locator("textarea").fill("Not today")
    approval.locator("[data-action=reject]").click()
    rejected = page.locator("#chat [data-answer-id]").last
    expect(rejected).to_contain_text("Rejected by you", timeout=30_000)
    page.reload()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)
    expect(rejected).to_contain_text("Rejected", timeout=30_000)
    expect(rejected).to_contain_text("Not today")
    page.close()
