"""A real agent of LangGraph that asks by `on_interrupt`, as it comes, and the page in Chromium before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import flowglow
from devserver.agno_os import serving
from e2e.conftest import Guard
from e2e.foreign_page import LONG_MS, is_over, play, said

from .environments import environment, running_apart

AGENT = Path(__file__).with_name("langgraph_agent.py")
NEEDS = ("ag-ui-langgraph==0.0.47", "langgraph==1.2.24", "fastapi", "uvicorn")
READY_MS = 60_000


@pytest.fixture(scope="module")
def address(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page's, which passes on what it asks: the agent lets no other origin ask it."""
    python = environment(tmp_path_factory.mktemp("langgraph") / "venv", *NEEDS)
    with ExitStack() as held:
        agent = held.enter_context(running_apart([python, AGENT], AGENT.parent))
        page = flowglow.page(api=f"{agent}/agent", protocol="ag-ui", through=True, site=dist)
        yield f"http://{held.enter_context(serving(page))}/"


@pytest.mark.parametrize(("action", "answer"), [("approve", "You said: True."), ("reject", "You said: False.")])
def test_it_asks_and_goes_on_with_the_answer(fresh: tuple[Page, Guard], address: str, action: str, answer: str) -> None:
    page = opened(fresh, address)
    row = play(page, "Clean up")
    expect(row).to_have_attribute("data-status", "paused", timeout=LONG_MS)
    card = page.locator("#interactions [data-requirement-id]")
    expect(card).to_contain_text("Delete 3 files?")
    card.locator(f"[data-action={action}]").click()
    is_over(row)
    assert answer in said(page)[-1]


def test_two_that_ask_at_once_are_answered_together(fresh: tuple[Page, Guard], address: str) -> None:
    page = opened(fresh, address)
    row = play(page, "Clean up two")
    cards = page.locator("#interactions [data-requirement-id]")
    expect(cards).to_have_count(2, timeout=LONG_MS)
    cards.filter(has_text="Why?").locator("textarea").fill("They are old")
    cards.filter(has_text="Why?").locator("[data-action=submit]").click()
    cards.filter(has_text="Delete").locator("[data-action=approve]").click()
    is_over(row)
    told = " ".join(said(page))
    assert "You said: True." in told and "And that: They are old." in told


def opened(fresh: tuple[Page, Guard], address: str) -> Page:
    page, guard = fresh
    guard.allowed = [" 405 "]  # whether an end point is there is asked by GET
    page.goto(address)
    page.locator("html[data-app=ready]").wait_for(timeout=READY_MS)
    page.locator('#canvas [data-node-id="agent"]').wait_for()
    return page
