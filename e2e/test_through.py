"""A real AgentOS as it comes, which allows no page of another origin, and the page that `flowglow.page()` serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import flowglow

from .deployed import build_quietly
from .foreign_page import is_over, play, said

READY_MS = 60_000


class Beside:
    """The AgentOS, and pages beside it on ports of their own."""

    def __init__(self, site: Path) -> None:
        from devserver.agno_os import build, serving

        self._site = site
        self._running = ExitStack()
        self._serving = serving
        self.address = f"http://{self._running.enter_context(serving(build()))}"

    def page(self, *, through: bool) -> str:
        page = flowglow.page(api=self.address, protocol="agno", through=through, site=self._site)
        return f"http://{self._running.enter_context(self._serving(page))}/"

    def stop(self) -> None:
        self._running.close()


@pytest.fixture(scope="module")
def agentos(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    pytest.importorskip("agno")
    beside = Beside(build_quietly(tmp_path_factory.mktemp("site") / "dist"))
    yield beside
    beside.stop()


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("html[data-app=ready]").wait_for(timeout=READY_MS)
    return page


def test_nothing_is_changed_at_an_agentos_whose_page_is_served_with_through(fresh: Page, agentos: Beside) -> None:
    """Runs over streams and over the socket, both by way of the page's own server."""
    elsewhere = []
    fresh.on("request", lambda asked: elsewhere.append(asked.url) if agentos.address in asked.url else None)
    opened(fresh, agentos.page(through=True))
    expect(fresh.locator("#connection")).to_have_attribute("data-state", "open")
    for flow in ("agents/agent_tools", "workflows/flow_groups"):
        fresh.locator("#flow-select").select_option(flow)
        expect(fresh.locator("#run-head .run-head-name")).to_have_text(flow.partition("/")[2], ignore_case=True)
        is_over(play(fresh, "Hello"))
        assert said(fresh)
    assert elsewhere == []


def test_without_it_the_page_says_what_the_agentos_does_not_allow(fresh: Page, agentos: Beside) -> None:
    opened(fresh, agentos.page(through=False))
    expect(fresh.locator("#notices")).to_contain_text("CORS", timeout=10_000)
