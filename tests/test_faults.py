"""Anything of the page raises, by the name of its seam: named, counted, and in the end the picture is as if it had not.

Handlers by themselves: tests/live/test_lane.py and test_router.py; what each costs: tests/test_app.py.
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from pyapp.contract.flow import Flow
from pyapp.handlers import all_handlers
from pyapp.stores.listing import RunsFilter
from pyapp.stores.rows import LogLine, RunLog
from pyapp.testing.clock import FakeClock
from pyapp.testing.faults import Faults
from pyapp.testing.flow import FLOW
from pyapp.testing.page import FakePage
from tests.live.support import Json, closed, ev, lines, notices, numbered

HANDLERS = [each.name for each in all_handlers()]
WAY = ["decode", "inbox", "take", "fold", "router"]
"""The parts that every event passes."""
VIEWS = [
    "AddressView", "AnnouncerView", "BadgesView", "CanvasBarView", "CanvasView", "ChatView", "ConnectionView",
    "DetailsView", "EdgesView", "EditorView", "FailureView", "FlowChoiceView", "InspectorView", "InteractionsView",
    "LogView", "MinimapView", "NodeFeetView", "NodeNamesView", "NoticesView", "OutcomesView", "OutputView",
    "PaletteView", "RunHeadView", "RunsBarView", "RunsView", "SummaryView", "TimelineView", "ToastView",
    "TodayView", "WaitingBarView",
]  # fmt: skip
GROUP = [{"id": "g", "handle": "g", "path": "x.G"}, {"id": "a", "handle": "a", "path": "x.A", "parent": "g"}]
STORY = numbered(
    ev("run_start"),
    ev("start_node", node_id="n0", order=0),
    ev("RunContent", content="one ", node_id="n0"),
    ev("start_tool", node_id="n0", tool_call_id="t", tool_name="look"),
    ev("start_node", node_id="a", order=1),
    ev("RunContent", content="two", node_id="n0"),
    ev("end_node", node_id="a", order=1, status="error", content="output"),
    ev("AgentPaused", node_id="n0", requirements=[{"id": "q", "kind": "confirmation"}]),
    ids=True,
)
BEGAN = FakeClock().wall()
for number, event in enumerate(STORY):
    event["ts"] = BEGAN + number / 10
OTHER = ev("start_node", "other", node_id="n1", order=0, ts=BEGAN + 1.0)
HEAL_S = 35
"""As long as a view or a handler may be away after it failed."""
OWN = ("inspector", "notices")


async def page_with(faults: Faults) -> FakePage:
    page = FakePage(seam=faults)
    page.http.answer("GET", "/flows/demo", {**FLOW, "nodes": [*FLOW["nodes"], *GROUP]})
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "paused", "last_seq": len(STORY) - 1})
    page.http.answer("GET", "/runs/r/events", lines(*STORY))
    page.http.answer("GET", "/runs/other", {"run_id": "other", "status": "executing"})
    await page.open()
    return page


async def told(faults: Faults, arm: dict[int, str], fault: BaseException, times: int) -> FakePage:
    """A page that hears the story, a tenth of a second for each event; before event n a part breaks."""
    page = await page_with(faults)
    for number, event in enumerate(STORY):
        if number in arm:
            faults.arm(arm[number], fault, times=times)
        page.receive(event)
        await page.advance(0.1)
    page.receive(OTHER)
    return page


async def healed(*pages: FakePage) -> None:
    for page in pages:
        for _ in range(HEAL_S):
            await page.advance(1.0)


def differing(page: FakePage, whole: FakePage) -> list[str]:
    one, two = page.picture(but=OWN), whole.picture(but=OWN)
    return [name for name in one if one[name] != two[name]]


async def whole_page() -> FakePage:
    return await told(Faults(), {}, RuntimeError(), 0)


@pytest.mark.parametrize("at", range(len(STORY)))
@pytest.mark.parametrize("part", WAY)
async def test_what_raises_on_the_way_of_one_event_is_mended_by_itself(part: str, at: int) -> None:
    """Put aside in words, counted; the run is whole again, the next event of every run is handled."""
    faults, whole = Faults(), await whole_page()
    page = await told(faults, {at: part}, RuntimeError("broken"), 1)
    assert faults.fired == {part: 1}
    assert page.row("other") == "executing"
    metrics = page.app.stores.metrics
    assert (metrics.get("failed") or 0) + (metrics.get("malformed") or 0) == 1
    assert "RuntimeError: broken" in page.app.stores.quarantine.get()[-1].reason
    await healed(page, whole)
    assert differing(page, whole) == [] and notices(page) == ""
    await closed(page)
    await closed(whole)


@pytest.mark.parametrize("part", [each for each in WAY if each != "fold"])
async def test_what_raises_on_every_event_for_a_while_is_mended_too(part: str) -> None:
    """Three events in a row, one of them the last that comes of the run."""
    faults, whole = Faults(), await whole_page()
    page = await told(faults, {5: part}, RuntimeError("broken"), 3)
    faults.mend()
    await healed(page, whole)
    assert faults.fired[part] == 3
    assert differing(page, whole) == [] and notices(page) == ""
    await closed(page)
    await closed(whole)


async def test_a_run_that_cannot_be_folded_anew_is_incomplete_until_it_can() -> None:
    """It says so, and goes on with what can be folded; drawn anew, it is whole."""
    faults, whole = Faults(), await whole_page()
    page = await told(faults, {5: "fold"}, RuntimeError("broken"), 3)
    assert "Incomplete" in page.document.region("runs").textContent
    assert len(page.document.region("interactions").find_all("[data-requirement-id]")) == 1
    page.document.press(page.document.region("inspector").find("[data-check]"))
    await healed(page, whole)
    assert differing(page, whole) == []
    await closed(page)
    await closed(whole)


class Mute(Exception):
    """Its text cannot be made."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


RAISED = [ValueError("x"), asyncio.CancelledError(), KeyboardInterrupt(), SystemExit(1), GeneratorExit(), Mute()]


@pytest.mark.parametrize("fault", RAISED, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("handler", HANDLERS)
async def test_whatever_a_handler_raises_in_the_end_nothing_is_missing(handler: str, fault: BaseException) -> None:
    """In handle, in can_handle, and in repaint; others show the same all the while."""
    faults, whole = Faults(), await whole_page()
    page = await told(faults, {1: f"handler {handler}", 3: f"can_handle {handler}", 4: f"repaint {handler}"}, fault, 2)
    faults.mend()
    await healed(page, whole)
    assert faults.fired
    row = page.document.region("inspector").find(f"[data-handler={handler}]")
    assert int(row.attributes["data-failures"]) == sum(faults.fired.values())
    assert type(fault).__name__ in row.textContent
    assert differing(page, whole) == []
    await closed(page)
    await closed(whole)


@pytest.mark.parametrize("view", VIEWS)
async def test_a_view_that_raises_costs_its_region_until_it_is_drawn_anew(view: str) -> None:
    """Its health is told; no other view loses its turn."""
    faults, whole = Faults(), await whole_page()
    page = await told(faults, {0: f"view {view}"}, RuntimeError("broken"), 0)
    for each in (page, whole):
        each.app.stores.notices.say("more", "A notice.")
        each.app.stores.logs.set("r", RunLog((LogLine(BEGAN, "info", "a line"),)))
        each.app.stores.flows.set((Flow(id="demo", name="Demo"), Flow(id="other", name="Other")))
        each.app.stores.runs_filter.set(RunsFilter(errors_first=True))
        each.app.commands.choose_node("n0")
        each.keyboard.hit("/")
        each.app.stores.toast.set((1, "Copied"))
        each.app.stores.today.set(date.min)
        await each.reconnect()
        await each.advance(1.0)
    costs = set(differing(page, whole))
    assert len(costs) <= 3, f"{view} costs {costs}"
    faults.mend()
    await healed(page, whole)
    assert differing(page, whole) == []
    row = page.document.region("inspector").find(f"[data-view={view}]")
    assert f"view {view}" in faults.fired and int(row.attributes["data-failures"]) > 0
    await closed(page)
    await closed(whole)


async def test_every_part_that_has_a_seam_is_broken_here() -> None:
    """A part that is added has to be added here, too."""
    faults = Faults()
    page = await page_with(faults)
    parts = [f"{what} {name}" for name in HANDLERS for what in ("handler", "can_handle", "repaint")]
    assert faults.names == {*WAY, *parts, *(f"view {name}" for name in VIEWS)}
    await closed(page)


@pytest.mark.parametrize("store", ["runs", "mock", "front", "metrics", "chat"])
async def test_a_listener_of_a_store_that_raises_costs_only_itself(store: str) -> None:
    page, whole = await page_with(Faults()), await whole_page()
    told_to: list[Any] = []

    def broken(_: Any) -> None:
        told_to.append(_)
        raise KeyboardInterrupt

    listened: Any = getattr(page.app.stores, store)
    listened.listen(broken)
    for event in STORY:
        page.receive(event)
        await page.advance(0.1)
    page.receive(OTHER)
    await healed(page, whole)
    assert told_to and differing(page, whole) == []
    assert "KeyboardInterrupt" in page.console.texts("error")[0]
    await closed(page)
    await closed(whole)


def test_the_story_touches_every_handler() -> None:
    """Else breaking it would show nothing."""
    names: set[Json] = {each["event"] for each in STORY}
    assert all(each.events & names for each in all_handlers())
