"""A burst of 5,000 events over a real socket: handled in slices, a click is answered in between, and nothing is lost.

No time is asserted. What is counted: how many events the page handled between two turns of the browser.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from .events import RunScript, wait_handled, whole_run
from .scripted_portal import Json, ScriptedPortal, demo_flow

EVENTS = 5_000
MOST = EVENTS // 5
"""The most events that may be handled before the browser has its turn. In fact it is about a tenth of that."""
CLICK = """() => {
  const start = probe.handled();
  const node = document.querySelector('#canvas [data-node-id="n1"]');
  globalThis.answered = null;
  new MutationObserver((_, observer) => {
    if (!node.classList.contains("selected")) return;
    observer.disconnect();
    answered = probe.handled() - start;
  }).observe(node, {attributes: true});
  const turn = new MessageChannel();
  turn.port1.onmessage = () => {
    if (probe.handled() > start) node.click();
    else turn.port2.postMessage(null);
  };
  turn.port2.postMessage(null);
}"""
"""In the first turn in which some events are handled a node is clicked; noted is how many are when it is selected."""


def burst(run_id: str, flow: str, nodes: int) -> list[Json]:
    """A run of EVENTS events over this many nodes: starts, words, ends."""
    script = RunScript(run_id, flow_id=flow)
    events = [script.event("run_start")]
    order = 0
    while len(events) < EVENTS - 1:
        node = f"n{order % nodes}"
        events.append(script.start(node, order))
        events += [script.event("RunContent", content=f"w{order} ", agent_id=node) for _ in range(3)]
        events.append(script.end(node, order))
        order += 1
    return [*events[: EVENTS - 1], {**script.event("run_end"), "seq": EVENTS - 1}]


@pytest.mark.parametrize("batch", [1, EVENTS])
@pytest.mark.parametrize("nodes", [4, 500])
def test_a_burst(page: Page, portal: ScriptedPortal, nodes: int, batch: int) -> None:
    """Each event in a frame of its own, or all of them in one."""
    flow = f"burst-{nodes}-{batch}"
    portal.flows[flow] = demo_flow(nodes, flow)
    start = int(page.evaluate("() => probe.handled()"))
    earlier = [{**event, "flow_id": flow} for event in whole_run("before")]
    events = burst("burst", flow, nodes)
    portal.events["burst"] = events
    portal.send(*earlier)
    wait_handled(page, start + len(earlier))
    page.locator('#runs [data-run-id="before"]').click()
    expect(page.locator("#flow-select")).to_have_value(flow)
    expect(page.locator("#canvas [data-node-id]")).to_have_count(nodes)
    page.evaluate("() => probe.count_turns()")
    page.evaluate(CLICK)
    portal.send(*(json.dumps(events[at : at + batch] if batch > 1 else events[at]) for at in range(0, EVENTS, batch)))
    expect(page.locator("[data-metric=handled]")).to_have_text(str(start + len(earlier) + EVENTS), timeout=60_000)
    assert 0 < page.evaluate("() => probe.longest_turn()") <= MOST
    answered = page.evaluate("() => answered")
    assert answered is not None and answered < EVENTS, "the click was answered behind the last event"
    page.locator('#runs [data-run-id="burst"]').click()
    expect(page.locator('#runs [data-run-id="burst"]')).to_have_attribute("data-status", "success")
    told = json.loads(page.evaluate("() => probe.run('burst')"))
    orders = {event["order"] for event in events if "order" in event}
    assert {int(order) for node in told["nodes"].values() for order in node} == orders
