"""The canvas as a person uses it: fold, zoom, follow; and flows of many nodes."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from .events import RunScript, classes, metric, wait_handled
from .scripted_portal import ScriptedPortal

GROUPED: dict[str, Any] = {
    "id": "grouped",
    "name": "Grouped",
    "nodes": [
        {"id": "start", "handle": "Start", "path": "x.Read"},
        {"id": "g", "handle": "Group", "path": "x.Group"},
        {"id": "a", "handle": "A", "path": "x.A", "parent": "g"},
        {"id": "b", "handle": "B", "path": "x.B", "parent": "g"},
        {"id": "end", "handle": "End", "path": "x.Report"},
    ],
    "edges": [{"source": "start", "target": "a"}, {"source": "a", "target": "b"}, {"source": "b", "target": "end"}],
}


def show(page: Page, portal: ScriptedPortal, flow: dict[str, Any], run_id: str) -> RunScript:
    """Bring a flow to the canvas by a run of it."""
    portal.flows[flow["id"]] = flow
    script = RunScript(run_id, flow_id=flow["id"])
    portal.send(script.event("run_start"))
    page.locator(f'#runs [data-run-id="{run_id}"]').click()
    page.locator(f'#canvas [data-node-id="{flow["nodes"][-1]["id"]}"]').wait_for()
    return script


def test_a_folded_group_shows_all_its_state(page: Page, portal: ScriptedPortal) -> None:
    """Folded in the middle of a run: what is in it is unseen, its glow, progress, failures and end are there."""
    script = show(page, portal, GROUPED, "folding")
    start = metric(page, "handled")
    portal.send(script.start("a", 0), script.end("a", 0, "error"), script.start("b", 1))
    wait_handled(page, start + 3)
    page.locator('[data-fold="g"]').click()
    group = page.locator('#canvas [data-node-id="g"]')
    expect(group.locator('[data-node-id="a"]')).to_be_hidden()
    assert classes(page, "g") == {"executing"}
    expect(group).to_contain_text("1 of 2")
    expect(group).to_contain_text("1 failed")
    portal.send(script.end("b", 1))
    expect(page.locator('#canvas [data-node-id="g"].executed-error')).to_have_count(1)
    page.locator('[data-fold="g"]').click()
    expect(group.locator('[data-node-id="a"]')).to_be_visible()
    assert classes(page, "a") == {"executed-error"}, "unfolded, everything is as it was"


def test_edges_and_feet_tell_the_way(page: Page, portal: ScriptedPortal) -> None:
    """The edge into what executes is active, behind it passed; tools are named while they work."""
    script = show(page, portal, GROUPED, "walking")
    start = metric(page, "handled")
    portal.send(
        script.start("start", 0),
        script.end("start", 0),
        script.start("a", 1),
        script.event("start_tool", node_id="a", tool_name="look up", tool_call_id="t"),
    )
    wait_handled(page, start + 4)
    expect(page.locator('.edge[data-flow="active"]')).to_have_count(1)
    expect(page.locator('#canvas [data-node-id="a"] > .node-foot')).to_contain_text("look up")
    expect(page.locator(".canvas-state")).to_contain_text("1 running")
    portal.send(script.event("end_tool", node_id="a", tool_call_id="t"), script.end("a", 1))
    expect(page.locator('.edge[data-flow="passed"]')).to_have_count(1)
    expect(page.locator(".canvas-state")).to_have_attribute("data-state", "between")


def test_a_person_zooms_and_nothing_jumps_by_itself(page: Page, portal: ScriptedPortal) -> None:
    """The view changes by the buttons, the wheel and the switch to follow, not by events."""
    script = show(page, portal, GROUPED, "zooming")

    def view() -> str:
        return str(page.locator("#canvas .world").evaluate("world => getComputedStyle(world).transform"))

    first = view()
    portal.send(script.start("start", 0), script.end("start", 0))
    expect(page.locator(".execution-order")).to_have_count(1)
    assert view() == first
    page.locator("[data-bar=in]").click()
    expect(page.locator("#canvas .world")).not_to_have_css("transform", first)
    page.locator("[data-bar=fit]").click()
    expect(page.locator("#canvas .world")).to_have_css("transform", first)
    page.locator("[data-bar=follow]").click()
    portal.send(script.start("a", 1))
    expect(page.locator("#canvas .world")).not_to_have_css("transform", first)
    page.locator("[data-bar=follow]").click()


def test_five_hundred_nodes_run(page: Page, portal: ScriptedPortal) -> None:
    """A flow without positions is laid out, mapped, and every node of it runs."""
    count = 500
    nodes = [{"id": f"m{i}", "handle": f"Node {i}", "path": "x.Step"} for i in range(count)]
    edges = [{"source": f"m{i // 3}", "target": f"m{i}"} for i in range(1, count)]
    script = show(page, portal, {"id": "many", "name": "Many", "nodes": nodes, "edges": edges}, "many-run")
    expect(page.locator("#minimap .minimap-node")).to_have_count(count)
    start = metric(page, "handled")
    batch = []
    for order in range(count):
        batch += [script.start(f"m{order}", order), script.end(f"m{order}", order)]
    portal.send(batch[:count], batch[count:])
    wait_handled(page, start + 2 * count)
    expect(page.locator("#canvas .executed-success")).to_have_count(count, timeout=20_000)
    portal.send(script.event("run_end"))
    expect(page.locator("#canvas .executed-success")).to_have_count(0)
    expect(page.locator("#node-output [data-node-id]")).to_have_count(count)
