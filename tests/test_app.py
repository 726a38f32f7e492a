"""The whole app on fakes: frames in, page out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.page import FLOW, FakePage
from tests.oracle import fold_log
from tests.streams import NODES, interleavings

Json = dict[str, Any]


def event(name: str, run_id: str = "r", **fields: Any) -> Json:
    return {"event": name, "run_id": run_id, **fields}


async def opened(settings: Settings | None = None) -> FakePage:
    page = FakePage(settings)
    await page.open()
    return page


async def test_the_timeline() -> None:
    """T0 to T7 on fakes; e2e/test_timeline.py shows the same in a browser."""
    page = await opened()
    page.receive(event("run_start"), event("start_node", node_id="n0", order=0))
    assert (page.classes("n0"), page.badges("n0")) == ({"executing"}, [("1", "executing")])
    page.receive(event("start_tool", node_id="n0", tool_name="t"))
    assert page.classes("n0") == {"executing", "executing-tool"}
    page.receive(
        event("end_tool", node_id="n0", tool_name="t"), event("end_node", node_id="n0", order=0, status="success")
    )
    assert page.badges("n0") == [("1", "success")]
    await page.advance(0.5)
    assert page.classes("n0") == {"executed-success", "executing-tool"}
    await page.advance(1.5)
    assert page.classes("n0") == {"executed-success"}
    page.receive(event("run_end"))
    assert page.classes("n0") == set()
    assert page.badges("n0") == [("1", "success")]
    page.receive(event("run_start", "next"))
    assert page.badges("n0") == [], "T0 of the next run"
    page.app.stop()


async def test_play_and_stop() -> None:
    """Queued from the 201 on, subscribed, live; stopping until the end; a failure says why."""
    page = await opened()
    page.http.answer("POST", "/flows/demo/runs", {"run_id": "p"}, 201)
    page.http.answer("POST", "/runs/p/stop", "", 202)
    document = page.document
    document.press(document.region("editor").find("#play"))
    assert page.app.stores.editor.get().starting
    page.app.commands.play()
    await page.settle()
    assert page.http.asked("POST", "/flows/demo/runs") == 1
    assert page.row("p") == "queued"
    assert page.socket.sent_of("subscribe") == [{"type": "subscribe", "run_id": "p"}]
    page.receive(event("run_start", "p"))
    assert page.row("p") == "executing"
    document.press(document.region("editor").find("#stop"))
    page.app.commands.stop()
    await page.settle()
    assert page.http.asked("POST", "/runs/p/stop") == 1
    assert "Stopping" in document.region("runs").textContent
    page.receive(event("run_end", "p", status="killed"))
    page.app.commands.stop()
    assert page.row("p") == "killed"
    page.http.answer("POST", "/flows/demo/runs", {"error": {"code": "full", "message": "No room."}}, 503)
    document.press(document.region("editor").find("#play"))
    await page.settle()
    assert "No room." in document.region("notices").textContent
    document.press(document.region("notices").find("[data-dismiss]"))
    assert "No room." not in document.region("notices").textContent
    page.app.stop()


async def test_a_stop_that_fails_can_be_tried_again() -> None:
    """The row no longer says stopping, and the notice says why."""
    page = await opened()
    page.receive(event("run_start"))
    page.app.commands.stop()
    await page.settle()
    row = page.app.stores.runs.get("r")
    assert row is not None and not row.stopping
    assert "could not be stopped" in page.document.region("notices").textContent
    page.app.stop()


async def test_events_before_the_201_are_not_lost() -> None:
    """A run whose first events come before the answer to Play is not set back to queued."""
    page = await opened()
    page.receive(event("run_start", "p"))
    page.app.queued("p", "demo")
    assert page.row("p") == "executing"
    assert page.app.stores.front.get() == "p"
    page.app.stop()


async def test_the_run_of_the_settings_comes_to_the_front() -> None:
    """`run` is adopted, subscribed, and restored from the server, painted once without delays."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", run="r"))
    lines = [
        event("run_start", seq=0, flow_id="demo"),
        event("start_node", node_id="n0", order=0, seq=1),
        event("end_node", node_id="n0", order=0, status="error", seq=2),
        event("start_node", node_id="n1", order=1, seq=3),
    ]
    page.http.answer("GET", "/runs/r", {"run_id": "r", "flow_id": "demo", "status": "executing"})
    page.http.answer("GET", "/runs/r/events", "\n".join(map(json.dumps, lines)))
    await page.open()
    assert page.app.stores.front.get() == "r"
    assert page.socket.sent_of("resume")[0]["runs"] in ({"r": -1}, {"r": 3})
    assert page.socket.sent_of("subscribe") != []
    assert (page.classes("n0"), page.classes("n1")) == ({"executed-error"}, {"executing"})
    page.app.stop()


async def test_a_reconnect_resumes_every_run_that_is_not_over() -> None:
    """Cursors where there are numbers; a run without them is asked about over HTTP; ended ones are left out."""
    page = await opened()
    page.http.answer("GET", "/runs/bare", {"run_id": "bare", "status": "error"})
    page.receive(
        event("run_start", "numbered", seq=0),
        event("run_start", "bare"),
        event("run_start", "over", seq=0),
        event("run_end", "over", seq=1),
    )
    page.socket.die()
    await page.advance(1.0)
    page.socket.accept()
    await page.settle()
    assert page.socket.sent_of("resume") == [{"type": "resume", "runs": {"numbered": 0}}]
    assert page.row("bare") == "error"
    page.app.stop()


async def test_a_catch_up_is_painted_once_without_delays() -> None:
    """The missed events show their final state at once; what comes live after them has its delays again."""
    page = await opened()
    page.receive(event("run_start", seq=0))
    catch_up = {"type": "catch_up", "run_id": "r", "from_seq": 1, "to_seq": 3, "complete": True}
    page.receive(
        catch_up,
        [
            event("start_node", seq=1, node_id="n0", order=0),
            event("end_node", seq=2, node_id="n0", order=0, status="success"),
            event("start_node", seq=3, node_id="n1", order=1),
        ],
    )
    assert (page.classes("n0"), page.classes("n1")) == ({"executed-success"}, {"executing"})
    page.receive(
        event("end_node", seq=4, node_id="n1", order=1, status="success"),
        event("start_node", seq=5, node_id="n2", order=2),
    )
    page.receive(event("end_node", seq=6, node_id="n2", order=2, status="success"))
    assert page.classes("n2") == {"executing"}
    page.receive(catch_up, event("RunContent", content="x"))
    assert page.classes("n2") == {"executing"} or page.classes("n2") == {"executed-success"}
    page.app.stop()


async def test_an_incomplete_history_is_said() -> None:
    """complete: false: what is held goes on, and the loss is told in words."""
    page = await opened()
    page.receive(event("run_start", seq=0), event("start_node", seq=5, node_id="n0", order=0))
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 5, "to_seq": 4, "complete": False})
    assert page.app.tracking.run("r").nodes["n0"].executing
    assert "did not arrive" in page.document.region("notices").textContent
    page.app.stop()


async def test_a_gap_is_asked_for_and_filled() -> None:
    """The missing number comes over HTTP, and everything is applied in order."""
    page = await opened()
    lines = [event("start_node", node_id="n0", order=0, seq=1), event("start_node", node_id="n1", order=1, seq=2)]
    page.http.answer("GET", "/runs/r/events", "\n".join(map(json.dumps, lines)))
    page.receive(event("run_start", seq=0), lines[1])
    assert page.classes("n1") == set()
    await page.settle()
    assert page.classes("n0") == page.classes("n1") == {"executing"}
    assert page.app.stores.metrics.get("gap") == 1
    assert page.app.stores.metrics.get("duplicate") == 1
    page.app.stop()


async def test_a_gap_that_stays_is_given_up_after_two_seconds() -> None:
    """The rest is applied in order, and the loss is said."""
    page = await opened()
    page.receive(
        event("run_start", seq=0), event("start_node", node_id="n0", order=0, seq=2), event("run_start", seq=9)
    )
    await page.advance(1.9)
    assert page.classes("n0") == set()
    await page.advance(0.2)
    assert page.classes("n0") == {"executing"}
    assert "1 events" in page.document.region("notices").textContent
    await page.advance(2.1)
    assert page.app.stores.metrics.get("handled") == 3
    page.app.stop()


async def test_sparse_numbers_leave_no_gap() -> None:
    """The server said so in hello."""
    page = await opened()
    page.receive(
        {"type": "hello", "sparse": True}, event("run_start", seq=3), event("run_end", seq=90), event("run_end", seq=90)
    )
    assert page.row("r") == "success"
    assert page.app.stores.metrics.get("gap") == 0
    assert page.app.stores.metrics.get("duplicate") == 1
    page.app.stop()


async def test_event_ids_are_known_again() -> None:
    """The same event_id twice is a duplicate, numbers or not."""
    page = await opened()
    page.receive(event("run_start", event_id="e"), event("run_start", event_id="e"))
    assert page.app.stores.metrics.get("duplicate") == 1
    page.app.stop()


async def test_what_is_not_understood_is_counted_and_kept() -> None:
    """Malformed and unknown: counted, shown with a reason, one warning a name; the rest goes on."""
    page = await opened()
    page.receive("garbage", b"binary", {"event": "novelty"}, {"event": "novelty"}, {"type": "odd"}, event("run_start"))
    metrics = dict(page.app.stores.metrics.items())
    assert (metrics["received"], metrics["malformed"], metrics["unknown"], metrics["handled"]) == (6, 2, 3, 1)
    assert len([text for text in page.console.texts("warning") if "novelty" in text]) == 1
    assert "not JSON" in page.document.region("inspector").textContent
    for number in range(120):
        page.receive({"event": f"u{number}"}, "x")
    assert len(page.app.stores.quarantine.get()) == 50
    page.app.stop()


async def test_a_long_batch_lets_the_browser_have_its_turn() -> None:
    """What takes longer than the budget goes on after a turn, in order, and nothing overtakes it."""
    page = await opened()
    order: list[str] = []
    route = page.app.router.route

    def slow(message: Any) -> None:
        order.append(message.run_id)
        page.clock.spend(0.011)
        route(message)

    page.app.router.route = slow  # type: ignore[method-assign]
    page.receive([event("RunContent", f"r{number}", content="x") for number in range(10)])
    page.receive(event("RunContent", "last", content="x"))
    assert 0 < len(order) < 10
    for _ in range(10):
        page.clock.advance(0.0)
    assert order == [f"r{number}" for number in range(10)] + ["last"]
    page.app.stop()


async def test_a_clicked_run_that_was_never_heard_of_is_restored() -> None:
    """A row of the server's list: a click fetches events, or at least the state."""
    page = FakePage()
    page.http.answer(
        "GET",
        "/runs",
        [
            {"run_id": "old", "status": "success", "started_at": 1.0, "ended_at": 2.0},
            {"run_id": "odd", "status": "whatever"},
        ],
    )
    info = {
        "run_id": "old",
        "status": "success",
        "results": {"n0": {"status": "success", "content": "kept", "orders": [0]}},
    }
    page.http.answer("GET", "/runs/old", info)
    await page.open()
    assert (page.row("old"), page.row("odd")) == ("success", "unverified")
    rows = page.document.region("runs")
    page.document.press(rows.find("[data-run-id=old]"))
    await page.settle()
    assert page.app.stores.front.get() == "old"
    assert page.badges("n0") == [("1", "success")]
    assert "kept" in page.document.region("node-output").textContent
    assert page.socket.sent_of("subscribe") == [{"type": "subscribe", "run_id": "old"}]
    page.http.answer("GET", "/runs/odd/events", "", 503)
    page.document.press(rows.find("[data-run-id=odd]"))
    await page.settle()
    assert "could not be shown" in page.document.region("notices").textContent
    page.app.commands.show_run("nobody")
    page.app.stop()


async def test_another_flow_is_loaded_with_its_run() -> None:
    """A click on a run of another flow brings that flow; choosing a flow puts no run in front."""
    page = await opened()
    page.http.answer("GET", "/flows/other", {**FLOW, "id": "other", "name": "Other"})
    page.receive(event("run_start", "theirs", flow_id="other"), event("start_node", "theirs", node_id="n2", order=0))
    assert page.app.stores.front.get() is None
    page.app.commands.show_run("theirs")
    await page.settle()
    graph = page.app.stores.graph.get()
    assert graph is not None and graph.flow.id == "other"
    assert page.classes("n2") == {"executing"}
    page.app.commands.choose_flow("other")
    page.app.commands.choose_flow("demo")
    await page.settle()
    assert page.app.stores.front.get() is None
    assert page.classes("n2") == set()
    page.app.commands.choose_flow("missing")
    await page.settle()
    assert "could not be loaded" in page.document.region("notices").textContent
    page.app.stop()


async def test_a_flow_that_cannot_be_loaded_is_tried_again() -> None:
    """Temporary trouble: said, and retried until it is there. Final trouble: said."""
    page = FakePage()
    page.http.then("GET", "/flows/demo", HttpResponse(503, "<html>"), HttpResponse(200, json.dumps(FLOW)))
    page.app.start()
    await page.settle()
    assert "could not be loaded" in page.document.region("notices").textContent
    await page.advance(2.0)
    assert page.document.node("n0") is not None
    assert "could not be loaded" not in page.document.region("notices").textContent
    page.app.stop()
    page = FakePage(Settings(api="http://portal.test/api", flow="nope"))
    page.app.start()
    await page.settle()
    assert "nothing at" in page.document.region("notices").textContent
    page.app.stop()
    page = FakePage()
    page.http.answer("GET", "/flows", "", 404)
    page.app.start()
    await page.settle()
    assert page.document.node("n0") is None
    page.app.stop()


async def test_a_named_flow_needs_no_list() -> None:
    """A backend that lists nothing still shows the flow that was named; a runs list that fails costs itself."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", flow="demo"))
    page.http.answer("GET", "/flows", "", 404)
    page.http.answer("GET", "/runs", "", 500)
    await page.open()
    assert page.document.node("n0") is not None
    page.app.stop()


async def test_problems_of_the_settings_are_told() -> None:
    """Each as an alert; a page without a backend asks nothing."""
    page = FakePage(Settings(problems=("The setting is odd.",)))
    page.app.start()
    await page.settle()
    assert "The setting is odd." in page.document.region("notices").textContent
    assert page.http.requests == []
    assert page.sockets.opened == []
    page.app.stop()


async def test_a_recorded_run_is_replayed() -> None:
    """No backend, a recording: Play replays it, Stop ends it, Play again is another run."""
    page = FakePage(Settings(replay="/rec"))
    lines = [
        {"type": "flow", **FLOW},
        event("run_start", ts=1.0),
        event("start_node", node_id="n0", order=0, ts=1.0),
        event("run_end", ts=3.0),
    ]
    page.http.answer("GET", "/rec", "\n".join(map(json.dumps, lines)))
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
    assert page.row("r~2") == "killed"
    page.app.commands.choose_flow("demo2")
    await page.settle()
    page.app.stop()


async def test_a_refused_sign_in_is_told() -> None:
    """4401 twice: the notice says what to do, and Try now works."""
    page = await opened()
    page.socket.die(4401)
    await page.settle()
    page.socket.die(4401)
    assert "Sign in again" in page.document.region("notices").textContent
    connection = page.document.region("connection")
    page.document.press(connection.find("[data-action=retry]"))
    await page.settle()
    page.socket.accept()
    assert connection.attributes["data-state"] == "open"
    page.receive({"type": "ping"})
    assert page.socket.sent_of("pong") == [{"type": "pong"}]
    page.app.stop()


async def test_a_node_that_appears_later_gets_its_class_and_badges() -> None:
    """Whoever puts it on the canvas, in the middle of a run."""
    page = await opened()
    page.receive(event("start_node", node_id="later", order=0), event("start_node", node_id="n0", order=1))
    page.receive(event("end_node", node_id="n0", order=1, status="success"))
    page.document.add_nodes("later")
    assert page.classes("later") == {"executing"}
    assert page.badges("later") == [("1", "executing")]
    assert page.classes("n0") == {"executing"}, "its minimum is not cut short"
    page.app.stop()


async def test_reset_and_stop_leave_nothing() -> None:
    """After reset the page is as new; after stop no socket, timer, task or listener is left."""
    page = await opened()
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    for number in range(3):
        page.receive(event("run_start", f"r{number}"), event("start_node", f"r{number}", node_id="n0", order=0))
    await page.settle()
    page.app.reset()
    await page.settle()
    stores = page.app.stores
    assert (len(page.app.tracking), len(stores.runs), len(stores.mock), len(page.app.tasks)) == (0, 0, 0, 0)
    assert page.classes("n0") == set() and page.badges("n0") == []
    assert stores.front.get() is None
    page.receive(event("start_node", "again", node_id="n1", order=0))
    assert page.classes("n1") == {"executing"}
    page.receive(event("start_node", "held behind a gap", node_id="n1", order=0, seq=5))
    page.app.stop()
    await page.settle()
    assert (page.sockets.live, page.clock.pending, page.document.listeners) == (0, 0, 0)


async def test_run_sixty_to_run_one_hundred_sixty_grow_nothing() -> None:
    """Tracking, stores, rows, elements, timers."""
    page = await opened()

    def census() -> tuple[int, ...]:
        stores = page.app.stores
        canvas = sum(1 for _ in page.document.region("canvas").walk())
        rows = sum(1 for _ in page.document.region("runs").walk())
        return page.app.tracking.size, len(stores.mock), len(stores.runs), canvas, rows, len(page.app.tasks)

    counts = []
    for number in range(160):
        run_id = f"r{number}"
        page.receive(
            event("run_start", run_id, seq=0),
            event("start_node", run_id, seq=1, node_id="n0", order=0),
            event("end_node", run_id, seq=2, node_id="n0", order=0, status="success"),
            event("run_end", run_id, seq=3),
        )
        await page.advance(3.0)
        counts.append(census())
    assert counts[59] == counts[159]
    page.app.stop()


def shown(page: FakePage) -> Json:
    """What the page shows of every run: rows, and of each run brought to the front badges and classes."""
    told: Json = {}
    for run_id, _ in list(page.app.stores.runs.items()):
        page.app.stage.bring(run_id)
        badges = {node: {int(text) - 1: status for text, status in page.badges(node)} for node in NODES}
        told[run_id] = {
            "status": page.row(run_id),
            "nodes": {node: found for node, found in badges.items() if found},
            "classes": {node: page.classes(node) for node in NODES},
        }
    return told


def expected(log: list[Json]) -> Json:
    """What it must show, from the oracle: classes as a consequence of the records, none once the run is over."""
    told: Json = {}
    for run_id, run in fold_log(log).items():
        classes: dict[str, set[str]] = {node: set() for node in NODES}
        if run["status"] not in ("success", "error", "killed"):
            for node, executions in run["nodes"].items():
                if "executing" in executions.values():
                    classes[node] = {"executing"}
                else:
                    classes[node] = {f"executed-{last_end(log, run_id, node)}"}
        told[run_id] = {**run, "classes": classes}
    return told


def last_end(log: list[Json], run_id: str, node: str) -> str:
    """The status of the end with the highest number."""
    once = {e["seq"]: e for e in log if e["run_id"] == run_id}
    ends = [once[seq] for seq in sorted(once) if once[seq]["event"] == "end_node" and once[seq]["node_id"] == node]
    return str(ends[-1]["status"])


@given(interleavings(), st.sets(st.integers(0, 60), max_size=3))
def test_the_page_is_the_fold_of_the_log(log: list[Json], lost_links: set[int]) -> None:
    """Any interleaving, duplicates, small disorder and lost links: the page ends as the pure fold over the log."""

    async def play() -> None:
        page = await opened()
        for number, item in enumerate(log):
            if number in lost_links:
                await page.reconnect()
            page.receive(item)
            if number % 7 == 3:
                await page.advance(0.3)
        await page.advance(2.5)
        assert shown(page) == expected(log)
        assert page.app.stores.metrics.get("failed") == 0
        page.app.stop()

    asyncio.run(play())


@pytest.mark.parametrize("name", ["DOMVisualHandler", "MockStoreHandler", "RunLifecycleHandler"])
async def test_a_broken_handler_is_shown_by_name(name: str) -> None:
    """The inspector says who failed, how often, and what it costs."""
    page = await opened()

    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    for lane in page.app.router._lanes:
        if lane.handler.name == name:
            lane.handler.handle = broken  # type: ignore[method-assign,assignment]
    page.receive(event("run_start"), event("start_node", node_id="n0", order=0), event("run_end"))
    row = page.document.region("inspector").find(f"[data-handler={name}]")
    assert int(row.attributes["data-failures"]) >= 2
    assert "RuntimeError: broken" in row.textContent
    page.app.stop()
