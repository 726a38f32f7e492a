"""The canvas as a person uses it: fold, zoom, follow; and flows of many nodes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .events import RunScript, classes, metric, wait_handled
from .scripted_portal import ScriptedPortal, demo_flow
from .test_look import complaints

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


def test_a_folded_group_says_that_somebody_is_waited_for_in_it(page: Page, portal: ScriptedPortal) -> None:
    """Violet, and without a spinner, as the node in it that nobody sees; it works again once it goes on."""
    script = show(page, portal, GROUPED, "asking")
    need = {"id": "q", "kind": "confirmation", "prompt": "Go on?"}
    portal.send(script.start("a", 0), script.event("AgentPaused", node_id="a", requirements=[need]))
    expect(page.locator('#canvas [data-node-id="a"].waiting')).to_have_count(1)
    border = """(node) => {
      const spinner = getComputedStyle(node.querySelector(".node-mark"), "::after").display;
      return [getComputedStyle(node).borderTopColor, spinner];
    }"""
    asks = page.locator('#canvas [data-node-id="a"]').evaluate(border)
    page.locator('[data-fold="g"]').click()
    group = page.locator('#canvas [data-node-id="g"]')
    expect(group.locator('[data-node-id="a"]')).to_be_hidden()
    assert group.evaluate(border) == asks and asks[1] == "none"
    portal.send(script.event("resume_start", resolved=["q"]))
    expect(page.locator("#canvas .waiting")).to_have_count(0)
    assert group.evaluate(border) != asks
    page.locator('[data-fold="g"]').click()
    portal.send(script.event("run_end"))


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
    middle = page.locator('#canvas [data-node-id="g"]')
    before = middle.bounding_box()
    page.locator("[data-bar=in]").click()
    expect(page.locator("#canvas .world")).not_to_have_css("transform", first)
    after = middle.bounding_box()
    assert before is not None and after is not None
    centre = page.evaluate(
        """() => { const { left, top, width, height } = document.getElementById("canvas").getBoundingClientRect();
          return [left + width / 2, top + height / 2]; }"""
    )
    grown = after["width"] / before["width"]
    assert grown > 1.1
    assert abs((after["x"] - centre[0]) - (before["x"] - centre[0]) * grown) < 2, "what is in the middle stays there"
    assert abs((after["y"] - centre[1]) - (before["y"] - centre[1]) * grown) < 2
    assert abs(after["height"] - before["height"] * grown) < 2
    page.locator("[data-bar=fit]").click()
    expect(page.locator("#canvas .world")).to_have_css("transform", first)
    page.locator("[data-bar=follow]").click()
    portal.send(script.start("a", 1))
    expect(page.locator("#canvas .world")).not_to_have_css("transform", first)
    page.locator("[data-bar=follow]").click()


ON_THE_MAP = """count => count === [...document.querySelectorAll("#minimap .minimap-node:not(.minimap-mark)")]
  .reduce((sum, each) => sum + each.getAttribute("d").split("M").length - 1, 0)"""
"""Whether so many nodes are on the ground of the map."""


def test_five_hundred_nodes_run(page: Page, portal: ScriptedPortal) -> None:
    """A flow without positions is laid out, mapped, and every node of it runs."""
    count = 500
    nodes = [{"id": f"m{i}", "handle": f"Node {i}", "path": "x.Step"} for i in range(count)]
    edges = [{"source": f"m{i // 3}", "target": f"m{i}"} for i in range(1, count)]
    script = show(page, portal, {"id": "many", "name": "Many", "nodes": nodes, "edges": edges}, "many-run")
    page.wait_for_function(ON_THE_MAP, arg=count)
    start = metric(page, "handled")
    batch = []
    for order in range(count):
        batch += [script.start(f"m{order}", order), script.end(f"m{order}", order)]
    portal.send(batch[:count], batch[count:])
    wait_handled(page, start + 2 * count)
    expect(page.locator("#canvas .executed-success")).to_have_count(count, timeout=20_000)
    expect(page.locator('#minimap .minimap-mark[data-status="success"]')).to_have_count(count)
    portal.send(script.event("run_end"))
    expect(page.locator("#canvas .executed-success")).to_have_count(0)
    expect(page.locator("#node-output [data-node-id]")).to_have_count(count, timeout=20_000)


def wait_seen(page: Page, node: str) -> None:
    """Wait until a node is inside what is seen of the canvas."""
    page.wait_for_function(
        """(id) => {
          const [seen, node] = [document.getElementById("canvas"), document.querySelector(`[data-node-id="${id}"]`)]
            .map((each) => each.getBoundingClientRect());
          return node.left >= seen.left - 1 && node.right <= seen.right + 1
            && node.top >= seen.top - 1 && node.bottom <= seen.bottom + 1;
        }""",
        arg=node,
        timeout=5_000,
    )


LONG: dict[str, Any] = {
    "id": "long",
    "name": "Long",
    "nodes": [{"id": f"l{i}", "handle": f"Node {i}", "path": "x.Step"} for i in range(30)],
    "edges": [{"source": f"l{i}", "target": f"l{i + 1}"} for i in range(29)],
}


def test_the_keyboard_reaches_what_is_out_of_sight(page: Page, portal: ScriptedPortal) -> None:
    """A node that gets the focus comes into view by panning; the canvas itself is never scrolled away."""
    show(page, portal, LONG, "tabbing")
    for _ in range(6):
        page.locator("[data-bar=in]").click()
    expect(page.locator('#canvas [data-node-id="l29"]')).not_to_be_in_viewport()
    page.locator('#canvas [data-node-id="l29"]').focus()
    page.wait_for_function("() => document.getElementById('canvas').scrollLeft === 0")
    wait_seen(page, "l29")
    page.keyboard.press("ArrowLeft")
    expect(page.locator('#canvas [data-node-id="l28"]')).to_be_focused()
    wait_seen(page, "l28")


def test_the_map_brings_a_place_to_the_middle(page: Page, portal: ScriptedPortal) -> None:
    """A press on its far end shows the last node; the frame says what is seen."""
    show(page, portal, LONG, "mapping")
    page.locator("[data-bar=fit]").click()
    for _ in range(10):
        page.locator("[data-bar=in]").click()
    expect(page.locator('#canvas [data-node-id="l29"]')).not_to_be_in_viewport()
    before = page.locator("#minimap-frame").get_attribute("y")
    place = page.locator("#minimap .minimap-node").last.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + place["width"] - 2, place["y"] + place["height"] - 2)
    expect(page.locator("#minimap-frame")).not_to_have_attribute("y", str(before))
    wait_seen(page, "l29")


def test_a_loop_counts_its_rounds(page: Page, portal: ScriptedPortal) -> None:
    """Its nodes keep the newest badges in sight, all of them in the page; the rounds stay when the run is over."""
    script = show(page, portal, GROUPED, "looping")
    start = metric(page, "handled")
    for order in range(0, 16, 2):
        portal.send(script.start("a", order), script.end("a", order), script.start("b", order + 1))
        portal.send(script.end("b", order + 1))
    wait_handled(page, start + 32)
    foot = page.locator('#canvas [data-node-id="g"] > .node-foot')
    expect(foot).to_contain_text("round 8")
    badges = page.locator('#canvas [data-node-id="a"] .execution-order')
    expect(badges).to_have_count(8)
    expect(badges.last).to_be_visible()
    expect(badges.first).to_be_hidden()
    expect(page.locator(".canvas-state")).to_contain_text("2 done")
    portal.send(script.event("run_end"))
    expect(page.locator('#runs [data-run-id="looping"]')).to_have_attribute("data-status", "success")
    expect(foot).to_contain_text("round 8")


def renamed(flow: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The same flow with other ids, so that nobody takes an earlier drawing for it."""
    nodes = [{**node, "id": prefix + node["id"]} for node in flow["nodes"]]
    for node in nodes:
        if "parent" in node:
            node["parent"] = prefix + node["parent"]
    edges = [{end: prefix + node for end, node in edge.items()} for edge in flow["edges"]]
    return {"id": prefix + flow["id"], "name": flow["name"], "nodes": nodes, "edges": edges}


def test_a_phone_has_the_flow_from_top_to_bottom(page: Page, portal: ScriptedPortal) -> None:
    """Where the canvas is taller than wide, a flow without positions goes downwards; Play is at hand."""
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, portal, renamed(GROUPED, "p-"), "phoning")
    wait_seen(page, "p-start")
    wait_seen(page, "p-end")
    tops = page.evaluate(
        """() => ["start", "g", "end"].map(
          (id) => document.querySelector(`#canvas [data-node-id="p-${id}"]`).getBoundingClientRect().top)"""
    )
    assert tops == sorted(tops) and len(set(tops)) == 3
    play = page.locator(".play-or-stop").bounding_box()
    assert play is not None and play["y"] + play["height"] < 120 and play["height"] >= 40
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_long_flow_goes_the_way_in_which_its_names_can_be_read(page: Page, portal: ScriptedPortal) -> None:
    """Without positions: a long row would be seen too small, a short one is a row."""
    names = {}
    for count in (9, 3):
        flow = renamed(demo_flow(count, f"long-{count}"), f"l{count}-")
        places = [node.pop("position") for node in flow["nodes"]]
        show(page, portal, flow, f"long-{count}-run")
        wait_seen(page, f"l{count}-n{len(places) - 1}")
        boxes = [page.locator(f'#canvas [data-node-id="l{count}-n{at}"]').bounding_box() for at in range(count)]
        names[count] = page.locator("#canvas").get_attribute("data-detail")
        sides = [[each[side] for each in boxes if each is not None] for side in ("x", "y")]
        steady = sides[count == 3]
        assert max(steady) - min(steady) < 1, f"{count} in a line"
    assert names == {9: "full", 3: "full"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_folded_group(scheme: Any, page: Page, portal: ScriptedPortal) -> None:
    """In the middle of a run with a failure in it, folded and unfolded, and with the map."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    inside = [
        {"id": f"i{number}", "handle": f"Inner {number}", "path": "x.Step", "parent": "g"} for number in range(12)
    ]
    portal.flows["axed"] = {
        "id": "axed",
        "name": "Axed",
        "nodes": [{"id": "g", "handle": "Group"}, *inside],
        "edges": [],
    }
    script = RunScript("axed-run", flow_id="axed")
    portal.send(
        script.event("run_start"),
        script.start("i0", 0),
        script.end("i0", 0, "error", error="no"),
        script.start("i1", 1),
    )
    page.locator('#runs [data-run-id="axed-run"]').click()
    page.locator('#canvas [data-node-id="i11"]').wait_for()
    for _ in range(2):
        page.locator('[data-fold="g"]').click()
        expect(page.locator('#canvas [data-node-id="g"]')).to_be_focused()
        found = complaints(page)
        assert not found, "\n".join(found)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")


SEEN = """element => {
  const node = element.closest(".node");
  const size = parseFloat(getComputedStyle(element).fontSize) * node.getBoundingClientRect().width / node.offsetWidth;
  return [canvas.dataset.detail, element.getBoundingClientRect().width > 0 ? size : 0];
}"""
"""How much is drawn of a node, and how large letters are on the screen."""


def test_what_cannot_be_read_is_not_drawn(page: Page, portal: ScriptedPortal) -> None:
    """From afar a node is a block in the colour of its state, its name in its title; nearer, names written large."""
    show(page, portal, renamed(demo_flow(12), "row"), "long-row")
    canvas, title = page.locator("#canvas"), page.locator("#canvas .node-title").first
    seen = dict[str, list[float]]()
    for _ in range(12):
        detail, size = title.evaluate(SEEN)
        seen.setdefault(detail, []).append(size)
        page.locator("[data-bar=in]").click()
    assert min(seen["names"]) >= 8.5 and min(seen["full"]) >= 8.5
    assert not any(seen.get("blocks", [])), "nothing that cannot be read"
    page.locator("[data-bar=fit]").click()
    for _ in range(8):
        page.locator("[data-bar=out]").click()
    expect(canvas).to_have_attribute("data-detail", "blocks")
    assert canvas.locator("[data-node-id]").first.get_attribute("title")
    page.locator("[data-bar=fit]").click()


def test_two_fingers_zoom(page: Page, portal: ScriptedPortal) -> None:
    """Spread, what was between them grows; the page itself does not zoom."""
    show(page, portal, GROUPED, "pinched")
    node = page.locator('#canvas [data-node-id="a"]')
    before = node.bounding_box()
    canvas = page.locator("#canvas").bounding_box()
    assert before is not None and canvas is not None
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] * 0.8
    session = page.context.new_cdp_session(page)

    def touch(kind: str, spread: float) -> None:
        points = [{"x": x - spread, "y": y, "id": 0}, {"x": x + spread, "y": y, "id": 1}] if spread else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 30)
    for spread in range(35, 95, 5):
        touch("touchMove", spread)
    touch("touchEnd", 0)
    session.detach()
    after = node.bounding_box()
    assert after is not None and after["width"] > before["width"] * 1.3
    assert page.evaluate("() => visualViewport.scale") == 1
