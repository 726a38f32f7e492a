"""While Python is on its way: the socket is open already, and what a person pressed is not lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from pyapp.settings import read_settings

from .conftest import MAIN, Guard, hold
from .scripted_portal import ScriptedPortal

MOST = 2_000
"""Frames that are kept, as web/js/early.mjs has it."""
ADDRESSES = """async ([query, portal, page]) => {
  const { addresses } = await import("/web/js/early.mjs");
  return addresses(query, portal, page);
}"""
LOCAL, DEPLOYED = "http://127.0.0.1:8000/", "https://flows.example/page/"
ORIGINS = {"origins": ["https://portal.example"]}
TAKEN: list[tuple[str, dict[str, Any], str]] = [
    ("?ws=ws://127.0.0.1:9/ws&api=http://localhost:9/api", {}, LOCAL),
    ("?ws=/ws", {}, DEPLOYED),
    ("", {"ws": "/ws", "api": "/api"}, DEPLOYED),
    ("", {"ws": "wss://portal.example/ws", "api": "https://portal.example/api/", **ORIGINS}, DEPLOYED),
    ("?ws=https://portal.example/ws", ORIGINS, DEPLOYED),
    ("?ws=wss://PORTAL.example:443/ws&protocol=portal", ORIGINS, DEPLOYED),
    ("?ws=/other", {"ws": "wss://portal.example/ws"}, DEPLOYED),
]
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("?ws=wss://evil.example/ws", ORIGINS, DEPLOYED),
    ("?ws=ws://portal.example/ws", ORIGINS, DEPLOYED),
    ("?ws=wss://portal.example:8443/ws", ORIGINS, DEPLOYED),
    ("?ws=wss://sub.portal.example/ws", ORIGINS, DEPLOYED),
    ("?ws=ws://127.0.0.1:9/ws", {}, DEPLOYED),
    ("?ws=ftp://127.0.0.1:9/ws", {}, LOCAL),
    ("?ws=javascript:alert(1)", {}, LOCAL),
    ("?ws=", {"ws": "/ws"}, DEPLOYED),
    ("", {}, LOCAL),
]


def open_held(page: Page, address: str) -> Route:
    """Load the page up to the moment at which its Python would begin."""
    held: list[Route] = []
    hold(page, MAIN, held)
    page.goto(address)
    expect(page.locator("#splash-stage")).to_have_text("Starting the app", timeout=60_000)
    while not held:
        page.wait_for_timeout(20)  # polling for what the route hears
    return held[0]


def begin(page: Page, held: Route) -> None:
    held.continue_()
    page.locator("html[data-app=ready]").wait_for(timeout=60_000)


def test_what_comes_before_python_is_heard_by_it(fresh: Page, site: str, portal: ScriptedPortal) -> None:
    """In order, over the one socket; what comes later, too."""
    guard = Guard(fresh)
    before = portal.connections
    held = open_held(fresh, f"{site}/{portal.query}")
    portal.wait_connected(1)
    portal.send({"event": "run_start", "run_id": "early", "flow_id": "demo", "seq": 0})
    for number in range(100):
        portal.send({"event": "start_node", "run_id": "early", "node_id": "n0", "order": number, "seq": 2 * number + 1})
        portal.send(
            {"event": "end_node", "run_id": "early", "node_id": "n0", "order": number, "status": "success",
             "seq": 2 * number + 2},
        )  # fmt: skip
    assert fresh.locator("html").get_attribute("data-app") == "booting"
    begin(fresh, held)
    expect(fresh.locator('#inspector [data-metric="handled"]')).to_have_text("201")
    portal.send({"event": "start_node", "run_id": "early", "node_id": "n1", "order": 100, "seq": 201})
    expect(fresh.locator('#canvas [data-node-id="n1"].executing')).to_be_visible()
    for metric in ("gap", "duplicate", "failed"):
        expect(fresh.locator(f'#inspector [data-metric="{metric}"]')).to_have_text("0")
    expect(fresh.locator("#connection")).to_have_attribute("data-state", "open")
    assert portal.connections == before + 1
    guard.check()


def test_more_than_is_kept_is_left_to_python(fresh: Page, site: str, portal: ScriptedPortal) -> None:
    """The early socket is closed and forgotten; the page connects by itself and asks what it missed."""
    portal.forget()
    guard = Guard(fresh)
    before = portal.connections
    held = open_held(fresh, f"{site}/{portal.query}")
    portal.wait_connected(1)
    for _ in range(MOST + 1):
        portal.send({"type": "ping"})
    begin(fresh, held)
    expect(fresh.locator("#connection")).to_have_attribute("data-state", "open")
    assert portal.connections == before + 2
    guard.check()


@pytest.mark.tree("loads a module by its name in the tree")
@pytest.mark.parametrize("case", [*TAKEN, *REFUSED], ids=lambda case: case[0] or str(case[1].get("ws")))
def test_no_address_that_python_would_refuse(fresh: Page, site: str, case: tuple[str, dict[str, Any], str]) -> None:
    """The very same ones, by the same rules."""
    query, portal, page_url = case
    fresh.goto(f"{site}/docs/contract.md")
    found = fresh.evaluate(ADDRESSES, [query, portal, page_url])
    settings = read_settings(query, portal, page_url)
    assert bool(found["ws"]) == bool(settings.ws) == (case in TAKEN)
    assert found["ws"] == settings.ws.replace("PORTAL.example:443", "portal.example")
    assert found["api"] == settings.api


@pytest.mark.tree("loads a module by its name in the tree")
@pytest.mark.parametrize("query", ["&replay=/web/recordings/linear.ndjson", "&protocol=agno"])
def test_none_where_none_is_wanted(fresh: Page, site: str, query: str) -> None:
    fresh.goto(f"{site}/docs/contract.md")
    asked = [f"?ws=ws://127.0.0.1:9/ws{query}", {}, LOCAL]
    assert fresh.evaluate(ADDRESSES, asked) == {"ws": "", "api": ""}


def test_play_is_not_lost(fresh: Page, site: str, portal: ScriptedPortal) -> None:
    """Pressed while there is no Python yet: the button says so, and the flow runs once."""
    portal.forget()
    guard = Guard(fresh)
    held = open_held(fresh, f"{site}/{portal.query}")
    play = fresh.locator("#splash-play")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(play).to_have_text("Plays as soon as it is ready")
    begin(fresh, held)
    expect(fresh.locator("#runs [data-run-id]")).to_have_count(1)
    portal.send({"event": "run_start", "run_id": "run-1", "flow_id": "demo", "seq": 0})
    portal.send({"event": "run_end", "run_id": "run-1", "seq": 1})
    expect(fresh.locator("#runs [data-status=success]")).to_have_count(1)
    expect(fresh.locator("#play")).to_be_enabled()
    assert len(portal.inputs) == 1
    guard.check()
