"""A handler that fails costs only itself: the others' effects are those of a run without a fault."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Guard
from .events import RunScript, metric, picture, wait_handled
from .scripted_portal import ScriptedPortal

HANDLERS = {
    "DOMVisualHandler": {"classes"},
    "ToolVisualizationHandler": {"tool"},
    "MockStoreHandler": {"badges", "outputs"},
    "RunLifecycleHandler": {"rows", "locked"},
    "GroupExecutionHandler": set[str](),
}
"""Handler → what of the picture it owns, and may be missing while it fails."""


def _seen(page: Page) -> dict[str, Any]:
    """The picture, with the tool's ring as a thing of its own."""
    seen = picture(page)
    seen["tool"] = {node: "executing-tool" in names for node, names in seen["classes"].items()}
    seen["classes"] = {node: [n for n in names if n != "executing-tool"] for node, names in seen["classes"].items()}
    return seen


def _play(
    page: Page, portal: ScriptedPortal, run_id: str, *, glows: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The picture in the middle of a run, and after it."""
    before = metric(page, "handled")
    script = RunScript(run_id)
    portal.send(
        script.event("run_start"),
        script.start("n0", 0),
        script.end("n0", 0, content="done"),
        script.start("n1", 1),
        script.event("start_tool", node_id="n1", tool_call_id="t", tool_name="look"),
    )
    wait_handled(page, before + 5)
    if glows:  # the 500 ms of n0 are over
        expect(page.locator("#canvas [data-node-id=n0].executed-success")).to_have_count(1)
    middle = _seen(page)
    portal.send(script.event("end_tool", node_id="n1", tool_call_id="t"), script.end("n1", 1), script.event("run_end"))
    wait_handled(page, before + 8)
    return middle, _seen(page)


def _without(seen: dict[str, Any], run_id: str, owned: set[str]) -> dict[str, Any]:
    return {key: str(value).replace(run_id, "RUN") for key, value in seen.items() if key not in owned}


@pytest.mark.parametrize("name", HANDLERS)
def test_a_broken_handler_costs_only_itself(
    name: str, page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]
) -> None:
    """With one handler raising on everything, all that the others own is as in a run without a fault."""
    healthy = _play(page, portal, "healthy")
    page.evaluate("() => flowglow.reset()")
    booted[1].allowed = [rf"\[{name}\] failed on"]
    failures = metric(page, "failed")
    page.evaluate(f"() => probe.sabotage({name!r})")
    broken = _play(page, portal, "broken", glows=name != "DOMVisualHandler")
    owned = HANDLERS[name]
    for calm, wild in zip(healthy, broken, strict=True):
        assert _without(wild, "broken", owned) == _without(calm, "healthy", owned)
    if owned:
        assert broken[0] != healthy[0] or broken[1] != healthy[1], (
            "the sabotage had no effect: this test proves nothing"
        )
    assert metric(page, "failed") > failures
    row = page.locator(f'#inspector [data-handler="{name}"]')
    assert int(row.get_attribute("data-failures") or 0) > 0
    page.evaluate("() => { probe.heal(); flowglow.reset(); }")
    mended = _play(page, portal, "mended")
    assert _without(mended[1], "mended", set()) == _without(healthy[1], "healthy", set())


def test_a_failing_api_call_costs_only_itself(page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]) -> None:
    """HTML with status 500 instead of logs and results leaves canvas, badges and lock as they should be."""
    booted[1].allowed = ["status of 500"]
    portal.failing["/runs/"] = 500
    middle, after = _play(page, portal, "run-500")
    assert middle["classes"]["n0"] == ["executed-success"]
    assert middle["classes"]["n1"] == ["executing"]
    assert after["rows"]["run-500"] == "success"
    assert after["locked"] == "false"
    expect(page.locator("#notices")).to_contain_text("cannot be fetched just now")
    portal.failing.clear()
    expect(page.locator("#notices")).not_to_contain_text("The results of a run", timeout=20_000)
