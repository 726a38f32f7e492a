"""The list of runs: what a row says, filters, older runs page by page, stop and run again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import boot
from .scripted_portal import Json, ScriptedPortal, demo_flow


def over(number: int, now: float, **more: Json | str) -> Json:
    """A run that is over; the one with the lowest number is the newest."""
    started = now - 10.0 * number
    plain = {"flow_id": "demo", "status": "success", "started_at": started, "ended_at": started + 4.5}
    return {"run_id": f"r{number}", "input": f"question {number}", **plain, **more}


@pytest.fixture(scope="module")
def listed(context: BrowserContext, site: str, portal: ScriptedPortal) -> Iterator[Page]:
    """A page of a backend with many runs, which ignores `before`, `limit` and `status`."""
    now = time.time()
    portal.flows["other"] = demo_flow(2, "other")
    some: dict[int, Json] = {3: {"status": "error", "error": "boom"}, 5: {"flow_id": "other"}, 7: {"status": "killed"}}
    portal.runs.update({f"r{number}": over(number, now, **some.get(number, {})) for number in range(130)})
    page = boot(context.new_page(), f"{site}/{portal.query}")
    expect(page.locator("#runs [data-run-id]")).to_have_count(50)
    yield page
    page.close()


def ids(page: Page) -> list[str]:
    """The rows in sight, in their order."""
    found: list[str] = page.eval_on_selector_all(
        "#runs [data-run-id]", "rows => rows.filter(row => !row.hidden).map(row => row.dataset.runId)"
    )
    return found


def row(page: Page, run_id: str) -> Locator:
    return page.locator(f'#runs [data-run-id="{run_id}"]')


def test_a_row_says_when_with_what_and_how_long(listed: Page) -> None:
    """Words only for what is not success; what is out of sight is not laid out."""
    first, failed = row(listed, "r0"), row(listed, "r3")
    expect(first.locator(".run-input")).to_have_text("question 0")
    expect(first.locator(".run-time")).to_have_text("4.5 s")
    assert first.locator(".run-start").get_attribute("title")
    assert first.locator(".run-status").get_attribute("data-plain") == "true"
    expect(failed.locator(".run-status")).to_have_text("Failed")
    expect(failed).to_contain_text("boom")
    assert first.evaluate("row => getComputedStyle(row).contentVisibility") == "auto"


def test_filters_hide_and_keep_what_they_leave_out(listed: Page) -> None:
    bar = listed.locator("#runs-bar")
    bar.locator("[data-filter=status]").select_option("error")
    expect(row(listed, "r0")).to_be_hidden()
    expect(listed.locator("#runs [data-run-id]:not([hidden])")).to_have_count(1)
    assert ids(listed) == ["r3"] and listed.locator("#runs [data-run-id]").count() >= 50
    bar.locator("[data-filter=status]").select_option("")
    expect(row(listed, "r0")).to_be_visible()
    bar.locator("[data-filter=text]").fill("question 12")
    expect(row(listed, "r0")).to_be_hidden()
    expect(row(listed, "r12")).to_be_visible()
    assert ids(listed) == ["r12"]
    bar.locator("[data-filter=text]").fill("nobody")
    expect(listed.locator("#runs")).to_contain_text("None of the 50 runs searched matches")
    listed.locator('#runs [data-runs="all"]').click()
    expect(row(listed, "r0")).to_be_visible()
    bar.locator("[data-filter=this_flow]").select_option("this")
    expect(row(listed, "r5")).to_be_hidden()
    bar.locator("[data-filter=this_flow]").select_option("all")
    expect(row(listed, "r5")).to_be_visible()


def test_failed_runs_first_keeps_the_current_row_in_sight(listed: Page) -> None:
    row(listed, "r40").locator(".run-row").click()
    expect(row(listed, "r40")).to_have_attribute("aria-current", "true")
    sort = listed.locator("#runs-bar [data-sort]")
    sort.click()
    expect(listed.locator("#runs [data-run-id]").first).to_have_attribute("data-run-id", "r3")
    expect(row(listed, "r40")).to_be_in_viewport()
    sort.click()
    expect(listed.locator("#runs [data-run-id]").first).to_have_attribute("data-run-id", "r0")


def test_keys_go_through_the_rows_that_are_seen(listed: Page) -> None:
    """The next run, and the one before, of what a filter leaves; from one that it hides the first, or the last."""
    row(listed, "r2").locator(".run-row").click()
    expect(row(listed, "r2")).to_have_attribute("aria-current", "true")
    field = listed.locator("#runs-bar [data-filter=text]")
    field.fill("question 1")
    expect(row(listed, "r2")).to_be_hidden()
    listed.locator("#canvas-title").focus()
    for key, run_id in (("j", "r1"), ("j", "r10"), ("k", "r1"), ("k", "r19")):
        listed.keyboard.press(key)
        expect(row(listed, run_id)).to_have_attribute("aria-current", "true")
    field.fill("")
    expect(row(listed, "r2")).to_be_visible()


def test_older_runs_come_page_by_page_and_no_row_twice(listed: Page) -> None:
    """Though the backend tells all of them each time; when all are there no more are offered."""
    older = listed.locator('#runs [data-runs="older"]')
    for count in (100, 130):
        older.click()
        expect(listed.locator("#runs [data-run-id]")).to_have_count(count)
    expect(older).to_be_hidden()
    assert ids(listed) == [f"r{number}" for number in range(130)]


def test_a_run_is_run_again_from_its_row(listed: Page, portal: ScriptedPortal) -> None:
    """With the same input, or with one that was changed first; it comes to the front."""
    portal.inputs.clear()
    portal.next_run = "again"
    row(listed, "r1").hover()
    row(listed, "r1").locator("[data-row-action=again]").click()
    expect(row(listed, "again")).to_have_attribute("aria-current", "true")
    assert portal.inputs == ["question 1"]
    expect(row(listed, "again").locator(".run-input")).to_have_text("question 1")
    row(listed, "r2").hover()
    row(listed, "r2").locator("[data-row-action=reuse]").click()
    expect(listed.locator("#run-input")).to_have_value("question 2")
    expect(listed.locator("#run-input")).to_be_focused()
    assert portal.inputs == ["question 1"]


def test_a_value_that_is_changed_is_no_text(context: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """A run was given an object: from its row into the field, changed, also over a load, the next one is given one."""
    portal.forget()
    portal.runs["object"] = over(1, time.time(), run_id="object") | {"input": {"city": "Delft", "days": 2}}
    page = boot(context.new_page(), f"{site}/{portal.query}")
    row(page, "object").hover()
    row(page, "object").locator("[data-row-action=reuse]").click()
    field = page.locator("#run-input")
    expect(field).to_be_focused()
    field.fill('{"city": "Delft", "days": 3')
    page.locator("#play").click()
    expect(page.locator("#notices")).to_contain_text("This is not JSON")
    expect(field).to_be_focused()
    assert portal.inputs == []
    page.reload()
    expect(field).to_have_value('{"city": "Delft", "days": 3', timeout=60_000)
    field.press_sequentially("}")
    portal.next_run = "changed"
    page.locator("#play").click()
    expect(row(page, "changed")).to_have_count(1)
    assert portal.inputs == [{"city": "Delft", "days": 3}]
    expect(page.locator("#notices")).not_to_contain_text("JSON")
    page.close()


def test_what_was_typed_belongs_to_its_flow(context: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """A flow with a schema has a form; Enter plays one line, with Ctrl any; the last inputs are offered."""
    portal.forget()
    portal.flows["other"] = demo_flow(2, "other") | {"input_schema": [{"name": "max_rounds", "type": "int"}]}
    page = boot(context.new_page(), f"{site}/{portal.query}")
    field = page.locator("#run-input")
    field.fill("first")
    field.press("Shift+Enter")
    field.press_sequentially("second")
    field.press("Enter")
    field.press_sequentially("third")
    assert portal.inputs == []
    page.locator("#flow-select").select_option("other")
    expect(page.locator("details#run-input")).to_be_visible()
    page.locator("#play").click()
    expect(page.get_by_label("Max rounds")).to_be_focused()
    page.get_by_label("Max rounds").fill("3")
    page.locator("#flow-select").select_option("demo")
    expect(page.locator("textarea#run-input")).to_have_value("first\nsecond\nthird")
    portal.next_run = "typed"
    page.locator("textarea#run-input").press("Control+Enter")
    expect(row(page, "typed")).to_have_count(1)
    assert portal.inputs == ["first\nsecond\nthird"]
    page.locator("#flow-select").select_option("other")
    expect(page.locator("details#run-input")).to_contain_text("max_rounds: 3")
    page.close()


def test_an_open_form_folds_when_somebody_turns_to_anything_else(
    context: BrowserContext, site: str, portal: ScriptedPortal
) -> None:
    """Escape, a click elsewhere, another tab of a phone, a run that starts; what was typed stays."""
    portal.forget()
    schema = [{"name": "topic", "type": "str"}, {"name": "fast", "type": "bool"}]
    portal.flows["asks"] = demo_flow(2, "asks") | {"input_schema": schema}
    page = boot(context.new_page(), f"{site}/{portal.query}")
    page.locator("#flow-select").select_option("asks")
    form, topic, head = page.locator("#run-input"), page.get_by_label("Topic"), page.locator("#run-input > summary")
    opened = page.locator("#run-input[open]")
    expect(form).not_to_contain_text("fast: on")
    head.click()
    topic.fill("Lanes")
    topic.press("Escape")
    expect(opened).to_have_count(0)
    expect(head).to_be_focused()
    head.click()
    page.locator("#runs").click(position={"x": 100, "y": 300})
    expect(opened).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    head.click()
    expect(opened).to_have_count(1)
    page.locator('#phone-tabs [data-phone="log"]').click()
    expect(opened).to_have_count(0)
    page.set_viewport_size({"width": 1440, "height": 900})
    head.click()
    expect(topic).to_have_value("Lanes")
    portal.next_run = "formed"
    topic.press("Enter")
    expect(row(page, "formed")).to_have_count(1)
    expect(opened).to_have_count(0)
    expect(page.locator(":focus")).to_have_count(1)
    page.close()


def test_a_name_without_end_takes_three_lines(context: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """However long it is, the other runs stay in sight; a short one has one line."""
    portal.forget()
    portal.flows["long"] = demo_flow(2, "long") | {"name": "A name that goes on " * 20}
    for flow_id in ("long", "demo"):
        portal.runs[flow_id] = over(1, time.time(), run_id=flow_id, flow_id=flow_id)
    page = boot(context.new_page(), f"{site}/{portal.query}")
    lines = "name => Math.round(name.clientHeight / parseFloat(getComputedStyle(name).lineHeight))"
    expect(row(page, "long").locator(".run-name")).to_contain_text("A name that goes on")
    assert [row(page, each).locator(".run-name").evaluate(lines) for each in ("long", "demo")] == [3, 1]
    page.close()
