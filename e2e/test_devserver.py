"""Every flow of the dev server, run for real: Play, and watch it to its end."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import Guard, boot
from .events import metric, picture

OUTCOMES = {"failing": "error", "branches": "error"}
"""Flow → how its run must end; success unless it says so here."""


def _card(page: Page, kind: str) -> Locator:
    return page.locator(f"#interactions [data-kind={kind}]")


def _press(page: Page, kind: str, action: str) -> None:
    _card(page, kind).locator(f"[data-action={action}]").click()
    expect(_card(page, kind)).to_have_count(0)


def _decide(page: Page) -> None:
    """Answer each of the six kinds of question of the flow `approvals`."""
    _press(page, "output_review", "approve")
    _press(page, "confirmation", "approve")
    form = _card(page, "user_input")
    form.get_by_label("title").fill("News")
    form.get_by_label("readers").fill("12")
    form.get_by_label("audience").select_option("users")
    _press(page, "user_input", "submit")
    _card(page, "user_feedback").get_by_label("It is clear").check()
    _press(page, "user_feedback", "submit")
    _card(page, "external_execution").locator("textarea").fill("by the door")
    _press(page, "external_execution", "submit")
    _card(page, "route_selection").get_by_label("Send as a mail").check()
    _press(page, "route_selection", "submit")


def _sign_in(page: Page) -> None:
    """Allow it in the window that the card opens."""
    with page.context.expect_page() as opened:
        _card(page, "oauth").locator("[data-action=authorize]").click()
    opened.value.get_by_role("button", name="Allow").click()
    expect(opened.value.locator("body")).to_contain_text("You can close this window")
    opened.value.close()


def _give_leave(page: Page) -> None:
    _press(page, "confirmation", "approve")
    _card(page, "user_input").get_by_label("author").fill("Ann")
    _press(page, "user_input", "submit")


PEOPLE = {"approvals": _decide, "sign_in": _sign_in, "agno_agent": _give_leave}
"""Flow → what a person does in it."""
TALKS = {"assistant", "team", "report", "agno", "agno_agent", "agno_team"}
"""Flows in which somebody speaks."""


@pytest.fixture(scope="module")
def live(context: BrowserContext, devserver: str) -> Iterator[tuple[Page, Guard]]:
    page = context.new_page()
    guard = Guard(page)
    boot(page, f"{devserver}/")
    yield page, guard
    assert guard.loads == 1
    page.close()


def flows(address: str) -> list[str]:
    with urllib.request.urlopen(f"{address}/api/flows") as answer:
        return [flow["id"] for flow in json.load(answer)]


def test_the_page_opens_with_the_first_flow(live: tuple[Page, Guard], devserver: str) -> None:
    """make run's page: live, a flow on the canvas, Play ready."""
    page, guard = live
    expect(page.locator("#connection")).to_have_attribute("data-state", "open")
    expect(page.locator("#play")).to_be_enabled()
    expect(page.locator("#flow-select")).to_have_value(flows(devserver)[0])
    guard.check()


def test_every_flow_runs_to_its_end(live: tuple[Page, Guard], devserver: str) -> None:
    """Nodes glow, badges count, the row settles, the picture after the run stays; nothing is lost on the way."""
    page, guard = live
    ran = flows(devserver)
    assert len(ran) >= 2
    for flow in ran:
        page.locator("#flow-select").select_option(flow)
        expect(page.locator("#runs [aria-current=true]")).to_have_count(0)
        before = page.locator("#runs [data-run-id]").count()
        expect(page.locator("#play")).to_be_enabled()
        page.locator("#play").click()
        expect(page.locator("#canvas .executing").first).to_be_visible(timeout=20_000)
        expect(page.locator("#runs [data-run-id]")).to_have_count(before + 1)
        row = page.locator("#runs [aria-current=true]")
        if flow in PEOPLE:
            PEOPLE[flow](page)
        expect(row).to_have_attribute("data-status", OUTCOMES.get(flow, "success"), timeout=90_000)
        expect(page.locator("#canvas .executing")).to_have_count(0)
        expect(page.locator("#canvas .execution-order[data-status=executing]")).to_have_count(0)
        expect(page.locator(f'#node-output [data-status="{OUTCOMES.get(flow, "success")}"]').first).to_be_attached()
        shown = picture(page)
        assert shown["locked"] == "false"
        assert shown["badges"], f"{flow}: no badge"
        assert shown["outputs"], f"{flow}: no output"
        expect(page.locator("#log [data-level]").first).to_be_attached()
        expect(page.locator("#interactions .card")).to_have_count(0)
        expect(page.locator("#chat [aria-busy=true]")).to_have_count(0)
        if flow in TALKS:
            expect(page.locator("#chat [data-message-id]").first).to_be_attached()
    for name in ("gap", "malformed", "unknown", "failed"):
        assert metric(page, name) == 0, name
    guard.check()


def test_a_run_goes_on_without_its_page(live: tuple[Page, Guard], devserver: str) -> None:
    """A page that opens in the middle of a run, or after it, shows all of it."""
    page, guard = live
    page.locator("#flow-select").select_option(flows(devserver)[0])
    expect(page.locator("#play")).to_be_enabled()
    page.locator("#play").click()
    expect(page.locator("#canvas .executing").first).to_be_visible(timeout=20_000)
    run_id = page.locator("#runs [aria-current=true]").get_attribute("data-run-id")
    other = page.context.new_page()
    late = Guard(other)
    boot(other, f"{devserver}/?run={run_id}")
    row = other.locator(f'#runs [data-run-id="{run_id}"]')
    expect(row).to_have_attribute("data-status", "success", timeout=60_000)
    expect(row).to_have_attribute("aria-current", "true")
    expect(page.locator(f'#runs [data-run-id="{run_id}"]')).to_have_attribute("data-status", "success")
    badges = page.locator(".execution-order").count()
    expect(other.locator(".execution-order")).to_have_count(badges)  # its flow may come after its events
    assert picture(other)["badges"] == picture(page)["badges"]
    shown = picture(other)["outputs"]
    page.bring_to_front()  # a page that nobody looks at draws nothing
    expect(page.locator("#node-output [data-node-id]")).to_have_count(len(shown))
    assert picture(page)["outputs"] == shown
    late.check()
    guard.check()
    other.close()


def test_stop_kills_the_run(live: tuple[Page, Guard], devserver: str) -> None:
    """Stop ends a run that is really under way."""
    page, guard = live
    page.locator("#flow-select").select_option(flows(devserver)[0])
    expect(page.locator("#play")).to_be_enabled()
    page.locator("#play").click()
    expect(page.locator("#canvas .executing").first).to_be_visible(timeout=20_000)
    page.locator("#stop").click(force=True)  # a busy machine is slow to say that the button stands still
    expect(page.locator("#runs [aria-current=true]")).to_have_attribute("data-status", "killed", timeout=20_000)
    expect(page.locator("#play")).to_be_enabled()
    guard.check()
