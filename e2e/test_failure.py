"""A run that fails leads to its fault; what became of each node stays, in words and on the canvas."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import boot
from .events import RunScript, show
from .scripted_portal import ScriptedPortal

TRACE = 'Traceback (most recent call last):\n  File "x.py", line 3\nValueError: no number'


def outcomes(page: Page) -> dict[str, str | None]:
    found: dict[str, str | None] = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('#canvas [data-node-id]')]"
        ".map((node) => [node.dataset.nodeId, node.dataset.outcome ?? null]))"
    )
    return found


def failing(portal: ScriptedPortal, run_id: str = "bad", *, over: bool = True) -> RunScript:
    """n0 succeeds, n1 fails, n2 and n3 are never reached."""
    script = RunScript(run_id)
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        script.end("n0", 0, content="fine"),
        script.event("start_node", node_id="n1", order=1, input={"text": "seven"}),
        script.end("n1", 1, "error", error=TRACE),
        *([script.event("run_end", status="error", error="n1 failed")] if over else []),
    )
    return script


IN_THE_MIDDLE = """(id) => {
  const elements = [document.getElementById("canvas"), document.querySelector(`#canvas [data-node-id="${id}"]`)];
  const [canvas, node] = elements.map((each) => each.getBoundingClientRect());
  return Math.abs(canvas.x + canvas.width / 2 - node.x - node.width / 2) < 4
    && Math.abs(canvas.y + canvas.height / 2 - node.y - node.height / 2) < 4;
}"""
"""Whether a node's middle is that of the canvas, within a few pixels."""


def test_a_failed_run_leads_to_its_fault(page: Page, portal: ScriptedPortal) -> None:
    """Chosen, in the middle, its details open: the last line of the trace first, the input beside it."""
    failing(portal)
    expect(page.locator('#canvas [data-node-id="n1"]')).to_contain_class("selected")
    expect(page.locator("#details-title")).to_have_attribute("aria-selected", "true")
    details = page.locator("#details")
    expect(details.locator(".error-trace > summary")).to_have_text("ValueError: no number")
    expect(details.locator(".error-trace > pre")).to_be_hidden()
    details.locator(".error-trace > summary").click()
    expect(details.locator(".error-trace > pre")).to_contain_text("x.py")
    expect(details.locator(".pair")).to_contain_text("seven")
    page.wait_for_function(IN_THE_MIDDLE, arg="n1")


def test_what_became_of_each_node_stays_until_the_next_run(page: Page, portal: ScriptedPortal) -> None:
    """In an attribute of its own: the contract's classes are gone; in words, too."""
    failing(portal)
    words = "1 done · 1 failed · 2 not reached"
    expect(page.locator(".canvas-state")).to_have_text(words)
    expect(page.locator("#runs [data-run-id=bad] .run-progress")).to_have_text(words)
    expect(page.locator("#summary")).to_contain_text(words)
    expect(page.locator("#summary")).to_contain_text("Failed at")
    expect(page.locator('#canvas [data-node-id="n1"]')).to_have_attribute("data-outcome", "error")
    assert outcomes(page) == {"n0": "success", "n1": "error", "n2": "none", "n3": "none"}
    assert page.locator("#canvas [class*=executed-]").count() == 0
    failing(portal, "next", over=False)
    expect(page.locator("#runs [data-run-id=next]")).to_have_attribute("aria-current", "true")
    expect(page.locator("#canvas [data-outcome]")).to_have_count(0)
    expect(page.locator("#summary")).to_be_hidden()
    page.locator("#runs [data-run-id=bad] .run-row").click()
    expect(page.locator('#canvas [data-node-id="n1"]')).to_have_attribute("data-outcome", "error")


def test_a_person_who_looks_elsewhere_is_left_alone(page: Page, portal: ScriptedPortal) -> None:
    script = failing(portal, over=False)
    expect(page.locator("#runs [data-run-id=bad]")).to_have_attribute("aria-current", "true")
    page.locator('#canvas [data-node-id="n0"]').click()
    show(page, "chat")
    portal.send(script.event("run_end", status="error"))
    expect(page.locator('#canvas [data-node-id="n1"]')).to_have_attribute("data-outcome", "error")
    expect(page.locator('#canvas [data-node-id="n0"]')).to_contain_class("selected")
    expect(page.locator("#chat-title")).to_have_attribute("aria-selected", "true")
    page.locator("#summary [data-result]").click()
    expect(page.locator('#canvas [data-node-id="n1"]')).to_contain_class("selected")
    expect(page.locator("#details")).to_contain_text("ValueError: no number")


def test_a_good_run_says_so_and_opens_its_result(page: Page, portal: ScriptedPortal) -> None:
    script = RunScript("good")
    usage = {"input_tokens": 1200, "output_tokens": 34, "cost": 0.5, "currency": "EUR", "model": "m-1"}
    portal.send(
        script.event("run_start", ts=100.0),
        script.event("start_node", node_id="n0", order=0, ts=101.0),
        script.event("end_node", node_id="n0", order=0, status="success", content="the answer", usage=usage, ts=104.0),
        script.event("run_end", ts=104.0),
    )
    summary = page.locator("#summary")
    expect(summary).to_contain_text("Succeeded in 4.0 s")
    expect(summary).to_contain_text("1 done · 3 not needed")
    expect(summary).to_contain_text("1200 tokens in, 34 out · 0.50 EUR")
    expect(page.locator('#canvas [data-node-id="n0"].selected')).to_have_count(0)
    summary.locator("[data-result]").click()
    expect(page.locator("#output-title")).to_have_attribute("aria-selected", "true")
    expect(page.locator('#node-output [data-node-id="n0"]')).to_contain_text("the answer")


def test_a_run_that_fails_at_no_node_shows_its_own_error(page: Page, portal: ScriptedPortal) -> None:
    """What was chosen of the run before is chosen no more; the strip leads there, too."""
    failing(portal)
    expect(page.locator('#canvas [data-node-id="n1"]')).to_contain_class("selected")
    script = RunScript("poor")
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        script.end("n0", 0),
        script.event("run_end", status="error", error="Traceback:\nValueError: out of money"),
    )
    details, title = page.locator("#details"), page.locator("#details-title")
    expect(details.locator(".error-trace > summary")).to_have_text("ValueError: out of money")
    expect(page.locator("#canvas .selected")).to_have_count(0)
    page.wait_for_url(lambda url: "run=poor" in url and "node=" not in url, wait_until="commit")
    show(page, "output")
    page.locator("#summary [data-result]").click()
    expect(title).to_have_attribute("aria-selected", "true")
    script = RunScript("lost")
    portal.send(
        script.event("run_start"), script.start("n2", 0), script.event("run_end", status="error", error="worker lost")
    )
    expect(page.locator('#canvas [data-node-id="n2"]')).to_contain_class("selected")
    expect(details).to_contain_text("ended with its run")
    expect(details).to_contain_text("worker lost")


@pytest.mark.parametrize(("named", "chosen"), [("", "n1"), ("&node=n1", "n1"), ("&node=n0", "n0")])
def test_a_link_to_a_failed_run_opens_its_failure(
    context: BrowserContext, site: str, portal: ScriptedPortal, named: str, chosen: str
) -> None:
    """Or the node that the link names; behind a reload again: details in front, in the middle of the canvas."""
    portal.forget()
    script = RunScript("old")
    portal.keep(
        script.event("run_start"),
        script.start("n0", 0),
        script.end("n0", 0),
        script.start("n1", 1),
        script.end("n1", 1, "error", error=TRACE),
        script.event("run_end", status="error", error="n1 failed"),
        started_at=1.0,
    )
    page = context.new_page()
    boot(page, f"{site}/{portal.query}&run=old{named}")
    for again in (False, True):
        if again:
            page.reload()
            page.locator("html[data-app=ready]").wait_for(timeout=60_000)
        expect(page.locator(f'#canvas [data-node-id="{chosen}"]')).to_contain_class("selected")
        expect(page.locator("#details-title")).to_have_attribute("aria-selected", "true")
        page.wait_for_function(IN_THE_MIDDLE, arg=chosen)
        page.wait_for_url(lambda url: f"node={chosen}" in url, wait_until="commit")
    page.close()
