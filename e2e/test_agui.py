"""Real agents of AG-UI behind the page: one of pydantic-ai, over a bad network, and one of Agno."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import Guard, boot
from .devserver import running_devserver
from .fault_proxy import FaultProxy
from .foreign_page import LONG_MS, as_new, is_over, play, said
from .site import ROOT


@pytest.fixture(scope="module")
def proxy(built: None) -> Iterator[FaultProxy]:
    """The way to both agents, and to the page beside them."""
    pytest.importorskip("pydantic_ai")
    pytest.importorskip("agno")
    with running_devserver(ROOT, "--backend", "ag-ui") as address:
        way = FaultProxy(urlsplit(address).port or 0)
        way.start()
        yield way
        way.stop()


@pytest.fixture(scope="module")
def booted(context: BrowserContext, proxy: FaultProxy) -> Iterator[tuple[Page, Guard]]:
    """A page that nobody tells what its backend speaks."""
    page = context.new_page()
    guard = Guard(page)
    guard.allowed = ["Failed to load resource", "ERR_"]
    boot(page, f"http://127.0.0.1:{proxy.port}/?protocol=auto")
    page.locator('#canvas [data-node-id="agent"]').wait_for()
    yield page, guard
    assert guard.loads == 1, "the page was loaded more than once"
    page.close()


@pytest.fixture
def page(booted: tuple[Page, Guard]) -> Iterator[Page]:
    yield from as_new(*booted)


def test_an_agent_thinks_works_asks_and_goes_on(page: Page) -> None:
    """Its thoughts, the arguments as they streamed, the step on a canvas that unfolds, the state it ends with."""
    row = play(page, "A note on lanes")
    card = page.locator("#interactions [data-requirement-id]")
    expect(row).to_have_attribute("data-status", "paused", timeout=LONG_MS)
    expect(page.locator('#canvas [data-node-id="agent"] [data-node-id="survey"]')).to_be_visible()
    expect(card).to_contain_text("A note on lanes")
    card.locator("[data-action=approve]").click()
    is_over(row)
    page.locator("#chat [data-kind=text]", has_text="is published").wait_for(state="attached")
    expect(page.locator("#chat [aria-busy=true]")).to_have_count(0)
    assert [len(said(page, kind)) for kind in ("text", "reasoning", "tool")] == [2, 1, 2]
    page.locator('#canvas [data-node-id="agent"] > .node-head').click()
    page.locator("#side-tabs [aria-controls=panel-details]").click()
    expect(page.locator("#details")).to_contain_text("published")


def test_a_person_says_no(page: Page) -> None:
    row = play(page, "A note on nothing")
    card = page.locator("#interactions [data-requirement-id]")
    card.wait_for(timeout=LONG_MS)
    card.locator("textarea").fill("Not like this.")
    card.locator("[data-action=reject]").click()
    is_over(row)
    page.locator("#chat [data-kind=text]", has_text="Not like this.").wait_for(state="attached")


def test_a_call_is_done_by_a_person(page: Page) -> None:
    row = play(page, "elsewhere, please")
    card = page.locator("#interactions [data-requirement-id]")
    card.wait_for(timeout=LONG_MS)
    card.locator("textarea").fill("in Gent")
    card.locator("[data-action=submit]").click()
    is_over(row)
    page.locator("#chat [data-kind=text]", has_text="You are in Gent.").wait_for(state="attached")


def test_two_hundred_calls(page: Page) -> None:
    row = play(page, "tools 200")
    is_over(row)
    page.locator("#side-tabs [aria-controls=panel-chat]").click()
    expect(page.locator("#chat [data-kind=tool]")).to_have_count(200)
    page.locator("#chat [data-kind=text]", has_text="Called 200 times.").wait_for(state="attached")


def test_runs_do_not_mix(page: Page) -> None:
    """Each has what it said alone, whichever is in front, also while another one waits for a person."""
    first = play(page, "tools 3")
    is_over(first)
    second = play(page, "elsewhere again")
    expect(second).to_have_attribute("data-status", "paused", timeout=LONG_MS)
    assert not any("Called" in text for text in said(page))
    first.click()
    page.locator("#chat [data-kind=text]", has_text="Called 3 times.").wait_for()
    assert page.locator('#interactions [data-front="true"]').count() == 0
    second.click()
    page.locator("#stop").click()
    is_over(second, "killed")


THOUGHT, FIGURES = "First the figures, then leave to publish.", "Here are the figures."


def two_at_once(page: Page) -> list[Locator]:
    """The rows of two runs that think and write piece by piece, at the same time.

    Play is there while the run in front is over.
    """
    is_over(done := play(page, "tools 1"))
    rows = []
    for title in ("slow note on Ada", "slow note on Grace"):
        done.click()
        rows.append(play(page, title))
        page.locator("#chat [data-kind=reasoning]").wait_for(state="attached", timeout=LONG_MS)
    return rows


def has_only(page: Page, row: Locator, title: str) -> None:
    """A run that asks for leave: what it said, whole and once, and nothing of another."""
    expect(row).to_have_attribute("data-status", "paused", timeout=LONG_MS)
    row.click()
    expect(row).to_have_attribute("aria-current", "true")
    expect(page.locator("#chat [data-kind=text]")).to_have_text([re.compile(FIGURES)])
    expect(page.locator("#chat [data-kind=reasoning]")).to_have_text([re.compile(THOUGHT)])
    expect(page.locator('#interactions [data-front="true"]')).to_contain_text(title)


def test_two_runs_at_once_do_not_mix(page: Page) -> None:
    """Both stream at the same time, piece by piece in turn; each goes on with its own answer."""
    ada, grace = two_at_once(page)
    assert [row.get_attribute("data-status") for row in (ada, grace)] == ["executing"] * 2
    has_only(page, ada, "note on Ada")
    has_only(page, grace, "note on Grace")
    for row, title in ((ada, "Ada"), (grace, "Grace")):
        row.click()
        page.locator('#interactions [data-front="true"]', has_text=title).locator("[data-action=approve]").click()
        is_over(row)
        page.locator("#chat [data-kind=text]", has_text=f"“slow note on {title}” is published").wait_for()
        assert [FIGURES in text for text in said(page)] == [True, False]


def test_one_of_two_is_cut_and_the_other_goes_on(page: Page, proxy: FaultProxy) -> None:
    """The one that is cut is lost and said to be; run again, it is a run of its own. Nothing of it is in the other."""
    ada, grace = two_at_once(page)
    proxy.cut_where(b"on Grace")
    expect(grace).to_have_attribute("data-status", "unverified", timeout=LONG_MS)
    expect(page.locator("#notices")).to_contain_text("cannot tell again")
    known = page.locator("#runs [data-run-id]").count()
    page.locator("#run-head [data-run-again]").click()
    expect(page.locator("#runs [data-run-id]")).to_have_count(known + 1)
    expect(grace).not_to_have_attribute("aria-current", "true")
    again = page.locator("#runs [aria-current=true]")
    run_id = again.get_attribute("data-run-id")
    has_only(page, ada, "note on Ada")
    has_only(page, page.locator(f'#runs [data-run-id="{run_id}"]'), "note on Grace")
    expect(page.locator("#connection")).to_have_attribute("data-state", "open")
    expect(grace).to_have_attribute("data-status", "unverified")
    grace.click()
    expect(page.locator("#chat [data-kind=reasoning]")).to_have_count(1)
    expect(page.locator('#interactions [data-front="true"]')).to_have_count(0)


def test_a_run_that_fails_says_why(page: Page) -> None:
    is_over(play(page, "fail"), "error")
    expect(page.locator('#node-output [data-node-id="agent"]')).to_contain_text("The model is not there today.")


def test_a_run_is_stopped(page: Page) -> None:
    """The page lets go of its stream."""
    row = play(page, "slow note")
    page.locator("#chat [data-kind=reasoning]").wait_for(state="attached", timeout=LONG_MS)
    page.locator("#stop").click()
    is_over(row, "killed")
    assert page.locator("#canvas .executing").count() == 0


def test_a_stream_that_is_cut_is_said_to_be_lost(page: Page, proxy: FaultProxy) -> None:
    """AG-UI tells nothing again: the run is unverified, that is said, and another one can be run."""
    row = play(page, "slow note")
    page.locator("#chat [data-kind=reasoning]").wait_for(state="attached", timeout=LONG_MS)
    proxy.cut()
    expect(row).to_have_attribute("data-status", "unverified", timeout=LONG_MS)
    expect(page.locator("#notices")).to_contain_text("cannot tell again", timeout=LONG_MS)
    page.locator("#unlock").click()
    is_over(play(page, "tools 2"))
    expect(row).to_have_attribute("data-status", "unverified")


def test_the_same_of_agno(context: BrowserContext, proxy: FaultProxy) -> None:
    """Its pauses are of one kind over AG-UI: one card serves to confirm, and to fill in."""
    page = context.new_page()
    guard = Guard(page)
    guard.allowed = ["Failed to load resource"]
    base = f"http://127.0.0.1:{proxy.port}"
    boot(page, f"{base}/?protocol=ag-ui&api={base}/backend/clerk/agui")
    page.locator('#canvas [data-node-id="agent"]').wait_for()
    row = play(page, "A note on lanes")
    card = page.locator("#interactions [data-requirement-id]")
    card.locator("[name=accepted]").check(timeout=LONG_MS)
    card.locator("[data-action=submit]").click()
    sign = page.locator('#interactions [data-requirement-id*="sign"]')
    sign.locator("[name=values]").fill('{"author": "Ada"}', timeout=LONG_MS)
    sign.locator("[data-action=submit]").click()
    is_over(row)
    page.locator("#chat [data-kind=text]", has_text="signed by Ada").wait_for(state="attached")
    expect(page.locator('#canvas [data-node-id="agent"]')).to_contain_text("Clerk")
    guard.check()
    page.close()
