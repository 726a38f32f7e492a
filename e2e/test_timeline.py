"""The visual timeline T0–T7 of the contract, step by step, with the browser's clock in our hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import Guard, boot
from .events import classes
from .scripted_portal import ScriptedPortal


@pytest.fixture(scope="module")
def booted(apart: BrowserContext, site: str, portal: ScriptedPortal) -> Iterator[tuple[Page, Guard]]:
    """As the common one, with a clock that stands still after the boot."""
    page = apart.new_page()
    guard = Guard(page)
    page.clock.install()
    boot(page, f"{site}/{portal.query}")
    portal.wait_connected(1)
    page.locator('#canvas [data-node-id="n0"]').wait_for()
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 60))
    yield page, guard
    page.close()


FRAME_MS = 16
"""The browser's clock is in our hands, and with it the frames: each of these draws what is waiting."""


def handled(page: Page) -> int:
    """How many events the page has handled, drawn or not."""
    return int(page.evaluate("() => probe.handled()"))


def wait_handled(page: Page, count: int) -> None:
    """Wait until the page has handled this many events in all, then let it draw: FRAME_MS of its time pass."""
    for _ in range(2_000):
        if handled(page) >= count:
            break
        page.wait_for_timeout(10)  # a state that only Python knows
    assert handled(page) == count
    page.clock.run_for(FRAME_MS)


def badge(page: Page, node: str) -> tuple[str, str] | None:
    """Text and status of a node's only badge."""
    found = page.locator(f'#canvas [data-node-id="{node}"] .execution-order')
    if found.count() == 0:
        return None
    assert found.count() == 1
    return found.text_content() or "", found.get_attribute("data-status") or ""


def test_the_whole_timeline(page: Page, portal: ScriptedPortal) -> None:
    """Each step shows exactly what the contract says, no earlier and no later."""
    start = handled(page)
    editor = page.locator("#editor")

    portal.send({"event": "run_start", "run_id": "a", "seq": 0, "entity_name": "Nightly"})  # T0
    wait_handled(page, start + 1)
    assert classes(page, "n0") == set()
    expect(editor).to_have_attribute("data-locked", "true")
    expect(page.locator("#play")).to_be_disabled()
    expect(page.locator('#runs [data-run-id="a"]')).to_have_attribute("data-status", "executing")

    portal.send({"event": "start_node", "run_id": "a", "seq": 1, "node_id": "n0", "order": 0})  # T1
    wait_handled(page, start + 2)
    assert classes(page, "n0") == {"executing"}
    assert badge(page, "n0") == ("1", "executing")

    page.clock.run_for(300 - FRAME_MS)
    portal.send({"event": "start_tool", "run_id": "a", "seq": 2, "node_id": "n0", "tool_name": "search"})  # T2
    wait_handled(page, start + 3)
    assert classes(page, "n0") == {"executing", "executing-tool"}

    page.clock.run_for(300 - FRAME_MS)
    portal.send({"event": "end_tool", "run_id": "a", "seq": 3, "node_id": "n0", "tool_name": "search"})  # T3
    wait_handled(page, start + 4)
    page.clock.run_for(1690 - FRAME_MS)
    assert "executing-tool" in classes(page, "n0"), "the tool is shown for 2 s"
    page.clock.run_for(20)
    assert classes(page, "n0") == {"executing"}

    portal.send({"event": "end_node", "run_id": "a", "seq": 4, "node_id": "n0", "order": 0, "status": "success"})  # T4
    wait_handled(page, start + 5)
    assert classes(page, "n0") == {"executed-success"}, "executing had been shown long enough"
    assert badge(page, "n0") == ("1", "success")

    portal.send({"event": "start_node", "run_id": "a", "seq": 5, "node_id": "n1", "order": 1})  # T5
    wait_handled(page, start + 6)
    assert classes(page, "n1") == {"executing"}
    page.clock.run_for(200 - FRAME_MS)
    portal.send({"event": "end_node", "run_id": "a", "seq": 6, "node_id": "n1", "order": 1, "status": "error"})  # T6
    wait_handled(page, start + 7)
    assert badge(page, "n1") == ("2", "error"), "the badge changes at once"
    assert classes(page, "n1") == {"executing"}, "the glow stays for 500 ms"
    page.clock.run_for(290 - FRAME_MS)
    assert classes(page, "n1") == {"executing"}
    page.clock.run_for(20)
    assert classes(page, "n1") == {"executed-error"}
    assert classes(page, "n0") == {"executed-success"}, "earlier borders stay"

    portal.send(
        {"event": "start_node", "run_id": "a", "seq": 7, "node_id": "n2", "order": 2},
        {"event": "start_tool", "run_id": "a", "seq": 8, "node_id": "n2", "tool_name": "search"},
        {"event": "end_node", "run_id": "a", "seq": 9, "node_id": "n2", "order": 2, "status": "killed"},
    )
    wait_handled(page, start + 10)
    assert classes(page, "n2") == {"executing", "executing-tool"}

    portal.send({"event": "run_end", "run_id": "a", "seq": 10, "status": "success"})  # T7
    wait_handled(page, start + 11)
    for node in ("n0", "n1", "n2", "n3"):
        assert classes(page, node) == set(), "every glow and border is gone at once"
    page.clock.run_for(5_000)
    for node in ("n0", "n1", "n2", "n3"):
        assert classes(page, node) == set(), "whatever timers were pending"
    assert [badge(page, node) for node in ("n0", "n1", "n2")] == [("1", "success"), ("2", "error"), ("3", "killed")]
    expect(editor).to_have_attribute("data-locked", "false")
    expect(page.locator("#play")).to_be_enabled()
    expect(page.locator('#runs [data-run-id="a"]')).to_have_attribute("data-status", "success")
    assert [each.get_attribute("data-status") for each in page.locator("#node-output [data-node-id]").all()] == [
        "success",
        "error",
        "killed",
    ]


def test_a_second_start_cancels_the_pending_end(page: Page, portal: ScriptedPortal) -> None:
    """A node that starts again within its 500 ms keeps glowing."""
    start = handled(page)
    portal.send(
        {"event": "start_node", "run_id": "b", "seq": 0, "node_id": "n0", "order": 0},
        {"event": "end_node", "run_id": "b", "seq": 1, "node_id": "n0", "order": 0, "status": "success"},
    )
    wait_handled(page, start + 2)
    page.clock.run_for(100 - FRAME_MS)
    portal.send({"event": "start_node", "run_id": "b", "seq": 2, "node_id": "n0", "order": 1})
    wait_handled(page, start + 3)
    page.clock.run_for(2_000)
    assert classes(page, "n0") == {"executing"}
    assert page.locator('#canvas [data-node-id="n0"] .execution-order').count() == 2


def test_the_next_run_clears_the_picture(page: Page, portal: ScriptedPortal) -> None:
    """T0 of the next run takes badges and outputs of the run before off the page, not out of its record."""
    start = handled(page)
    portal.send(
        {"event": "start_node", "run_id": "c", "seq": 0, "node_id": "n0", "order": 0},
        {
            "event": "end_node",
            "run_id": "c",
            "seq": 1,
            "node_id": "n0",
            "order": 0,
            "status": "success",
            "content": "x",
        },
        {"event": "run_end", "run_id": "c", "seq": 2},
        {"event": "run_start", "run_id": "d", "seq": 0},
    )
    wait_handled(page, start + 4)
    assert page.locator(".execution-order").count() == 0
    assert page.locator("#node-output [data-node-id]").count() == 0
    page.locator('#runs [data-run-id="c"]').click()
    page.clock.run_for(FRAME_MS)
    expect(page.locator('#runs [data-run-id="c"]')).to_have_attribute("aria-current", "true")
    assert badge(page, "n0") == ("1", "success")
    expect(page.locator("#node-output [data-node-id=n0]")).to_contain_text("x")
