"""What fails in the page costs only itself: all else is as in a run without a fault, and the next event is handled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Guard
from .events import RunScript, metric, picture
from .scripted_portal import Json, ScriptedPortal, demo_flow

OWNED = {
    "DOMVisualHandler": {"nodes"},
    "GroupExecutionHandler": {"groups"},
    "ToolVisualizationHandler": {"tools"},
    "MockStoreHandler": {"badges", "outputs"},
    "RunLifecycleHandler": {"rows", "locked"},
    "ChatStreamHandler": {"chat"},
    "InteractionHandler": {"cards"},
}
"""Handler → what of the picture it owns, and may be missing while it fails."""
FLOW = demo_flow()
FLOW["nodes"] += [
    {"id": "g", "handle": "G", "path": "demo.Group"},
    {"id": "a", "handle": "A", "path": "demo.Step", "parent": "g"},
]
TEXT, THINKS, TOOL = ["text", "ada", False, "Hello"], ["reasoning", "ada", True, "Thinking…"], "look · Succeeded"
QUIET: dict[str, list[str]] = {node: [] for node in ("n0", "n1", "n2", "n3", "a")}
MIDDLE: Json = {
    "front": "RUN",
    "rows": {"RUN": "paused"},
    "locked": "true",
    "nodes": {**QUIET, "n0": ["executed-success"], "n1": ["executed-error"], "a": ["executing", "waiting"]},
    "groups": {"g": ["executing"]},
    "tools": ["a"],
    "badges": [["a", "3", "executing", "RUN"], ["n0", "1", "success", "RUN"], ["n1", "2", "error", "RUN"]],
    "outputs": {"n0": "success", "n1": "error"},
    "chat": [
        TEXT, THINKS, ["tool", "RUN", True, "look · Running"],
    ],
    "cards": [["ask", "open"], ["sign-in", "pending"]],
}  # fmt: skip
LATER: Json = {
    **MIDDLE,
    "rows": {"RUN": "executing"},
    "nodes": {**MIDDLE["nodes"], "a": ["executed-success"]},
    "groups": {"g": ["executed-success"]},
    "tools": [],
    "badges": [["a", "3", "success", "RUN"], *MIDDLE["badges"][1:]],
    "outputs": {"n0": "success", "n1": "error", "a": "success"},
    "chat": [TEXT, THINKS, ["tool", "RUN", False, TOOL]],
    "cards": [["sign-in", "pending"]],
}
AFTER: Json = {
    **LATER,
    "rows": {"RUN": "success"},
    "locked": "false",
    "nodes": QUIET,
    "groups": {"g": []},
    "chat": [TEXT, ["reasoning", "ada", False, "Thoughts"], ["tool", "RUN", False, TOOL]],
    "cards": [],
}


@pytest.fixture(scope="module")
def portal() -> Iterator[ScriptedPortal]:
    """One whose flow has a group."""
    portal = ScriptedPortal()
    portal.flows["demo"] = FLOW
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture
def page(booted: tuple[Page, Guard], portal: ScriptedPortal) -> Iterator[Page]:
    """The module's page as new: no runs, every part healthy."""
    page, guard = booted
    portal.forget()
    page.evaluate("() => { probe.heal(); flowglow.reset(); }")
    expect(page.locator("#connection")).to_have_attribute("data-state", "open")
    guard.allowed = []
    yield page
    guard.check()


def parts(run_id: str) -> tuple[list[Json], list[Json], list[Json]]:
    """A run in three parts: until a person is asked, until the work is done, and its end."""
    script = RunScript(run_id, flow_id="demo")
    tool = {"node_id": "a", "tool_call_id": "t", "tool_name": "look"}
    first = [
        script.event("run_start"),
        script.start("n0", 0),
        script.end("n0", 0, content="done"),
        script.start("n1", 1),
        script.end("n1", 1, "error", error="no"),
        script.start("a", 2),
        script.event("RunContent", content="Hello", agent_id="ada"),
        script.event("ReasoningContent", content="So be it", agent_id="ada"),
        script.event("start_tool", **tool),
        script.event(
            "interaction_event", interaction="oauth", interaction_id="sign-in", auth_url="https://sign-in.example/"
        ),
        script.event("AgentPaused", node_id="a", requirements=[{"id": "ask", "kind": "confirmation"}]),
    ]
    second = [script.event("resume_start"), script.event("end_tool", **tool), script.end("a", 2, content={"b": 1})]
    return first, second, [script.event("run_end")]


def seen(page: Page, run_id: str) -> Json:
    """The picture, part by part as the handlers own it."""
    told = picture(page)
    every: dict[str, list[str]] = told.pop("classes")
    told["nodes"] = {node: [each for each in every[node] if each != "executing-tool"] for node in QUIET}
    told["groups"] = {"g": every["g"]}
    told["tools"] = [node for node, names in every.items() if "executing-tool" in names]
    told["chat"] = [[each.strip() if isinstance(each, str) else each for each in bubble] for bubble in told["chat"]]
    named: Json = _named(told, run_id)
    return named


def _named(value: Any, run_id: str) -> Any:
    if isinstance(value, dict):
        return {_named(key, run_id): _named(each, run_id) for key, each in value.items()}
    if isinstance(value, list):
        return [_named(each, run_id) for each in value]
    return "RUN" if value == run_id else value


def shows(page: Page, run_id: str, expected: Json, but: set[str] = frozenset()) -> Json:  # type: ignore[assignment]
    """Wait until the page shows this, but for what is owned by somebody who fails; what it shows."""
    for _ in range(100):
        shown = seen(page, run_id)
        if all(shown[name] == expected[name] for name in expected if name not in but):
            return shown
        page.wait_for_timeout(100)  # delays of the page pass
    for name in expected:
        assert name in but or shown[name] == expected[name], name
    raise AssertionError("unreachable")


def play(page: Page, portal: ScriptedPortal, run_id: str, but: set[str] = frozenset()) -> list[Json]:  # type: ignore[assignment]
    """A whole run; what the page showed at its three stations, which is right but for `but`."""
    shown = []
    for events, expected in zip(parts(run_id), (MIDDLE, LATER, AFTER), strict=True):
        portal.send(*events)
        shown.append(shows(page, run_id, expected, but))
    return shown


@pytest.mark.parametrize("name", OWNED)
def test_a_broken_handler_costs_only_itself(
    name: str, page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]
) -> None:
    """With one handler raising on everything, all that the others own is as in a run without a fault; then it mends."""
    booted[1].allowed = [rf"\[{name}\] failed on"]
    failures = metric(page, "failed")
    page.evaluate(f"() => probe.sabotage({name!r})")
    broken = play(page, portal, "broken", OWNED[name])
    for owned in OWNED[name]:
        assert any(shown[owned] != right[owned] for shown, right in zip(broken, (MIDDLE, LATER, AFTER), strict=True)), (
            f"{owned} is right without its handler: this test proves nothing"
        )
    expect(page.locator("[data-metric=failed]")).not_to_have_text(str(failures))
    row = page.locator(f'#inspector [data-handler="{name}"]')
    expect(row).not_to_have_attribute("data-failures", "0")
    page.evaluate("() => { probe.heal(); flowglow.reset(); }")
    play(page, portal, "mended")


@pytest.mark.parametrize("part", ["decode", "inbox", "take", "fold", "router"])
def test_what_fails_on_one_event_handles_the_next(
    part: str, page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]
) -> None:
    """The path that all events share fails on an event in the middle of a run: that run is right, and so is another."""
    booted[1].allowed = ["failed on"]
    events = [event for each in parts("hit") for event in each]
    portal.events["hit"] = events[:-1]
    fired = page.evaluate(f"() => probe.fired('{part}')")
    portal.send(*events[:4])
    expect(page.locator('#canvas [data-node-id="n1"].executing')).to_have_count(1)
    page.evaluate(f"() => probe.arm('{part}', 1)")
    portal.send(*events[4:-1])
    shows(page, "hit", LATER)
    assert page.evaluate(f"() => probe.fired('{part}')") == fired + 1
    portal.send(events[-1])
    shows(page, "hit", AFTER)
    page.evaluate("() => flowglow.reset()")
    play(page, portal, "next")


def test_a_view_that_fails_is_drawn_again(page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]) -> None:
    """Every view fails once in a run; none takes another's turn, and all of them show the run in the end."""
    booted[1].allowed = ["failed on", "View"]
    views = [name for name in page.evaluate("() => JSON.parse(probe.parts())") if name.startswith("view ")]
    assert len(views) > 10
    for view in views:
        page.evaluate(f"() => probe.arm({view!r}, 1)")
    play(page, portal, "seen")
    struck = {view for view in views if page.evaluate(f"() => probe.fired({view!r})")}
    assert {
        f"view {name}" for name in ("BadgesView", "ChatView", "OutputView", "RunsView", "InteractionsView")
    } <= struck


def test_what_cannot_be_told_to_the_browser_costs_only_itself(
    page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]
) -> None:
    """All strokes of a frame cross as one JSON text, and a view of a portal may write anything."""
    booted[1].allowed = ["failed on"]
    page.evaluate("() => probe.misspeak()")
    play(page, portal, "told")
    expect(page.locator("#chat")).to_have_attribute("title", "said")


def test_a_listener_that_fails_costs_only_itself(
    page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]
) -> None:
    """A listener of every store raises on every change."""
    booted[1].allowed = ["failed on", "broken"]
    page.evaluate("() => probe.deafen()")
    play(page, portal, "heard")
    assert page.evaluate("() => probe.deafened()") > 10


def test_a_failing_api_call_costs_only_itself(page: Page, portal: ScriptedPortal, booted: tuple[Page, Guard]) -> None:
    """HTML with status 500 instead of logs and results leaves the picture as it should be; the words about it go."""
    booted[1].allowed = ["status of 500"]
    portal.failing["/runs/"] = 500
    play(page, portal, "run-500")
    expect(page.locator("#notices")).to_contain_text("The log is delayed")
    portal.failing.clear()
    expect(page.locator("#notices")).not_to_contain_text("The results of a run", timeout=20_000)
