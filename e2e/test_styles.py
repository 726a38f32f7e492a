"""What the browser must style for one event does not grow with what the page shows: counted in Chromium's trace."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from .events import RunScript, metric, wait_handled
from .scripted_portal import ScriptedPortal

TIMES = 400
MOST = 100
"""Elements: the node, its insides, its badge, output and row, and what else says something new."""
COUNTED_FROM_BEHIND = ".badges > :nth-last-child(n + 2) { display: none; }"


def add_rule(page: Page, rule: str) -> None:
    """A style that the page has not: what it would cost."""
    page.evaluate(
        """(rule) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rule);
          document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }""",
        rule,
    )


def most_styled(browser: Browser, page: Page, work: Callable[[], None]) -> int:
    """How many elements were styled in one go, at most, while `work` was done."""
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    work()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    counts = [each["args"].get("elementCount", 0) for each in events if each["name"] == "UpdateLayoutTree"]
    assert counts
    most: int = max(counts)
    return most


def styled(browser: Browser, page: Page, portal: ScriptedPortal, script: RunScript, order: int) -> int:
    """How many elements were styled for one more start of a node and its end, at most in one go."""
    handled = metric(page, "handled")

    def once_more() -> None:
        portal.send(script.start("n0", order), script.end("n0", order))
        wait_handled(page, handled + 2)
        badge = page.locator(f'#canvas .execution-order[data-order="{order}"]')
        expect(badge).to_have_attribute("data-status", "success")

    return most_styled(browser, page, once_more)


@pytest.mark.parametrize("faulty", [False, True], ids=["as it is", "the control"])
def test_a_badge_more_styles_none_of_those_before(
    browser: Browser, page: Page, portal: ScriptedPortal, faulty: bool
) -> None:
    if faulty:
        add_rule(page, COUNTED_FROM_BEHIND)
    script = RunScript("often")
    events = [script.event("run_start")]
    for order in range(TIMES):
        events += [script.start("n0", order), script.end("n0", order)]
    handled = metric(page, "handled")
    portal.send(events)
    wait_handled(page, handled + len(events))
    expect(page.locator("#canvas .execution-order")).to_have_count(TIMES)
    least = min(styled(browser, page, portal, script, TIMES + more) for more in range(4))  # some end what went before
    assert least > TIMES if faulty else least < MOST


LARGE = 2_000
"""Nodes: the whole of them is seen from afar, as blocks."""
SOME = 200
"""Of them fewer are styled in a frame in which what became of some is marked, and more if a rule looks at that."""
LOOKS_AT_THE_MARK = '.node[data-outcome="none"] { opacity: 0.9; }'


def large(page: Page, portal: ScriptedPortal, flow_id: str) -> RunScript:
    """A run in front, in a flow of its own of so many nodes, of which two began; all of the flow is drawn."""
    nodes = [
        {"id": f"n{each}", "path": "x.Step", "position": {"x": each % 40 * 240, "y": each // 40 * 130}}
        for each in range(LARGE)
    ]
    edges = [{"source": f"n{each}", "target": f"n{each + 1}"} for each in range(LARGE - 1)]
    portal.flows[flow_id] = {"id": flow_id, "name": "Large", "nodes": nodes, "edges": edges}
    script, handled = RunScript(f"{flow_id}-long", flow_id=flow_id), metric(page, "handled")
    begun = [script.event("run_start"), script.start("n0", 0), script.end("n0", 0), script.start("n1", 1)]
    portal.send(*begun)
    wait_handled(page, handled + len(begun))
    page.locator(f'#runs [data-run-id="{flow_id}-long"]').click()
    expect(page.locator("#canvas .edge")).to_have_count(LARGE - 1, timeout=30_000)
    expect(page.locator("#canvas")).to_have_attribute("data-detail", "blocks")
    expect(page.locator("#canvas .executing")).to_have_count(1)
    return script


@pytest.mark.parametrize("faulty", [False, True], ids=["as it is", "the control"])
def test_the_end_of_a_run_styles_what_ran_and_not_what_was_not_reached(
    browser: Browser, page: Page, portal: ScriptedPortal, faulty: bool
) -> None:
    """All of them are marked, and called so; from afar none looks otherwise. Nearer, they do."""
    if faulty:
        add_rule(page, LOOKS_AT_THE_MARK)
    flow_id = f"large-{faulty}"
    script, rest = large(page, portal, flow_id), page.locator('#canvas [data-outcome="none"]')

    def end() -> None:
        portal.send(script.end("n1", 1), script.event("run_end"))
        expect(rest).to_have_count(LARGE - 2)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    most = most_styled(browser, page, end)
    assert most > SOME if faulty else most < SOME
    if faulty:
        return
    last = page.locator(f'#canvas [data-node-id="n{LARGE - 1}"]')
    expect(last).to_have_accessible_name(f"n{LARGE - 1} (Step), Not needed")
    expect(page.locator("#canvas .outcome-none")).to_have_count(0)
    page.evaluate("() => flowglow.viewport.center(120, 60)")
    expect(page.locator("#canvas")).not_to_have_attribute("data-detail", "blocks")
    expect(page.locator("#canvas .outcome-none")).to_have_count(LARGE - 2)
    handled, following = metric(page, "handled"), RunScript(f"{flow_id}-next", flow_id=flow_id)
    portal.send(following.event("run_start"), following.start("n0", 0))
    wait_handled(page, handled + 2)
    page.locator(f'#runs [data-run-id="{flow_id}-next"]').click()
    expect(page.locator("#canvas :is([data-outcome], .outcome-none)")).to_have_count(0)
    expect(last).to_have_accessible_name(f"n{LARGE - 1} (Step)")


MANY = 300
ALL_AT_ONCE = ".entries { content-visibility: visible !important; }"
IS_DRAWN = "(each) => each.checkVisibility({ contentVisibilityAuto: true })"


@pytest.mark.parametrize("faulty", [False, True], ids=["as it is", "the control"])
def test_an_output_out_of_sight_is_not_styled(
    browser: Browser, page: Page, portal: ScriptedPortal, faulty: bool
) -> None:
    """However many nodes have given something; whoever goes there sees it."""
    if faulty:
        add_rule(page, ALL_AT_ONCE)
    flow_id = f"many-{faulty}"
    nodes = [{"id": f"n{each}", "path": "x.Step"} for each in range(MANY + 1)]
    portal.flows[flow_id] = {"id": flow_id, "name": "Many", "nodes": nodes, "edges": []}
    script, handled = RunScript(f"{flow_id}-long", flow_id=flow_id), metric(page, "handled")
    events = [script.event("run_start")]
    for order in range(MANY):
        events += [script.start(f"n{order}", order), script.end(f"n{order}", order, content=f"said {order}")]
    portal.send(events)
    wait_handled(page, handled + len(events))
    page.locator(f'#runs [data-run-id="{flow_id}-long"]').click()
    page.locator("#output-title").click()
    entries = page.locator("#node-output [data-node-id][data-status]")
    expect(entries).to_have_count(MANY, timeout=30_000)
    assert entries.first.evaluate(IS_DRAWN) and entries.last.evaluate(IS_DRAWN) is faulty
    page.locator("#node-output").evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
    expect(entries.last).to_be_in_viewport()
    assert entries.last.evaluate(IS_DRAWN)


def test_nothing_that_comes_with_every_node_is_counted(page: Page, portal: ScriptedPortal) -> None:
    """A style that counts has Chromium go through all elements of the page once more: 8 ms of a frame with 600 bubbles.

    A browser gives each summary and each list such a style by itself.
    """
    script, handled = RunScript("uncounted"), metric(page, "handled")
    tool = {"node_id": "n0", "tool_call_id": "t", "tool_name": "look"}
    events = [script.event("run_start"), script.start("n0", 0), script.event("start_tool", **tool)]
    events += [script.event("end_tool", **tool, status="success", result="found")]
    events += [script.event("RunContent", content="- one\n- two\n", agent_id="n0", node_id="n0"), script.end("n0", 0)]
    portal.send(events)
    wait_handled(page, handled + len(events))
    for selector in ("#chat summary", "#chat ul", "#node-output summary"):
        page.locator(selector).first.wait_for(state="attached")
    counted = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((each) => {
          const style = getComputedStyle(each);
          return [style.counterIncrement, style.counterReset, style.counterSet].some((value) => value !== "none");
        }).map((each) => each.outerHTML.slice(0, 100))"""
    )
    assert counted == []
