"""Names that mean something elsewhere: to a selector, to a class list, to JavaScript, to the page's own ids."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from .conftest import Guard, boot
from .scripted_portal import Json, ScriptedPortal

NAMES = [
    "executing", "executed-success", "waiting", "node", "canvas", "play", "interactions", "boot-failure", "icon-play",
    '"', "'", "]", '"], [data-node-id="canvas', ":has(*)", "#canvas", ".node", "*", "a b", "\\", "\\22 ", "-1", "0",
    "__proto__", "constructor", "toString", "hasOwnProperty", "then", "prototype", "null", "undefined", "NaN",
]  # fmt: skip
LOOK = """() => ({
  classes: [...document.querySelectorAll("#canvas [data-node-id]")].map((node) => [
    node.dataset.nodeId, [...node.classList].filter((name) => /^(execut|waiting$)/.test(name)).sort()]).sort(),
  twins: [...document.querySelectorAll("[id]")].map((each) => each.id).filter((id, at, all) => all.indexOf(id) !== at),
  strays: [...document.querySelectorAll(".executing, .executing-tool, .executed-success")].filter(
    (each) => !each.matches("#canvas [data-node-id]")).length,
  polluted: Object.keys(Object.prototype).length + ("x" in {} ? 1 : 0),
})"""


def flow() -> Json:
    nodes = [{"id": name, "handle": name, "label": name, "path": name} for name in NAMES]
    edges = [{"source": one, "target": other} for one, other in pairwise(NAMES)]
    return {"id": "demo", "name": "__proto__", "nodes": nodes, "edges": edges}


def looked_at(page: Page) -> tuple[list[Any], list[str], int, int]:
    """The classes of each node; ids that are there twice; classes of nodes elsewhere; what `Object` was given."""
    told = page.evaluate(LOOK)
    return sorted(told["classes"]), told["twins"], told["strays"], told["polluted"]


def opened(context: BrowserContext, site: str, portal: ScriptedPortal) -> tuple[Page, Guard]:
    portal.forget()
    portal.flows["demo"] = flow()
    page = context.new_page()
    guard = Guard(page)
    connected = portal.connections
    boot(page, f"{site}/{portal.query}")
    portal.wait_connected(connected + 1)
    expect(page.locator("#canvas [data-node-id]")).to_have_count(len(NAMES))
    return page, guard


def test_names_that_mean_something_elsewhere(context: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """Each node, tool, card and message is its own, and nothing else of the page is touched."""
    page, guard = opened(context, site, portal)
    run = {"run_id": "__proto__"}
    portal.send({"event": "run_start", **run})
    for order, name in enumerate(NAMES):
        portal.send({"event": "start_node", "node_id": name, "order": order, **run})
        portal.send({"event": "start_tool", "node_id": name, "tool_call_id": name, "tool_name": name, **run})
        portal.send({"event": "RunContent", "node_id": name, "agent_id": name, "content": name, **run})
    expect(page.locator("#canvas .executing")).to_have_count(len(NAMES))
    expect(page.locator("#chat [data-message-id]")).to_have_count(2 * len(NAMES))  # a call and a text each
    wanted: list[list[Any]] = [[name, ["executing", "executing-tool"]] for name in NAMES]
    assert looked_at(page) == (sorted(wanted), [], 0, 0)
    for order, name in enumerate(NAMES):
        portal.send({"event": "end_node", "node_id": name, "order": order, "status": "executing n0", **run})
        portal.send({"event": "end_node", "node_id": name, "order": order, "status": "success", **run})
    expect(page.locator("#canvas .executed-success")).to_have_count(len(NAMES))
    expect(page.locator("[data-metric=malformed]")).to_have_text(str(len(NAMES)))
    portal.send({"event": "run_end", **run})
    expect(page.locator("#editor")).to_have_attribute("data-locked", "false")
    expect(page.locator("#canvas .executed-success")).to_have_count(0)
    wanted = [[name, []] for name in NAMES]
    assert looked_at(page) == (sorted(wanted), [], 0, 0)
    guard.check()
    page.close()


def test_a_node_that_was_chosen_is_that_one(context: BrowserContext, site: str, portal: ScriptedPortal) -> None:
    """A click selects by what the node is called, not by what its name would select."""
    page, guard = opened(context, site, portal)
    for name in NAMES[4:24:2]:
        page.evaluate(
            """(name) => [...document.querySelectorAll("#canvas [data-node-id]")].find(
                 (node) => node.dataset.nodeId === name).dispatchEvent(new MouseEvent("click", { bubbles: true }))""",
            name,
        )
        page.wait_for_function("(name) => new URLSearchParams(location.search).get('node') === name", arg=name)
    guard.check()
    page.close()
