"""What the browser must style for one event does not grow with what the page shows: counted in Chromium's trace."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from .events import RunScript, metric, wait_handled
from .scripted_portal import ScriptedPortal

TIMES = 400
MOST = 100
"""Elements: the node, its insides, its badge, output and row, and what else says something new."""
COUNTED_FROM_BEHIND = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".badges > :nth-last-child(n + 2) { display: none; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""


def styled(browser: Browser, page: Page, portal: ScriptedPortal, script: RunScript, order: int) -> int:
    """How many elements were styled for one more start of a node and its end, at most in one go."""
    handled = metric(page, "handled")
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    portal.send(script.start("n0", order), script.end("n0", order))
    wait_handled(page, handled + 2)
    expect(page.locator(f'#canvas .execution-order[data-order="{order}"]')).to_have_attribute("data-status", "success")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    counts = [each["args"].get("elementCount", 0) for each in events if each["name"] == "UpdateLayoutTree"]
    assert counts
    most: int = max(counts)
    return most


@pytest.mark.parametrize("faulty", [False, True], ids=["as it is", "the control"])
def test_a_badge_more_styles_none_of_those_before(
    browser: Browser, page: Page, portal: ScriptedPortal, faulty: bool
) -> None:
    if faulty:
        page.evaluate(COUNTED_FROM_BEHIND)
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
