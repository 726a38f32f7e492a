"""The whole app on fakes: frames in, page out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from pyapp.handlers import all_handlers
from pyapp.live.front import MAX_OVER
from pyapp.run.tracking import MAX_RUNS
from pyapp.settings import Settings
from pyapp.testing.faults import Faults
from pyapp.testing.flow import FLOW
from pyapp.testing.page import FakePage
from tests.live.support import chat, closed, ev, lines, notices, numbered, opened
from tests.run.support import remembered

API = "http://portal.test/api"


# -- the timeline (docs/contract.md §5) -----------------------------------------------------------------
async def test_the_timeline() -> None:
    """T0 to T7 with their exact delays; e2e/test_timeline.py shows the same in a browser."""
    page = await opened()
    page.receive(ev("run_start"))
    assert page.classes("n0") == set() and page.badges("n0") == []
    assert page.document.region("editor").attributes["data-locked"] == "true"
    page.receive(ev("start_node", node_id="n0", order=0))
    assert (page.classes("n0"), page.badges("n0")) == ({"executing"}, [("1", "executing")])
    page.receive(ev("start_tool", node_id="n0", tool_name="t"))
    assert page.classes("n0") == {"executing", "executing-tool"}
    page.receive(ev("end_tool", node_id="n0", tool_name="t"))
    page.receive(ev("end_node", node_id="n0", order=0, status="success"))
    assert page.classes("n0") == {"executing", "executing-tool"} and page.badges("n0") == [("1", "success")]
    await page.advance(0.499)
    assert page.classes("n0") == {"executing", "executing-tool"}
    await page.advance(0.001)
    assert page.classes("n0") == {"executed-success", "executing-tool"}
    await page.advance(1.499)
    assert page.classes("n0") == {"executed-success", "executing-tool"}
    await page.advance(0.001)
    assert page.classes("n0") == {"executed-success"}
    page.receive(ev("start_node", node_id="n1", order=1), ev("end_node", node_id="n1", order=1, status="error"))
    assert page.classes("n1") == {"executing"}, "its minimum is pending"
    page.receive(ev("run_end"))
    assert page.classes("n0") == page.classes("n1") == set(), "whatever was pending"
    assert page.document.region("editor").attributes["data-locked"] == "false"
    await page.advance(5.0)
    assert page.classes("n0") == page.classes("n1") == set()
    assert page.badges("n0") == [("1", "success")] and page.badges("n1") == [("2", "error")]
    assert page.row("r") == "success"
    page.receive(ev("run_start", "next"))
    assert page.badges("n0") == page.badges("n1") == [], "T0 of the next run"
    assert page.row("r") == "success"
    await closed(page)


async def test_a_class_changes_in_the_task_in_which_the_message_came() -> None:
    """Without a frame, without a turn of the loop; what views draw comes with the frame."""
    page = await opened()
    page.socket.deliver(ev("start_node", node_id="n0", order=0))
    assert page.classes("n0") == {"executing"} and page.badges("n0") == []
    page.frames.paint_all()
    assert page.badges("n0") == [("1", "executing")]
    await page.advance(1.0)
    page.socket.deliver(ev("end_node", node_id="n0", order=0, status="success"))
    assert page.classes("n0") == {"executed-success"}
    page.socket.deliver(ev("run_end"))
    assert page.classes("n0") == set()
    await closed(page)


async def test_a_hidden_page_is_right_at_once_when_somebody_looks() -> None:
    page = await opened()
    page.frames.hidden = True
    page.receive(ev("run_start"), ev("start_node", node_id="n0", order=0), ev("RunContent", content="words"))
    assert chat(page) == [] and page.app.stores.mock.get(("r", "n0-0")) is not None
    page.frames.hidden = False
    page.frames.paint_all()
    assert chat(page) == ["words"] and page.badges("n0") == [("1", "executing")]
    await closed(page)


# -- what the settings name -----------------------------------------------------------------------------
async def test_the_run_of_the_settings_comes_to_the_front() -> None:
    """Subscribed, restored from the server, painted once without delays."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api=API, run="r"))
    events = numbered(
        ev("run_start", flow_id="demo"),
        ev("start_node", node_id="n0", order=0),
        ev("end_node", node_id="n0", order=0, status="error"),
        ev("start_node", node_id="n1", order=1),
    )
    page.http.answer("GET", "/runs/r", {"run_id": "r", "flow_id": "demo", "status": "executing"})
    page.http.answer("GET", "/runs/r/events", lines(*events))
    await page.open()
    assert page.app.shown() == ("demo", "r")
    assert page.socket.sent_of("resume")[0]["runs"] in ({"r": -1}, {"r": 3})
    assert page.socket.sent_of("subscribe") != []
    assert (page.classes("n0"), page.classes("n1")) == ({"executed-error"}, {"executing"})
    await closed(page)


async def test_problems_of_the_settings_are_told() -> None:
    """Each as an alert; a page without a backend asks nothing."""
    page = FakePage(Settings(problems=("The setting is odd.", "And another.")))
    page.app.start()
    await page.settle()
    assert "The setting is odd." in notices(page) and "And another." in notices(page)
    assert page.http.requests == [] and page.sockets.opened == []
    await closed(page)


async def test_a_recorded_run_is_replayed() -> None:
    """No backend, a recording: Play replays it, Stop ends it, Play again is another run."""
    page = FakePage(Settings(replay="/rec"))
    recorded = [
        {"type": "flow", **FLOW},
        ev("run_start", ts=1.0),
        ev("start_node", node_id="n0", order=0, ts=1.0),
        ev("run_end", ts=3.0),
    ]
    page.http.answer("GET", "/rec", "\n".join(map(json.dumps, recorded)))
    page.app.start()
    await page.settle()
    page.app.commands.play()
    await page.settle()
    assert page.classes("n0") == {"executing"}
    await page.advance(2.0)
    assert page.row("r") == "success"
    page.app.commands.play()
    await page.settle()
    page.app.commands.stop()
    await page.settle()
    assert page.row("r~2") == "killed" and "Recorded run" in page.document.region("connection").textContent
    await closed(page)


async def test_played_again_a_recorded_run_takes_as_long_as_before() -> None:
    """While it goes on, too: the time in the recording begins again with it."""
    page = FakePage(Settings(replay="/rec"))
    recorded = [{"type": "flow", **FLOW}, ev("run_start", ts=1e9), ev("start_node", node_id="n0", order=0, ts=1e9)]
    page.http.answer("GET", "/rec", "\n".join(map(json.dumps, [*recorded, ev("run_end", ts=1e9 + 4.0)])))
    page.app.start()
    await page.settle()
    for run_id in ("r", "r~2"):
        page.app.commands.play()
        await page.settle()
        await page.advance(2.0)
        await page.advance(0.1)
        row = page.document.region("runs").find(f"[data-run-id={run_id}]")
        assert row is not None and "2.1 s" in row.textContent
        for _ in range(40):
            await page.advance(1.0)
    await closed(page)


async def test_a_clicked_run_that_was_never_heard_of_is_restored() -> None:
    """A row of the server's list: its events where there are any, at least its state."""
    page = FakePage()
    page.http.answer("GET", "/runs", [{"run_id": "old", "status": "success", "started_at": 1.0, "ended_at": 2.0}])
    results = {"n0": {"status": "success", "content": "kept", "orders": [0]}}
    page.http.answer("GET", "/runs/old", {"run_id": "old", "status": "success", "results": results})
    await page.open()
    page.document.press(page.document.region("runs").find("[data-run-id=old]"))
    await page.settle()
    assert page.app.stores.front.get() == "old" and page.badges("n0") == [("1", "success")]
    assert "kept" in page.document.region("node-output").textContent and page.row("old") == "success"
    assert page.document.region("editor").attributes["data-locked"] == "false"
    await closed(page)


async def test_another_flow_is_loaded_with_its_run() -> None:
    """Choosing a flow puts no run in front."""
    page = await opened()
    page.http.answer("GET", "/flows/other", {**FLOW, "id": "other", "name": "Other"})
    page.receive(ev("run_start", "theirs", flow_id="other"), ev("start_node", "theirs", node_id="n2", order=0))
    page.document.press(page.document.region("runs").find("[data-run-id=theirs]"))
    await page.settle()
    assert page.app.shown() == ("other", "theirs") and page.classes("n2") == {"executing"}
    page.app.commands.choose_flow("demo")
    await page.settle()
    assert page.app.shown() == ("demo", None) and page.classes("n2") == set()
    await closed(page)


# -- the canvas is somebody else's, too -----------------------------------------------------------------
async def test_a_node_that_appears_later_gets_its_class_and_badges() -> None:
    """Whoever puts it on the canvas, in the middle of a run; one that is replaced, too."""
    page = await opened()
    page.receive(ev("start_node", node_id="later", order=0), ev("start_node", node_id="n0", order=1))
    page.receive(ev("end_node", node_id="n0", order=1, status="success"))
    page.document.add_nodes("later")
    await page.settle()
    assert page.classes("later") == {"executing"} and page.badges("later") == [("1", "executing")]
    assert page.classes("n0") == {"executing"}, "its minimum is not cut short"
    old = page.document.node("later")
    assert old is not None
    old.remove()
    page.receive(ev("end_node", node_id="later", order=0, status="error"))
    await page.advance(1.0)
    page.document.add_nodes("later")
    await page.settle()
    assert page.classes("later") == {"executed-error"} and page.badges("later") == [("1", "error")]
    assert page.console.texts("error") == []
    await closed(page)


# -- isolation ------------------------------------------------------------------------------------------
SHOWS = {
    "DOMVisualHandler": {"canvas"},
    "GroupExecutionHandler": {"canvas", "minimap"},
    "ToolVisualizationHandler": {"canvas", "minimap"},
    "MockStoreHandler": {"canvas", "node-output", "runs", "canvas-bar", "minimap", "chat", "details", "summary"},
    "RunLifecycleHandler": {
        "canvas",
        "interactions",
        "waiting-bar",
        "run-head",
        "runs",
        "editor",
        "canvas-bar",
        "log",
        "details",
        "summary",
    },
    "ChatStreamHandler": {"chat", "details"},
    "InteractionHandler": {"interactions", "runs", "waiting", "waiting-bar", "details"},
}
"""handler → the regions that depend on what it shows."""
GROUP = [{"id": "g", "handle": "g", "path": "x.G"}, {"id": "a", "handle": "a", "path": "x.A", "parent": "g"}]
GROUPED = {**FLOW, "nodes": [*FLOW["nodes"], *GROUP]}
STORY = [
    ev("run_start", ts=1.0),
    ev("start_node", node_id="n0", order=0, ts=1.0),
    ev("RunContent", content="words", node_id="n0", ts=2.0),
    ev("start_tool", node_id="n0", tool_name="look", ts=2.0),
    ev("start_node", node_id="a", order=1, ts=2.0),
    ev("end_node", node_id="a", order=1, status="error", content="output", ts=3.0),
    ev("AgentPaused", node_id="n0", requirements=[{"id": "q", "kind": "confirmation"}], ts=3.0),
]


async def heard(faults: Faults, *broken: str) -> FakePage:
    """A page that has heard the story, with some of its parts broken."""
    page = FakePage(seam=faults)
    page.http.answer("GET", "/flows/demo", GROUPED)
    await page.open()
    for name in broken:
        faults.arm(name, RuntimeError("broken"))
    for each in STORY:
        page.receive(each)
    await page.advance(0.6)
    return page


def differing(page: FakePage, other: FakePage) -> set[str]:
    one, two = page.picture(but=("inspector", "notices")), other.picture(but=("inspector", "notices"))
    return {name for name in one if one[name] != two[name] and not name.endswith("title")}


@pytest.mark.parametrize("name", [each.name for each in all_handlers()])
async def test_a_broken_handler_costs_its_own_regions_and_no_other(name: str) -> None:
    """It costs something, else this shows nothing; it is named with what it costs; mended, all is as it should be."""
    whole, faults = await heard(Faults()), Faults()
    page = await heard(faults, f"handler {name}", f"repaint {name}")
    costs = differing(page, whole)
    assert costs and costs <= SHOWS[name]
    row = page.document.region("inspector").find(f"[data-handler={name}]")
    assert int(row.attributes["data-failures"]) >= 1 and "RuntimeError: broken" in row.textContent
    faults.mend()
    for each in (page, whole):
        for _ in range(31):
            await each.advance(1.0)
    assert differing(page, whole) == set() and notices(page) == notices(whole)
    await closed(page)
    await closed(whole)


async def test_every_handler_is_among_those_that_are_broken() -> None:
    assert set(SHOWS) == {each.name for each in all_handlers()}


# -- the end --------------------------------------------------------------------------------------------
async def test_reset_is_as_a_page_that_was_just_opened() -> None:
    """Connection and flow stay; what comes afterwards is taken in."""
    fresh, page = await opened(), await opened()
    for number in range(3):
        page.receive(ev("run_start", f"r{number}"), ev("start_node", f"r{number}", node_id="n0", order=0))
        page.receive(ev("RunContent", f"r{number}", content="x"))
    page.app.reset()
    for each in (page, fresh):
        await each.settle()
    assert page.picture(but=("inspector",)) == fresh.picture(but=("inspector",))
    assert len(page.app.tracking) == 0 and len(page.app.tasks) == 0
    page.receive(ev("start_node", "again", node_id="n1", order=0))
    assert page.classes("n1") == {"executing"}
    await closed(page)
    await closed(fresh)


async def test_stopped_nothing_is_left_whatever_was_under_way() -> None:
    """A gap, a glow at its minimum, a question, a suspended handler, a view that fails, a play."""
    faults = Faults()
    page = await opened(seam=faults)
    page.http.answer("GET", "/runs/r/events", "", 503)
    page.receive(ev("run_start", seq=0), ev("start_node", seq=1, node_id="n0"), ev("start_tool", seq=2, node_id="n0"))
    page.receive(ev("end_node", seq=3, node_id="n0", status="success"), ev("end_tool", seq=4, node_id="n0"))
    page.receive(ev("start_node", seq=9, node_id="n1"))
    faults.arm("view ChatView", RuntimeError("broken"))
    faults.arm("handler MockStoreHandler", lambda *_: _for_ever())
    page.receive(ev("RunContent", "other", content="x"), ev("start_node", "other", node_id="n0"))
    page.app.commands.play()
    await page.settle()
    await closed(page)
    assert len(page.app.tasks) == 0 and len(page.app.sync.asker) == 0


async def _for_ever() -> None:
    await asyncio.Event().wait()


@pytest.mark.no_cover
async def test_one_hundred_runs_more_grow_nothing() -> None:
    """Tracking, stores, rows, elements, timers: once the rows of runs that are over are as many as may be."""
    page = await opened()

    def census() -> dict[str, Any]:
        stores = page.app.stores
        tables = (stores.mock, stores.runs, stores.chat, stores.groups, stores.tools, stores.interactions, stores.logs)
        elements = {name: sum(1 for _ in page.document.region(name).walk()) for name in ("canvas", "runs", "chat")}
        return {
            "tracking": remembered(page.app.tracking),
            "tables": [len(table) for table in tables],
            "notices": len(stores.notices),
            "tasks": len(page.app.tasks),
            "questions": len(page.app.sync.asker),
            "timers": page.clock.pending,
            **elements,
        }

    counts = []
    full = MAX_RUNS + MAX_OVER
    for number in range(full + 100):
        page.receive(
            *numbered(
                ev("run_start", f"r{number}"),
                ev("start_node", f"r{number}", node_id="n0", order=0),
                ev("RunContent", f"r{number}", content="x"),
                ev("AgentPaused", f"r{number}", requirements=[{"id": "q", "kind": "confirmation"}]),
                ev("resume_start", f"r{number}"),
                ev("end_node", f"r{number}", node_id="n0", order=0, status="success"),
                ev("run_end", f"r{number}"),
            )
        )
        await page.advance(3.0)
        counts.append(census())
    assert counts[full - 1] == counts[full + 99]
    rest = [{name: each[name] for name in each if name not in ("tables", "runs")} for each in (counts[59], counts[-1])]
    assert rest[0] == rest[1], "of a run that was forgotten nothing but its row is left"
    await closed(page)
