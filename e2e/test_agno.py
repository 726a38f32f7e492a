"""A real AgentOS behind the page, over a bad network: workflows over its socket, agents and teams over streams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import Guard, boot
from .devserver import running_devserver
from .events import metric
from .fault_proxy import FaultProxy
from .foreign_page import LONG_MS, as_new, is_over, play, said
from .site import ROOT

QUESTION = "How does a lane keep a failing handler away?"


class AgentOS:
    """The server, behind a proxy that the page reaches it by; it can be stopped and begun again, with nothing kept."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self.proxy = FaultProxy(self._begin())
        self.proxy.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}/"

    def restart(self) -> None:
        self._running.close()
        self.proxy.cut()
        self.proxy.lead_to(self._begin())

    def stop(self) -> None:
        self.proxy.stop()
        self._running.close()

    def _begin(self) -> int:
        address = self._running.enter_context(running_devserver(ROOT, "--backend", "agno"))
        return urlsplit(address).port or 0


@pytest.fixture(scope="module")
def agentos(built: None) -> Iterator[AgentOS]:
    pytest.importorskip("agno")
    server = AgentOS()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def booted(context: BrowserContext, agentos: AgentOS) -> Iterator[tuple[Page, Guard]]:
    page = context.new_page()
    guard = Guard(page)
    guard.allowed = ["WebSocket connection", "Failed to load resource", "ERR_"]
    boot(page, agentos.address)
    page.locator("#connection[data-state=open]").wait_for()
    page.locator("#flow-select option").nth(3).wait_for(state="attached")
    yield page, guard
    assert guard.loads == 1, "the page was loaded more than once"
    page.close()


@pytest.fixture
def page(booted: tuple[Page, Guard]) -> Iterator[Page]:
    yield from as_new(*booted)


def play_flow(page: Page, flow: str, words: str = QUESTION) -> Locator:
    """Start a run of a flow, once it is on the canvas; its row."""
    page.locator("#flow-select").select_option(flow)
    named = page.locator("#flow-select option:checked").inner_text()
    expect(page.locator("#run-head .run-head-name")).to_have_text(named)
    return play(page, words)


def test_a_workflow_runs_over_the_socket_and_goes_on_behind_a_cut(page: Page, agentos: AgentOS) -> None:
    """Every connection is reset while the last agent writes: nothing is lost, and nothing comes twice."""
    row = play_flow(page, "workflows/agno")
    page.locator('#node-output [data-node-id="search"]').wait_for(state="attached", timeout=LONG_MS)
    agentos.proxy.cut()
    is_over(row)
    expect(page.locator("#connection")).to_have_attribute("data-state", "open")
    page.locator("#side-tabs [aria-controls=panel-chat]").click()
    expect(page.locator("#chat [data-kind=text]", has_text="bear on the question")).to_have_count(1)
    written = [text for text in said(page) if "bear on the question" in text]
    passages = int(re.findall(r"(\d+) passages", written[0])[0])
    assert page.locator("#chat [data-kind=text]").last.locator("li").count() == passages
    assert metric(page, "gap") == 0
    expect(page.locator("#inspector [data-limit]")).to_have_count(0)


def test_two_runs_at_once_do_not_mix_and_a_team_goes_on_behind_a_cut(page: Page, agentos: AgentOS) -> None:
    """One over a stream and one over the socket, cut together."""
    team = play_flow(page, "teams/team", "Who keeps a lane of its own?")
    workflow = play_flow(page, "workflows/agno")
    page.locator("#chat [data-message-id]").first.wait_for(state="attached", timeout=LONG_MS)
    agentos.proxy.cut()
    is_over(team)
    is_over(workflow)
    assert not any("were found by 2 members" in text for text in said(page))
    team.click()
    page.locator("#chat [data-kind=text]", has_text="were found by 2 members").wait_for()
    assert sum("were found by 2 members" in text for text in said(page)) == 1
    assert not any("bear on the question" in text for text in said(page))


def test_an_agent_asks_and_goes_on_with_the_answers(page: Page) -> None:
    """Leave first, then a value; each answer goes on with the same run, over a stream of its own."""
    row = play_flow(page, "agents/clerk", "A note on lanes")
    card = page.locator("#interactions [data-requirement-id]")
    expect(row).to_have_attribute("data-status", "paused", timeout=LONG_MS)
    card.locator("[data-action=approve]").click()
    card.locator("[name=text]").fill("Lanes")
    card.locator("[name=author]").fill("Ada")
    card.locator("[data-action=submit]").click()
    is_over(row)
    assert any("signed by Ada" in text for text in said(page))


def test_an_answer_from_a_window_that_is_behind_is_not_taken_for_the_next_question(page: Page) -> None:
    """Agno takes it for whatever it asks by then: what one window rejects would have been what another was asked."""
    row = play_flow(page, "agents/clerk", "A note on windows")
    expect(row).to_have_attribute("data-status", "paused", timeout=LONG_MS)
    other = page.context.new_page()
    boot(other, page.url)
    late = other.locator("#interactions [data-action=reject]")
    expect(late).to_be_enabled(timeout=LONG_MS)
    page.locator("#interactions [data-action=approve]").click()
    page.locator("#interactions [name=author]").wait_for()
    late.click()
    other.locator("#interactions [name=author]").wait_for(timeout=LONG_MS)
    other.close()
    page.locator("#interactions [name=text]").fill("Windows")
    page.locator("#interactions [name=author]").fill("Ada")
    page.locator("#interactions [data-action=submit]").click()
    is_over(row)
    assert any("signed by Ada" in text for text in said(page))


@pytest.mark.parametrize("flow", ["workflows/agno", "teams/team"])
def test_a_run_is_cancelled(page: Page, flow: str) -> None:
    row = play_flow(page, flow)
    expect(row).to_have_attribute("data-status", "executing", timeout=LONG_MS)
    page.locator("#stop").click()
    is_over(row, "killed")


def test_a_run_that_waits_is_stopped_once_it_is_answered_and_the_page_says_so(page: Page) -> None:
    row = play_flow(page, "agents/clerk", "A note on nothing")
    expect(row).to_have_attribute("data-status", "paused", timeout=LONG_MS)
    page.locator("#stop").click()
    expect(page.locator("#notices")).to_contain_text("reject what it asks")
    expect(page.locator("#stop")).to_be_enabled()
    page.locator("#interactions [data-action=reject]").click()
    is_over(row, "killed")
    expect(page.locator("#notices")).not_to_contain_text("reject")


def test_a_server_that_forgot_a_run_says_so_and_the_next_one_runs(page: Page, agentos: AgentOS) -> None:
    """It begins again with nothing kept: the page comes back by itself, and does not pretend."""
    row = play_flow(page, "workflows/agno")
    expect(row).to_have_attribute("data-status", "executing", timeout=LONG_MS)
    agentos.restart()
    expect(page.locator("#notices")).to_contain_text("cannot tell again", timeout=LONG_MS)
    expect(page.locator("#connection")).to_have_attribute("data-state", "open", timeout=LONG_MS)
    expect(row).to_have_attribute("data-status", "unverified", timeout=LONG_MS)
    next_row = play_flow(page, "teams/team", "Who keeps a lane of its own?")
    is_over(next_row)
