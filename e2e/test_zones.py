"""The zones stand still: tabs, folds, sizes and the drawer are a person's, are remembered, and follow no content."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import VIEWPORT, Guard, boot
from .events import RunScript, metric, show, wait_handled
from .scripted_portal import ScriptedPortal, demo_flow

ZONES = ("#zone-runs", "#zone-run", "#zone-side", "#panel-canvas", "#view-tabs", "#side-tabs", "#drawer", "#run-head")


@pytest.fixture(autouse=True)
def as_new(page: Page) -> Any:
    """Nothing is chosen yet: the page of the module is shown as a person sees it for the first time."""
    page.set_viewport_size({"width": 1440, "height": 900})
    yield
    page.set_viewport_size({"width": 1440, "height": 900})


def boxes(page: Page) -> dict[str, Any]:
    return {zone: page.locator(zone).bounding_box() for zone in ZONES}


def tab(page: Page, name: str) -> Any:
    return page.locator(f'[role="tab"][aria-controls="panel-{name}"]')


def opened(context: BrowserContext, site: str, portal: ScriptedPortal) -> tuple[Page, Guard]:
    """Another page of the same person."""
    other = context.new_page()
    guard = Guard(other)
    other.goto(f"{site}/{portal.query}")
    other.locator("html[data-app=ready]").wait_for(timeout=90_000)
    return other, guard


def test_a_tab_shows_its_panel_and_no_other(page: Page) -> None:
    """By mouse, by arrows, Home and End; one stop for the Tab key."""
    for list_id, names in (("side-tabs", ("chat", "output", "details")), ("view-tabs", ("canvas", "timeline"))):
        for name in names:
            tab(page, name).click()
            for each in names:
                expect(tab(page, each)).to_have_attribute("aria-selected", str(each == name).lower())
                visible = expect(page.locator(f"#panel-{each}"))
                visible.to_be_visible() if each == name else visible.to_be_hidden()
        page.keyboard.press("ArrowRight")
        expect(tab(page, names[0])).to_be_focused()
        expect(page.locator(f"#panel-{names[0]}")).to_be_visible()
        page.keyboard.press("End")
        expect(tab(page, names[-1])).to_be_focused()
        page.keyboard.press("Home")
        expect(tab(page, names[0])).to_be_focused()
        assert (
            page.locator(f'#{list_id} [role="tab"][tabindex="0"], #{list_id} [role="tab"]:not([tabindex])').count() == 1
        )
    show(page, "output")


def test_sizes_do_not_follow_content(page: Page, portal: ScriptedPortal) -> None:
    """In a run with text, outputs, cards and a hundred rows no zone moves by a pixel."""
    before = boxes(page)
    start = metric(page, "handled")
    for number in range(30):
        other = RunScript(f"earlier-{number}")
        portal.send(other.event("run_start", entity_name=f"Earlier {number}"), other.event("run_end"))
    script = RunScript("growing")
    portal.send(
        script.event("run_start", entity_name="A run with a name that is far too long for the line it stands on"),
        script.start("n0", 0),
        *(script.event("RunContent", content=f"Line {line}\n\n", node_id="n0") for line in range(40)),
        script.end("n0", 0, content=[{"a": row, "b": "x" * 60} for row in range(60)]),
        script.start("n1", 1),
        script.event(
            "AgentPaused", node_id="n1", requirements=[{"id": "q", "kind": "confirmation", "prompt": "May I?"}]
        ),
    )
    wait_handled(page, start + 60 + 45)
    page.locator('#runs [data-run-id="growing"]').click()
    expect(page.locator("#interactions [data-requirement-id]")).to_be_visible()
    assert boxes(page) == before
    portal.send(script.event("resume_start"), script.end("n1", 1, "error", error="boom"))
    wait_handled(page, start + 60 + 47)
    assert boxes(page) == before


def test_a_fold_is_a_rail_and_is_remembered(
    page: Page, site: str, portal: ScriptedPortal, context: BrowserContext
) -> None:
    """Runs keep their marks, the side its button; by mouse and by keyboard; the next page is as this one was left."""
    script = RunScript("folded")
    portal.send(script.event("run_start"), script.event("run_end"))
    page.locator('#runs [data-run-id="folded"]').wait_for()
    expect(page.locator("#summary")).to_be_visible()
    runs, side = (page.locator(f'#zone-{name} [data-zone-action="fold"]') for name in ("runs", "side"))
    wide = page.locator("#panel-canvas").bounding_box()
    runs.click()
    side.focus()
    page.keyboard.press("Enter")
    for name in ("runs", "side"):
        box = page.locator(f"#zone-{name}").bounding_box()
        assert box is not None and box["width"] <= 48
    expect(page.locator('#runs [data-run-id="folded"] .status-icon')).to_be_visible()
    expect(page.locator("#side-tabs")).to_be_hidden()
    wider = page.locator("#panel-canvas").bounding_box()
    assert wide is not None and wider is not None and wider["width"] > wide["width"] + 400
    other, guard = opened(context, site, portal)
    assert {zone: other.locator(zone).bounding_box() for zone in ("#zone-runs", "#zone-side")} == {
        zone: page.locator(zone).bounding_box() for zone in ("#zone-runs", "#zone-side")
    }
    guard.check()
    other.close()
    runs.click()
    side.click()
    expect(page.locator("#side-tabs")).to_be_visible()
    assert page.locator("#panel-canvas").bounding_box() == wide


@pytest.mark.parametrize("zone", ["runs", "run", "side", "log"])
def test_each_zone_can_have_the_whole_page(zone: str, page: Page) -> None:
    """And give it back, all others as they were."""
    before = boxes(page)
    button = page.locator(f'.zone-tools[data-of="{zone}"] [data-zone-action="maximise"]')
    element = {"runs": "#zone-runs", "run": "#zone-run", "side": "#zone-side", "log": "#drawer"}[zone]
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    box = page.locator(element).bounding_box()
    assert box is not None and box["width"] == 1440 and box["height"] > 800
    button.click()
    assert boxes(page) == before


def test_what_has_the_whole_page_is_remembered(
    page: Page, site: str, portal: ScriptedPortal, context: BrowserContext
) -> None:
    """Until it is given back."""
    page.keyboard.press("m")
    for most in ("run", None):
        other, guard = opened(context, site, portal)
        assert other.locator("main.work").get_attribute("data-maximised") == most
        expect(other.locator("#zone-side")).to_be_visible(visible=most is None)
        guard.check()
        other.close()
        page.keyboard.press("Escape")


def log_of(page: Page, portal: ScriptedPortal, run_id: str, level: str) -> None:
    """A run comes whose log has a line of this level, and is looked at."""
    script = RunScript(run_id)
    portal.logs[run_id] = [{"ts": 1.0, "level": level, "node_id": "n0", "text": "Slow."}]
    portal.send(script.event("run_start"), script.start("n0", 0))
    page.locator(f'#runs [data-run-id="{run_id}"]').click()
    expect(page.locator(f"#log [data-level={level}]")).to_be_attached(timeout=20_000)
    portal.send(script.event("run_end"))
    expect(page.locator(f'#runs [data-run-id="{run_id}"]')).to_have_attribute("data-status", "success")


def test_the_log_opens_for_a_warning_and_stays_as_a_person_wants_it(
    site: str, portal: ScriptedPortal, browser: Browser
) -> None:
    """Closed at first, open when something is wrong; closed by hand it stays closed, also in the next page."""
    portal.forget()
    context = browser.new_context(viewport=VIEWPORT)
    page, guard = opened(context, site, portal)
    log, title = page.locator("#log"), page.locator("#log-title")
    log_of(page, portal, "calm", "info")
    expect(log).to_be_hidden()
    log_of(page, portal, "warned", "warning")
    expect(log).to_be_visible()
    title.click()
    expect(log).to_be_hidden()
    expect(title).to_have_attribute("aria-expanded", "false")
    guard.check()
    page.close()
    page, guard = opened(context, site, portal)
    log_of(page, portal, "warned-again", "warning")
    expect(page.locator("#log")).to_be_hidden()
    guard.check()
    context.close()


def test_choosing_a_node_brings_what_tells_of_it(page: Page, portal: ScriptedPortal) -> None:
    """The output, from the chat or from a folded side; the details stay where a person reads those."""
    script = RunScript("chosen")
    start = metric(page, "handled")
    portal.send(
        script.event("run_start"),
        *(each for n in range(3) for each in (script.start(f"n{n}", n), script.end(f"n{n}", n, content="x"))),
    )
    wait_handled(page, start + 7)
    show(page, "chat")
    page.locator('#canvas [data-node-id="n0"]').click()
    expect(page.locator('#node-output [data-node-id="n0"]')).to_be_visible()
    page.locator('#zone-side [data-zone-action="fold"]').click()
    page.locator('#canvas [data-node-id="n1"]').click()
    expect(page.locator('#node-output [data-node-id="n1"]')).to_be_visible()
    show(page, "details")
    page.locator('#canvas [data-node-id="n2"]').click()
    expect(page.locator("#panel-details")).to_be_visible()
    show(page, "output")


def test_stop_stands_in_the_place_of_play(page: Page, portal: ScriptedPortal) -> None:
    """One of the two is seen, in the same place; both are always there."""
    expect(page.locator("#play")).to_be_visible()
    place = page.locator("#play").bounding_box()
    expect(page.locator("#stop")).to_be_hidden()
    script = RunScript("placed", flow_id="demo")
    portal.send(script.event("run_start"))
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#play")).to_be_hidden()
    assert page.locator("#stop").bounding_box() == place
    expect(page.locator("#run-head .chip")).to_have_text("Running")
    portal.send(script.event("run_end"))
    expect(page.locator("#play")).to_be_visible()
    expect(page.locator("#run-head .chip")).to_have_text("Succeeded")
    expect(page.locator("#run-head [data-run-again]")).to_be_visible()


def test_diagnostics_are_a_key_away_and_always_true(page: Page) -> None:
    """A button opens them and takes the focus there, Escape gives it back."""
    toggle = page.locator("#diagnostics-toggle")
    toggle.click()
    expect(page.locator("[data-metric=received]")).to_be_visible()
    expect(page.locator("#inspector")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#diagnostics")).to_be_hidden()
    expect(toggle).to_be_focused()


def test_a_phone_shows_one_of_four(page: Page, portal: ScriptedPortal) -> None:
    """Run, chat, what waits with its number, log: below, at hand; nothing runs out of the page."""
    page.set_viewport_size({"width": 390, "height": 844})
    script = RunScript("on-a-phone")
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        script.event("RunContent", content="Hello", node_id="n0"),
        script.event("AgentPaused", node_id="n0", requirements=[{"id": "q", "kind": "confirmation"}]),
    )
    expect(page.locator('#phone-tabs [data-phone="waiting"]')).to_have_text("Waiting (1)")
    for name, seen in (("chat", "#chat"), ("waiting", "#interactions"), ("log", "#log"), ("run", "#canvas")):
        button = page.locator(f'#phone-tabs [data-phone="{name}"]')
        button.click()
        expect(button).to_have_attribute("aria-current", "true")
        for region in ("#chat", "#interactions", "#log", "#canvas"):
            visible = expect(page.locator(region))
            visible.to_be_visible() if region == seen else visible.to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44 and box["y"] + box["height"] <= 844
    expect(page.locator("#panel-output")).to_be_visible()  # though the chat was the panel in front


def test_the_head_of_a_run_stands_still_on_a_phone(page: Page, portal: ScriptedPortal) -> None:
    """Its name is where it was when the run is over, and "Run again" has come."""
    page.set_viewport_size({"width": 390, "height": 844})
    script = RunScript("steady")
    places = []
    for event, status in ((script.event("run_start"), "Running"), (script.event("run_end"), "Succeeded")):
        portal.send(event)
        expect(page.locator("#run-head .chip")).to_have_text(status)
        places.append(page.locator(".run-head-name").bounding_box())
    page.set_viewport_size({"width": 1440, "height": 900})
    assert places[0] == places[1]


def test_on_a_phone_the_log_is_open_and_its_heading_says_so(page: Page) -> None:
    """It folds only where it has others beside it."""
    title = page.locator("#log-title")
    before = title.get_attribute("aria-expanded") or ""
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator('#phone-tabs [data-phone="log"]').click()
    expect(page.locator("#log")).to_be_visible()
    expect(title).to_have_attribute("aria-expanded", "true")
    expect(title).to_be_disabled()
    assert title.evaluate("each => getComputedStyle(each, '::before').display") == "none"
    assert title.evaluate("each => getComputedStyle(each).opacity") == "1"
    page.locator('#phone-tabs [data-phone="run"]').click()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(title).to_have_attribute("aria-expanded", before)
    expect(title).to_be_enabled()


def test_a_long_name_is_whole_in_the_strip_of_a_phone(
    context: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """And how long it took stands behind it, within the screen."""
    portal.forget()
    name = "Compare what every supplier offers with what was agreed"
    portal.flows["long"] = demo_flow(2, "long")
    portal.flows["long"]["nodes"][0]["handle"] = name
    script = RunScript("long", flow_id="long")
    portal.keep(
        script.event("run_start", ts=1_700_000_000.0),
        script.event("start_node", node_id="n0", order=0, ts=1_700_000_001.0),
        script.event("end_node", node_id="n0", order=0, status="error", error="No", ts=1_700_000_002.0),
        script.event("run_end", status="error", error="No", ts=1_700_000_003.0),
        flow_id="long",
    )
    phone = context.new_page()
    phone.set_viewport_size({"width": 390, "height": 844})
    boot(phone, f"{site}/{portal.query.replace('&flow=demo', '')}&flow=long&run=long")
    how = phone.locator(".summary-how")
    expect(how).to_contain_text(name)
    expect(how).to_contain_text("after 3.0 s")
    shown = how.evaluate("""(strong) => {
      const words = document.createRange();
      words.selectNodeContents(strong);
      const [all, own] = [words.getBoundingClientRect(), strong.getBoundingClientRect()];
      return [all.right <= innerWidth, all.right <= own.right + 1, all.bottom <= own.bottom + 1];
    }""")
    assert shown == [True, True, True]
    phone.set_viewport_size({"width": 1440, "height": 900})
    phone.locator("#output-title").click()
    entry = phone.locator(".entry[open]")
    expect(entry.locator(".copy")).to_be_visible()
    title, copy = (entry.locator(part).bounding_box() for part in (".entry-name", ".copy"))
    assert title and copy and title["x"] + title["width"] <= copy["x"]
    phone.close()


def test_one_finger_scrolls_the_page_of_a_phone(page: Page, portal: ScriptedPortal) -> None:
    """The graph stands still under it; two fingers move the graph."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("[data-bar=fit]").click()
    node = page.locator('#canvas [data-node-id="n0"]')
    canvas = page.locator("#canvas").bounding_box()
    assert canvas is not None
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] * 0.7
    session = page.context.new_cdp_session(page)

    def swipe(*fingers: int) -> None:
        for step in range(9):
            points = [{"x": x + finger, "y": y - 12 * step, "id": finger} for finger in fingers]
            session.send(
                "Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": points}
            )
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    transform = "() => document.querySelector('#canvas .world').style.transform"
    still = page.evaluate(transform)
    swipe(0)
    assert page.evaluate(transform) == still
    swipe(0, 40)
    page.wait_for_function(f"(still) => ({transform})() !== still", arg=still)
    session.detach()
    expect(node).to_be_attached()


def test_on_a_phone_a_failure_comes_to_the_eye(page: Page, portal: ScriptedPortal) -> None:
    """By itself and by the strip's button, on the page that scrolls as a whole; another tab begins at its top."""
    page.set_viewport_size({"width": 390, "height": 844})
    script = RunScript("bad-on-a-phone")
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        *(
            script.event(event, node_id="n0", tool_call_id=str(number), tool_name="parse")
            for number in range(12)
            for event in ("start_tool", "end_tool")
        ),
        script.end("n0", 0, "error", error="Traceback:\nKeyError: real"),
        script.event("run_end", status="error", error="KeyError: real"),
    )
    error, work = page.locator("#details .error-trace > summary"), page.locator("main.work")
    expect(error).to_be_in_viewport(ratio=1)
    page.locator('#phone-tabs [data-phone="log"]').click()
    page.locator('#phone-tabs [data-phone="run"]').click()
    expect(page.locator("#run-head")).to_be_in_viewport(ratio=1)
    assert work.evaluate("(work) => work.scrollTop") == 0
    page.locator("#summary [data-result]").click()
    expect(error).to_be_in_viewport(ratio=1)
    page.locator('#phone-tabs [data-phone="run"]').click()
    assert work.evaluate("(work) => work.scrollTop") == 0


@pytest.mark.parametrize("named", ["&view=timeline", "&node=n0"])
def test_a_phone_stays_with_what_its_address_names(
    named: str, context: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """A link to a failed run: its timeline, or its node, and not the details below."""
    portal.forget()
    script = RunScript("old")
    portal.keep(
        script.event("run_start"),
        script.start("n0", 0),
        script.end("n0", 0, "error", error="Traceback:\nKeyError: real"),
        script.event("run_end", status="error", error="Traceback:\nKeyError: real"),
    )
    phone = context.new_page()
    phone.set_viewport_size({"width": 390, "height": 844})
    boot(phone, f"{site}/{portal.query}&run=old{named}")
    expect(phone.locator("#details .error-trace > summary")).to_have_text("KeyError: real")
    expect(phone.locator("#run-head")).to_be_in_viewport(ratio=1)
    assert phone.locator("main.work").evaluate("(work) => work.scrollTop") == 0
    phone.close()


def test_a_phone_that_was_led_to_a_failure_shows_the_next_run_from_its_head(page: Page, portal: ScriptedPortal) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for run_id in ("bad", "next"):
        script = RunScript(run_id)
        portal.send(script.event("run_start"), script.start("n0", 0))
        if run_id == "bad":
            portal.send(script.end("n0", 0, "error", error="Traceback:\nNo"), script.event("run_end", status="error"))
            expect(page.locator("#details .error-trace > summary")).to_be_in_viewport(ratio=1)
    expect(page.locator("#runs [data-run-id=next]")).to_have_attribute("aria-current", "true")
    expect(page.locator("#run-head")).to_be_in_viewport(ratio=1)
    portal.send(script.event("run_end"))
