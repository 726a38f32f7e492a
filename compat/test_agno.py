"""Agno of three versions, for real: what it streams of every shape, and the page in Chromium before its AgentOS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Guard
from pyapp.protocols.agno.table import EVENTS
from tests.test_agno_recordings import UNENDED, check_run, check_table

from .agno import VERSIONS, event_names, page_and_agentos, record

Json = dict[str, Any]
EVERY = pytest.mark.parametrize("version", VERSIONS)


@EVERY
def test_every_event_of_this_version_has_its_row(version: str) -> None:
    assert event_names(version) <= set(EVENTS)


@EVERY
def test_what_it_streams_now_becomes_the_runs_that_they_are(version: str, tmp_path: Path) -> None:
    """Every shape, over its own SSE and socket."""
    lines = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in record(version, tmp_path).iterdir()}
    found = {name: [json.loads(line) for line in each] for name, each in lines.items()}
    assert len(found) >= 12
    for name, raw in found.items():
        check_run(raw, ends=not f"{version}/{name}".endswith(UNENDED))
        check_table(raw)


@pytest.fixture(scope="module", params=VERSIONS)
def backend(request: pytest.FixtureRequest, built: None) -> Iterator[tuple[str, str]]:
    """A version, and the page beside its AgentOS."""
    with page_and_agentos(request.param) as url:
        yield request.param, url


@pytest.fixture
def page(backend: tuple[str, str], fresh: tuple[Page, Guard]) -> Page:
    """A new page; what an old AgentOS does not have it is asked for once."""
    page, guard = fresh
    guard.allowed += [r"status of 404"] if backend[0] != "3.1" else []
    return page


def play(page: Page, url: str, flow: str) -> None:
    """Open the page with a flow, and start a run of it."""
    page.goto(f"{url}/?flow={flow}")
    page.locator("html[data-app=ready]").wait_for(timeout=90_000)
    page.locator("#connection[data-state=open]").wait_for(timeout=60_000)
    page.locator("#run-input textarea, textarea#run-input").first.fill("Go")
    page.locator("#play").click()


def ends(page: Page, status: str) -> None:
    run = page.locator("#runs [data-run-id][aria-current=true]")
    expect(run).to_have_attribute("data-status", status, timeout=60_000)


@pytest.mark.parametrize(
    ("flow", "status", "nodes"),
    [
        ("workflows/flow_groups", "success", 14),
        ("workflows/flow_team", "success", 5),
        ("teams/team_nested", "success", 4),
        ("agents/agent_many_tools", "success", 1),
        ("agents/agent_error", "error", 1),
    ],
)
def test_the_page_shows_a_run(backend: tuple[str, str], page: Page, flow: str, status: str, nodes: int) -> None:
    """Its end, and an entry for each node."""
    play(page, backend[1], flow)
    ends(page, status)
    expect(page.locator("#node-output [data-node-id][data-status]")).to_have_count(nodes)
    if flow.endswith("many_tools"):
        expect(page.locator("#chat [data-kind=tool]")).to_have_count(200)


@pytest.mark.parametrize("flow", ["agents/agent_tools", "workflows/flow_groups"])
def test_the_page_says_what_this_version_cannot_do(backend: tuple[str, str], page: Page, flow: str) -> None:
    """In a notice and in the diagnostics; of a version that can do it all, nothing."""
    play(page, backend[1], flow)
    ends(page, "success")
    old = backend[0] == "2.2"
    expect(page.locator("#notices", has_text="Agno 2.2 or older")).to_have_count(1 if old else 0)
    page.locator("#diagnostics-toggle").click()
    expect(page.locator("#inspector [data-limit]")).to_have_count(2 if old else 0)


@pytest.mark.parametrize("flow", ["agents/agent_cancel_middle", "workflows/flow_cancel_middle"])
def test_stop_ends_a_run(backend: tuple[str, str], page: Page, flow: str) -> None:
    """What it had said stays."""
    play(page, backend[1], flow)
    said = page.locator("#chat [data-kind=text]")
    said.last.wait_for(state="attached", timeout=60_000)
    page.locator("#stop").click()
    ends(page, "killed")
    expect(said.last).to_contain_text("Blah.")


@pytest.mark.parametrize(
    ("flow", "cards"), [("workflows/flow_agent_pause", 1), ("workflows/flow_team_pause", 1), ("teams/team_pause", 2)]
)
def test_a_pause_is_answered(backend: tuple[str, str], page: Page, flow: str, cards: int) -> None:
    """In a step, by a member of a team in a step, by two members of a team: then the run goes on to its end."""
    version, url = backend
    if version == "2.2":
        pytest.skip("a workflow or a team cannot wait for a person before 2.9")
    play(page, url, flow)
    open_cards = page.locator("#interactions [data-requirement-id][data-state=open]")
    expect(open_cards).to_have_count(cards, timeout=60_000)
    for left in range(cards, 0, -1):
        expect(open_cards).to_have_count(left)
        open_cards.first.locator("[data-action=approve]").click()
    ends(page, "success")


def test_a_workflow_that_nobody_here_can_tell_to_go_on_says_so(backend: tuple[str, str], page: Page) -> None:
    """A step failed, and its workflow waits: an AgentOS cannot be told whether it is tried again or passed over."""
    version, url = backend
    if version == "2.2":
        pytest.skip("a workflow cannot wait for a person before 2.9")
    play(page, url, "workflows/flow_error_pause")
    ends(page, "paused")
    said = "The step bad failed (The step cannot work.), and its workflow waits to be told"
    expect(page.locator("#notices")).to_contain_text(said)
    expect(page.locator("#inspector [data-limit='agno.stuck']")).to_have_count(1)


def test_a_page_that_comes_back_shows_the_run(backend: tuple[str, str], page: Page) -> None:
    """A new page asks the AgentOS for what it had missed, where that can tell it."""
    version, url = backend
    if version == "2.2":
        pytest.skip("it tells no run again")
    play(page, url, "workflows/flow_agent_pause")
    page.locator("#interactions [data-requirement-id][data-state=open]").wait_for(timeout=60_000)
    page.reload()
    page.locator("html[data-app=ready]").wait_for(timeout=90_000)
    page.locator("#interactions [data-requirement-id][data-state=open] [data-action=approve]").click(timeout=60_000)
    ends(page, "success")
