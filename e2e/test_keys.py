"""The page by keyboard alone: where the focus is after each step; and axe in the dialogs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import Guard
from .events import RunScript, whole_run
from .scripted_portal import ScriptedPortal
from .test_look import complaints


@pytest.fixture(autouse=True)
def as_new(page: Page) -> Iterator[None]:
    """As wide as ever, and on a phone with the run in front."""
    yield
    page.evaluate("() => document.querySelector('#phone-tabs [data-phone=run]').click()")
    page.set_viewport_size({"width": 1440, "height": 900})


def node(page: Page, node_id: str) -> None:
    """The node that has the focus."""
    expect(page.locator(f'#canvas [data-node-id="{node_id}"]')).to_be_focused()


def test_the_canvas_is_walked(page: Page, portal: ScriptedPortal) -> None:
    """One stop of Tab, arrows along the edges, Enter chooses; Tab leaves it."""
    expect(page.locator('#canvas [tabindex="0"]')).to_have_count(1)
    page.locator('#canvas [tabindex="0"]').focus()
    page.keyboard.press("Home")
    node(page, "n0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    node(page, "n2")
    page.keyboard.press("ArrowLeft")
    node(page, "n1")
    page.keyboard.press("Enter")
    expect(page.locator('#canvas .selected[data-node-id="n1"]')).to_have_count(1)
    node(page, "n1")
    page.keyboard.press("Tab")
    expect(page.locator("#canvas :focus")).to_have_count(0)


def test_the_focus_never_falls_to_the_body(page: Page, portal: ScriptedPortal) -> None:
    """Search, a dialog closed, Play."""
    page.locator('#canvas [tabindex="0"]').focus()
    page.keyboard.press("/")
    expect(page.locator("#palette-input")).to_be_focused()
    page.keyboard.type("node 3")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Node 3")
    assert complaints(page) == []
    page.keyboard.press("Enter")
    node(page, "n3")
    page.keyboard.press("?")
    expect(page.locator("#keys[open]")).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    node(page, "n3")
    page.locator("#play").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stop")).to_be_focused()


def test_a_list_is_one_stop_and_arrows_walk_it(page: Page, portal: ScriptedPortal) -> None:
    """Runs: the last one that had the focus is the stop; what comes later does not add one once the focus is there."""
    for number in range(3):
        portal.send(whole_run(f"r{number}"))
        expect(page.locator("#runs .run-row")).to_have_count(number + 1)
    rows = page.locator("#runs .run-row")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.last).to_be_focused()
    expect(page.locator('#runs .run-row[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#runs .run-row:focus")).to_have_count(0)
    assert complaints(page) == []


def test_a_row_that_moves_keeps_the_focus(page: Page, portal: ScriptedPortal) -> None:
    """Failed runs first, and the one that has the focus fails: whoever walks the list goes on from there."""
    oldest = RunScript("oldest", ts=1.0)
    portal.send(oldest.event("run_start"), oldest.start("n0", 0))
    portal.send(whole_run("newer"), oldest.end("n0", 0, "error", error="no"))
    rows = page.locator("#runs [data-run-id]")
    expect(rows).to_have_count(2)
    rows.last.locator(".run-row").focus()
    portal.send(RunScript("failed").event("run_end", status="error", error="no"))  # there is something to sort by now
    sort = page.locator("#runs-bar [data-sort]")
    sort.evaluate("(button) => button.click()")
    oldest_row = page.locator('#runs [data-run-id="oldest"]')
    expect(rows.last).to_have_attribute("data-run-id", "oldest")
    portal.send(oldest.event("run_end", status="error", error="no"))
    expect(rows.last).to_have_attribute("data-run-id", "newer")
    expect(oldest_row.locator(".run-row")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.last.locator(".run-row")).to_be_focused()
    sort.evaluate("(button) => button.click()")


def test_no_key_acts_where_somebody_types(page: Page, portal: ScriptedPortal) -> None:
    """Letters are letters there; with Ctrl the palette opens, and Escape leads back."""
    field = page.locator("#run-input")
    field.focus()
    page.keyboard.type("stop /?")
    expect(field).to_have_value("stop /?")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    field.fill("")


def test_keys_are_the_same_with_caps_lock(page: Page, portal: ScriptedPortal) -> None:
    """With Shift a letter is none of the page's."""
    page.locator('#canvas [data-node-id="n0"]').focus()
    page.keyboard.press("Shift+T")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#canvas-title")).to_have_attribute("aria-selected", "true")
    for tab in ("timeline", "canvas"):
        page.keyboard.press("T")
        expect(page.locator(f"#{tab}-title")).to_have_attribute("aria-selected", "true")


def test_a_key_that_is_held_is_pressed_once(page: Page, portal: ScriptedPortal) -> None:
    """A run may be over, and Play in its place again, before anybody lets go."""
    page.locator('#canvas [data-node-id="n0"]').focus()
    for run_id in ("first", "second"):
        portal.next_run = run_id
        page.keyboard.down("p")  # the second time it is held still
        if run_id == "first":
            expect(page.locator("#stop")).to_be_visible()
            script = RunScript(run_id)
            portal.send(script.event("run_start"), script.event("run_end"))
            expect(page.locator("#play")).to_be_enabled()
    page.keyboard.up("p")
    page.keyboard.press("t")
    expect(page.locator("#timeline-title")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("t")
    assert len(portal.inputs) == 1


def test_the_focus_goes_to_the_tab_that_came_to_the_front(page: Page, portal: ScriptedPortal) -> None:
    """Where what had it stands behind another tab by then: on the way back, by a link, by a key."""
    page.locator("#timeline-title").click()
    page.locator("[data-timeline=in]").focus()
    page.evaluate("() => flowglow.reveal('canvas')")
    expect(page.locator("#canvas-title")).to_be_focused()


def test_what_is_folded_or_covered_gives_the_focus_to_what_is_seen(page: Page, portal: ScriptedPortal) -> None:
    """A zone alone: the button that brings the others back. The log folded: its own head."""
    portal.send(whole_run("folds"))
    rows = page.locator('#runs [data-run-id="folds"] .run-row')
    restore = page.locator('[data-zone-action="maximise"][aria-pressed="true"]')
    for place in (rows, page.locator("#chat-title"), page.locator("#output-title")):
        place.focus()
        page.keyboard.press("m")
        expect(restore).to_be_focused()
        page.keyboard.press("m")
        expect(restore).to_have_count(0)
    page.locator("#log-title").click()
    page.locator("#log").focus()
    expect(page.locator("#log")).to_be_focused()
    page.keyboard.press("l")
    expect(page.locator("#drawer.zone-folded")).to_have_count(1)
    expect(page.locator("#drawer .zone-head :focus")).to_have_count(1)


def asking(page: Page, portal: ScriptedPortal, run_id: str) -> RunScript:
    """A run that wants to know whether a tool may do its work."""
    script = RunScript(run_id)
    asked = {"id": "q", "kind": "confirmation", "prompt": "Delete all?", "tool_name": "rm", "tool_args": {"path": "/"}}
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        script.event("AgentPaused", node_id="n0", requirements=[asked]),
    )
    page.locator(f'#interactions [data-run-id="{run_id}"]').wait_for(state="attached")
    return script


@pytest.mark.parametrize("hidden", ["run", "waiting", "side", "maximised", "phone"])
def test_what_is_approved_by_key_is_seen_first(hidden: str, page: Page, portal: ScriptedPortal) -> None:
    """Wherever its card is folded away, the answer that a person gives arrives."""
    script = asking(page, portal, f"asks-{hidden}")
    answers = len(portal.answers)
    if hidden == "run":
        portal.send(whole_run("another"))
        page.locator("#runs [data-run-id=another] .run-row").click()
        expect(page.locator("#interactions .card")).to_have_attribute("data-folded", "true")
    elif hidden == "waiting":
        page.locator("#interactions-title").click()
    elif hidden == "side":
        page.locator('.zone-tools[data-of="side"] [data-zone-action="fold"]').click()
    elif hidden == "maximised":
        page.keyboard.press("m")
    else:
        page.set_viewport_size({"width": 390, "height": 844})
    if hidden != "run":
        expect(page.locator("#interactions [data-action=approve]")).to_be_hidden()
    page.locator("#theme").focus()
    page.keyboard.press("a")
    expect(page.locator("#palette-about")).to_contain_text("Node 0 · rm (path: /)")
    expect(page.locator("#interactions [data-action=approve]")).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Enter")
    portal.wait_answer(answers + 1)
    expect(page.locator("#interactions [data-action=approve]")).to_be_disabled()
    page.keyboard.press("a")
    expect(page.locator("#palette")).to_be_hidden()
    portal.send(script.event("run_end"))
    expect(page.locator("#interactions .card")).to_have_count(0)


@pytest.mark.parametrize("hidden", ["side", "maximised", "phone"])
def test_keys_of_panels_bring_them_to_the_eye(hidden: str, page: Page, portal: ScriptedPortal) -> None:
    """Also where their zone is folded or covered, and from another tab of a phone; the log's, too."""
    for key, panel in (("1", "#chat"), ("2", "#node-output"), ("3", "#details"), ("l", "#log")):
        if hidden == "side" and key != "l":
            page.locator('.zone-tools[data-of="side"] [data-zone-action="fold"]').click()
        elif hidden == "maximised":
            zone = "side" if key == "l" else "run"
            page.locator(f'.zone-tools[data-of="{zone}"] [data-zone-action="maximise"]').click()
        elif hidden == "phone":
            page.set_viewport_size({"width": 390, "height": 844})
            page.locator('#phone-tabs [data-phone="waiting"]').click()
        expect(page.locator(panel)).to_be_hidden()
        page.keyboard.press(key)
        expect(page.locator(panel)).to_be_visible()
        expect(page.locator(panel)).to_be_in_viewport()
    if hidden != "phone":
        page.keyboard.press("l")


def test_the_focus_comes_back_to_what_stands_in_the_place_of_play(
    page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]
) -> None:
    """While nothing can be pressed there it waits elsewhere: a start that failed, a run that is being stopped."""
    booted[1].allowed = ["500"]
    portal.failing["/flows/demo/runs"] = 500
    page.locator("#play").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices button").first).to_be_visible()
    expect(page.locator("#play")).to_be_focused()
    portal.failing.clear()
    portal.next_run = "stopped"
    page.keyboard.press("Enter")
    expect(page.locator("#stop")).to_be_focused()
    script = RunScript("stopped")
    portal.send(script.event("run_start"), script.start("n0", 0))
    page.keyboard.press("Enter")
    expect(page.locator("#stop")).to_be_disabled()
    portal.send(script.event("run_end", status="killed"))
    expect(page.locator("#play")).to_be_focused()


@pytest.mark.parametrize("does", ["moves on", "moves on and comes back", "presses Space"])
def test_the_focus_is_not_led_away_from_whoever_went_on(page: Page, portal: ScriptedPortal, does: str) -> None:
    """Stop was pressed; what a person did then counts, also where the focus waits: Play is led under no finger."""
    script = RunScript("stops")
    portal.send(script.event("run_start"), script.start("n0", 0))
    expect(page.locator("#stop")).to_be_enabled()
    page.locator("#stop").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator("#canvas [data-node-id]:focus")).to_have_count(1)
    page.evaluate("() => { window.waits = document.activeElement; }")
    for key in {"moves on": ["Tab"], "moves on and comes back": ["Tab", "Shift+Tab"]}.get(does, ["Space"]):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === waits") == (does != "moves on")
    portal.send(script.event("run_end", status="killed"))
    expect(page.locator("#play")).to_be_enabled()
    expect(page.locator("#stop")).to_be_hidden()
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert page.evaluate("document.activeElement.id") != "play"


def test_the_focus_is_never_led_to_what_acts_on_a_run(page: Page, portal: ScriptedPortal) -> None:
    """A run that ends, or begins by itself, under the finger: what Enter meets then starts and stops nothing."""
    on_a_node = page.locator("#canvas [data-node-id]:focus")
    ends, begins = RunScript("ends"), RunScript("begins")
    portal.send(ends.event("run_start"), ends.start("n0", 0))
    row = page.locator('#runs [data-run-id="ends"]')
    row.locator("[data-row-action=stop]").focus()
    portal.send(ends.event("run_end"))
    expect(row.locator("[data-row-action=stop]")).to_be_hidden()
    expect(row.locator(".run-row")).to_be_focused()
    page.locator("#play").focus()
    portal.send(begins.event("run_start"), begins.start("n0", 0))
    expect(page.locator("#stop")).to_be_visible()
    expect(on_a_node).to_have_count(1)
    page.locator("#stop").focus()
    portal.send(begins.event("run_end"))
    expect(page.locator("#play")).to_be_enabled()
    expect(on_a_node).to_have_count(1)


def test_rows_and_messages_are_one_stop_each(page: Page, portal: ScriptedPortal) -> None:
    """The buttons of a row are stops while it is the list's; in the chat, arrows go from one thing to the next."""
    for number in range(3):
        portal.send(whole_run(f"r{number}"))
    rows = page.locator("#runs .run-row")
    expect(rows).to_have_count(3)
    rows.nth(1).focus()
    seen = """(all) => all.filter((each) => each.tabIndex === 0 && each.checkVisibility())
      .map((each) => each.closest(".run").dataset.runId)"""
    stops = page.locator("#runs .run :is(.run-row, .run-actions > button)").evaluate_all(seen)
    own = page.locator("#runs .run").nth(1).get_attribute("data-run-id")
    assert set(stops) == {own} and len(stops) > 1
    script = RunScript("talks")
    portal.send(script.event("run_start"), script.start("n0", 0))
    for number in range(5):
        tool = {"node_id": "n0", "tool_call_id": str(number), "tool_name": "look"}
        portal.send(script.event("start_tool", **tool), script.event("end_tool", **tool))
    page.locator("#chat-title").click()
    folds = page.locator("#chat summary")
    expect(folds).to_have_count(5)
    folds.first.focus()
    page.keyboard.press("End")
    things = page.locator("#chat :is(summary, button)")
    assert things.evaluate_all("(all) => all.filter((each) => each.tabIndex === 0).length") == 1
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#chat :focus")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("#chat :focus")).to_have_count(0)
    portal.send(script.event("run_end"))
