"""A flow whose backend knows no graph: the canvas is built as the run unfolds, and what stands does not jump."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .events import RunScript, metric, wait_handled
from .scripted_portal import ScriptedPortal

Json = dict[str, Any]
Places = dict[str, list[float]]

PLACES = """() => Object.fromEntries([...document.querySelectorAll("#canvas [data-node-id]")].map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [node.dataset.nodeId, [x, y, width, height]];
}))"""
STILL = """() => document.getAnimations().filter((each) => each instanceof CSSTransition).length === 0"""
OVERLAPS = """() => {
    const nodes = [...document.querySelectorAll("#canvas [data-node-id]")];
    const boxes = nodes.map((node) => [node, node.getBoundingClientRect()]);
    return boxes.flatMap(([one, a], place) => boxes.slice(place + 1).filter(([other, b]) =>
        !one.contains(other) && !other.contains(one) &&
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
    ).map(([other]) => `${one.dataset.nodeId} ${other.dataset.nodeId}`));
}"""


class Unfolding:
    """One run of a flow that has no nodes yet."""

    def __init__(self, page: Page, portal: ScriptedPortal, name: str, run_id: str, nodes: list[Json] | None = None):
        self.page, self.portal = page, portal
        self.handled = metric(page, "handled")
        self.script = RunScript(run_id, flow_id=name)
        portal.flows.setdefault(name, {"id": name, "name": name, "unfolds": True, "nodes": nodes or [], "edges": []})
        self.tell(self.script.event("run_start"))
        page.locator(f'#runs [data-run-id="{run_id}"]').click()
        expect(page.locator("#flow-select")).to_have_value(name)

    def tell(self, *events: Json) -> None:
        """Tell these, and wait until they are on the canvas."""
        self.handled += len(events)
        self.portal.send(*events)
        wait_handled(self.page, self.handled)

    def start(self, node: str, order: int, **fields: Any) -> None:
        self.tell(self.script.event("start_node", node_id=node, order=order, **fields))
        self.page.locator(f'#canvas [data-node-id="{node}"].executing').wait_for()

    def end(self, node: str, order: int) -> None:
        self.tell(self.script.end(node, order))

    def places(self) -> Places:
        """Where each node is on the screen, once nothing moves."""
        self.page.wait_for_function(STILL)
        found: Places = self.page.evaluate(PLACES)
        return found


def near(places: Places, others: Places, pixels: float = 0.5) -> bool:
    """Whether every node is where it was, so exactly."""
    return places.keys() == others.keys() and all(
        abs(one - other) <= pixels for name in places for one, other in zip(places[name], others[name], strict=True)
    )


def relative(places: Places, to: str, names: Iterable[str] | None = None) -> Places:
    """From the corner of one of them, in its widths: at any zoom, as if each node were 196 pixels wide."""
    x, y, width, _ = places[to]
    scale = 196 / width
    return {
        name: [(left - x) * scale, (top - y) * scale, wide * scale, high * scale]
        for name, (left, top, wide, high) in places.items()
        if names is None or name in names
    }


def test_appending_to_a_chain_moves_nothing_else(page: Page, portal: ScriptedPortal) -> None:
    """Relative to each other, not by a pixel; on the screen neither, as long as all of it is seen."""
    run = Unfolding(page, portal, "chain", "chain-1")
    kept = 0
    for order in range(12):
        before = run.places()
        run.start(f"s{order}", order)
        run.end(f"s{order}", order)
        after = run.places()
        assert len(after) == order + 1 and page.evaluate(OVERLAPS) == []
        if before:
            assert near(relative(after, "s0", before), relative(before, "s0"))
            kept += near({name: after[name] for name in before}, before)
    assert kept >= 6, "while there was room nothing moved on the screen"
    xs = [after[f"s{order}"][0] for order in range(12)]
    assert xs == sorted(xs) and len({round(after[f"s{order}"][1]) for order in range(12)}) == 1
    expect(page.locator("#canvas .edge")).to_have_count(11)


def test_arms_joins_and_groups_find_their_places(page: Page, portal: ScriptedPortal) -> None:
    """What runs at once stands below each other; a group that grows moves what is below it, and nothing overlaps."""
    run = Unfolding(page, portal, "arms", "arms-1")
    run.start("read", 0)
    run.end("read", 0)
    for order, arm in enumerate(("left", "middle", "right"), 1):
        run.start(arm, order)
    before = run.places()
    run.start("inner", 4, parent_node_id="left")
    run.start("other", 5, parent_node_id="left")
    after = run.places()
    assert page.evaluate(OVERLAPS) == []
    corner, was = relative(after, "read")["left"][:2], relative(before, "read")["left"][:2]
    assert corner == pytest.approx(was, abs=0.5), "the group stays at its corner"
    for order, arm in enumerate(("left", "middle", "right"), 1):
        run.end(arm, order)
    run.start("join", 6)
    places = run.places()
    assert page.evaluate(OVERLAPS) == []
    assert places["join"][0] > max(places[each][0] + places[each][2] for each in ("left", "middle", "right"))
    expect(page.locator("#canvas .edge")).to_have_count(6)
    assert page.locator('[data-node-id="left"] [data-node-id="inner"]').count() == 1


def test_a_loop_adds_nothing_in_its_second_round(page: Page, portal: ScriptedPortal) -> None:
    run = Unfolding(page, portal, "loop", "loop-1")
    run.start("loop", 0, node_type="Loop")
    run.start("draft", 1, parent_node_id="loop", iteration=1)
    run.end("draft", 1)
    run.start("check", 2, parent_node_id="loop", iteration=1)
    run.end("check", 2)
    before = run.places()
    run.start("draft", 3, parent_node_id="loop", iteration=2)
    assert near(run.places(), before)
    expect(page.locator("#canvas .edge")).to_have_count(1)
    expect(page.locator('[data-node-id="draft"] .execution-order')).to_have_count(2)


def test_the_next_run_begins_with_the_graph_that_was_learnt(page: Page, portal: ScriptedPortal) -> None:
    """It does not blink: the elements are the same ones, where they were."""
    first = Unfolding(page, portal, "again", "again-1", [{"id": "agent", "path": "x.Agent", "label": "Agent"}])
    first.start("agent", 0)
    for order, node in enumerate("ab", 1):
        first.start(node, order, parent_node_id="agent")
        first.end(node, order)
    first.end("agent", 0)
    first.tell(first.script.event("run_end"))
    before = first.places()
    page.evaluate("document.querySelector('#canvas [data-node-id=\"b\"]').kept = true")
    second = Unfolding(page, portal, "again", "again-2")
    assert near(relative(second.places(), "agent"), relative(before, "agent"))
    expect(page.locator('#canvas [data-node-id="b"]')).to_have_js_property("kept", True)
    expect(page.locator('#canvas [data-node-id="b"] .execution-order')).to_have_count(0)
    second.start("agent", 0)
    second.start("a", 1, parent_node_id="agent")
    assert near(relative(second.places(), "agent"), relative(before, "agent"))


def test_what_a_person_looks_at_stays_where_it_is(page: Page, portal: ScriptedPortal) -> None:
    """Once the view was moved, the canvas grows out of sight."""
    run = Unfolding(page, portal, "moved", "moved-1")
    run.start("s0", 0)
    page.locator('[data-bar="in"]').click()
    run.end("s0", 0)
    before = run.places()
    for order in range(1, 9):
        run.start(f"s{order}", order)
        run.end(f"s{order}", order)
    after = run.places()
    assert after["s0"] == pytest.approx(before["s0"], abs=0.6)


def test_two_hundred_nodes_at_once(page: Page, portal: ScriptedPortal) -> None:
    """A burst: all of them are there at its end, none over another."""
    run = Unfolding(page, portal, "many", "many-1")
    events = []
    for order in range(200):
        group = {"parent_node_id": f"g{order // 20}"}
        events += [
            run.script.event("start_node", node_id=f"n{order}", order=order, **group),
            run.script.event("end_node", node_id=f"n{order}", order=order, status="success", **group),
        ]
    run.tell(*events)
    expect(page.locator("#canvas [data-node-id]")).to_have_count(210)
    run.places()
    assert page.evaluate(OVERLAPS) == []
