"""Faults that a careful reading of the first edition found, each as it was shown, in a page on fakes.

A16 is JavaScript's (e2e/test_runtime.py). No test here reaches into anything: what is read is what a person sees.
"""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from pyapp.ports import HttpResponse
from pyapp.run.tracking import MAX_RUNS
from pyapp.settings import Settings
from pyapp.testing.clock import FakeClock
from pyapp.testing.faults import Faults
from pyapp.testing.flow import FLOW
from pyapp.testing.page import FakePage
from tests.faulty_http import FaultyHttp
from tests.live.support import Json, chat, closed, ev, lines, notices, numbered, opened, passes

CONFIRM = {"id": "q", "kind": "confirmation"}


def cards(page: FakePage) -> int:
    return len(page.document.region("interactions").find_all("[data-requirement-id]"))


def text(page: FakePage, region: str) -> str:
    return page.document.region(region).textContent


def rows(page: FakePage) -> list[str]:
    return [each.attributes["data-run-id"] for each in page.document.region("runs").find_all("[data-run-id]")]


async def late(page_settings: Settings | None = None) -> tuple[FakePage, FaultyHttp]:
    """A page whose HTTP answers can be held back."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    return await opened(page_settings, http=http, clock=clock), http


# -- A1: one exception outside a handler ----------------------------------------------------------------
async def test_a1_one_exception_never_stops_the_page() -> None:
    """1,001 parallel starts and an end: legal, and the end of everything."""
    page = await opened()
    page.receive([ev("start_node", node_id="n0", order=order) for order in range(1001)])
    page.receive(ev("run_end"))
    page.receive(ev("run_start", "other"))
    await page.advance(1)
    assert (page.row("r"), page.row("other")) == ("success", "executing") and not page.app.inbox.waiting
    await closed(page)


async def test_a1_an_answer_with_a_thousand_orders_is_read() -> None:
    page = await opened()
    page.receive(ev("start_node", node_id="n0", order=0))
    results = {"n0": {"status": "success", "orders": list(range(1500))}}
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "success", "results": results})
    page.app.woke()
    await page.settle()
    assert page.row("r") == "success" and page.console.texts("error") == []
    await closed(page)


# -- A2: a gap and a reconnect --------------------------------------------------------------------------
async def test_a2_what_was_held_when_the_link_was_cut_is_no_duplicate_when_it_is_told_again() -> None:
    page = await opened()
    page.http.answer("GET", "/runs/r/events", "", 503)
    events = numbered(
        ev("run_start"),
        ev("start_node", node_id="n0", order=0),
        ev("end_node", node_id="n0", order=0, status="success"),
        ev("start_node", node_id="n1", order=1),
        ev("end_node", node_id="n1", order=1, status="error"),
        ids=True,
    )
    page.receive({"type": "hello"}, events[0], events[1], events[3], events[4])
    await page.reconnect()
    caught_up = {"type": "catch_up", "run_id": "r", "from_seq": 2, "to_seq": 4, "complete": True}
    page.receive({"type": "hello"}, caught_up, events[2:])
    await page.advance(3)
    assert page.badges("n0") == [("1", "success")] and page.badges("n1") == [("2", "error")] and notices(page) == ""
    await closed(page)


# -- A3: a gap whose fill failed ------------------------------------------------------------------------
async def test_a3_a_fill_that_failed_once_is_asked_for_again_without_a_hand_on_the_page() -> None:
    """One 503, then all well: healed within five seconds."""
    page = await opened()
    events = numbered(
        ev("run_start"), ev("start_node", node_id="n0"), ev("end_node", node_id="n0", status="success"), ev("run_end")
    )
    page.http.then("GET", "/runs/r/events", HttpResponse(503, ""), HttpResponse(200, lines(*events)))
    page.receive(events[0], events[1], events[3])
    await passes(page, 5)
    assert page.badges("n0") == [("1", "success")] and notices(page) == ""
    await closed(page)


async def test_a3_words_that_come_late_take_their_place() -> None:
    """Never "one threetwo "."""
    page, http = await late()
    said = numbered(*(ev("RunContent", content=word) for word in ("one ", "two ", "three")))
    http.answer("GET", "/runs/r/events", lines(*said))
    page.receive(said[0])
    await page.settle()
    http.faults.append("late")
    page.receive(said[2])
    await page.settle()
    await page.advance(2.5)
    assert chat(page) == ["one three"]
    http.give_held()
    await page.settle()
    assert chat(page) == ["one two three"]
    await closed(page)


# -- A4: HTTP is provisional ----------------------------------------------------------------------------
async def test_a4_an_answer_before_its_events_costs_no_variables_and_no_duration() -> None:
    page = await opened()
    page.receive(ev("start_node", seq=0, node_id="n0", order=0, ts=1000.0))
    results = {
        node: {"status": "success", "content": "short", "orders": [order]} for order, node in ((0, "n0"), (1, "n1"))
    }
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "success", "results": results, "last_seq": 0})
    page.app.woke()
    await page.settle()
    assert page.badges("n1") == [("2", "success")], "what only HTTP knows is shown meanwhile"
    end: Json = {"status": "success", "content": "whole", "variables": {"answer": 42}}
    page.receive(
        ev("end_node", seq=1, node_id="n0", order=0, ts=1002.0, **end),
        ev("start_node", seq=2, node_id="n1", order=1, ts=1002.0),
        ev("end_node", seq=3, node_id="n1", order=1, ts=1005.0, **end),
        ev("run_end", seq=4),
    )
    output = text(page, "node-output")
    assert "2.0 s" in output and "3.0 s" in output and "whole" in output and "short" not in output
    assert output.count("42") == 2
    await closed(page)


async def test_a4_a_run_that_is_restored_has_all_of_its_executions() -> None:
    """100 executions of 4 nodes, and an answer that knows the last ones only."""
    page = FakePage()
    page.http.answer("GET", "/runs", [{"run_id": "r", "flow_id": "demo", "status": "success"}])
    nodes = [f"n{order % 4}" for order in range(100)]
    events: list[Json] = []
    for order, node in enumerate(nodes):
        events.append(ev("start_node", node_id=node, order=order, ts=1000.0 + order))
        end: Json = {"status": "success", "content": f"<{order}>", "variables": {"v": order}}
        events.append(ev("end_node", node_id=node, order=order, ts=1000.5 + order, **end))
    page.http.answer("GET", "/runs/r/events", lines(*numbered(*events, ev("run_end"))))
    results = {f"n{n}": {"status": "success", "orders": list(range(n, 100, 4))} for n in range(4)}
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "success", "results": results, "last_seq": 200})
    await page.open()
    page.document.press(page.document.region("runs").find("[data-run-id=r]"))
    await passes(page, 2)
    statuses = [status for n in range(4) for _, status in page.badges(f"n{n}")]
    assert statuses == ["success"] * 100
    mocks = page.app.stores.mock.of_run("r").values()
    assert all(each.duration_s == 0.5 and each.variables == {"v": each.order} for each in mocks)
    await closed(page)


# -- A5: an older answer --------------------------------------------------------------------------------
@pytest.mark.parametrize("known", [{}, {"last_seq": 0}], ids=["without a number", "with its number"])
async def test_a5_an_older_answer_closes_no_card(known: Json) -> None:
    """Over four minutes of asking, with answers old and new."""
    page, http = await late()
    first, second = (numbered if known else lambda *each: each)(
        ev("start_node", node_id="n0"), ev("AgentPaused", node_id="n0", requirements=[CONFIRM])
    )
    http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "requirements": [], **known})
    page.receive(first)
    await page.settle()
    http.faults.append("late")
    page.app.woke()
    await page.settle()
    page.receive(second)
    http.give_held()
    await page.settle()
    assert page.row("r") == "paused" and cards(page) == 1
    paused = {"status": "paused", "requirements": [CONFIRM], **({"last_seq": 1} if known else {})}
    http.answer("GET", "/runs/r", {"run_id": "r", **paused})
    for _ in range(8):
        await page.advance(30.0)
        page.app.woke()
        await page.settle()
        assert page.row("r") == "paused" and cards(page) == 1
    await closed(page)


async def test_a5_a_stale_pause_stops_no_run_that_goes_on() -> None:
    page, http = await late()
    page.receive(*numbered(ev("start_node", node_id="n0"), ev("AgentPaused", node_id="n0", requirements=[CONFIRM])))
    await page.settle()
    http.answer("GET", "/runs/r", {"run_id": "r", "status": "paused", "requirements": [CONFIRM], "last_seq": 1})
    http.faults.append("late")
    page.app.woke()
    await page.settle()
    page.receive(ev("resume_start", seq=2), ev("start_node", seq=3, node_id="n1"))
    http.give_held()
    await page.settle()
    assert page.row("r") == "executing" and cards(page) == 0 and page.classes("n1") == {"executing"}
    await closed(page)


async def test_a5_a_stale_executing_wakes_no_run_that_waits() -> None:
    page, http = await late()
    page.receive(ev("start_node", seq=0, node_id="n0"))
    await page.settle()
    http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "last_seq": 0})
    http.faults.append("late")
    page.app.woke()
    await page.settle()
    page.receive(ev("AgentPaused", seq=1, node_id="n0", requirements=[CONFIRM]))
    http.give_held()
    await page.settle()
    http.answer("GET", "/runs/r", "", 503)
    await passes(page, 120, 10)
    assert page.row("r") == "paused", "and it is never in doubt"
    await closed(page)


# -- A6: a resent event ---------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [{"replayed": True}, {"event_id": "fresh"}, {"ts": 5.0}], ids=str)
@pytest.mark.parametrize("which", [0, 2])
async def test_a6_a_resent_event_with_another_field_is_a_duplicate(change: Json, which: int) -> None:
    page = await opened()
    events = numbered(
        ev("run_start"),
        ev("start_node", node_id="n0", order=0),
        ev("end_node", node_id="n0", order=0, status="success"),
        ev("RunContent", content="kept"),
    )
    page.http.answer("GET", "/runs/r/events", lines({**events[which], **change}))
    page.receive({"type": "hello"}, *events)
    await page.reconnect()
    page.receive({"type": "hello"}, {**events[which], **change})
    await page.settle()
    assert page.badges("n0") == [("1", "success")] and chat(page) == ["kept"] and notices(page) == ""
    await closed(page)


# -- A7: the chat after a failure -----------------------------------------------------------------------
async def test_a7_a_chunk_the_chat_failed_on_stands_in_its_place_when_it_works_again() -> None:
    """Never "worldworld", never "worldHello "; and nobody claims to have put anything right."""
    faults = Faults()
    page = await opened(seam=faults)
    faults.arm("handler ChatStreamHandler", RuntimeError("broken"), times=1)
    page.receive(ev("RunContent", content="Hello "))
    page.receive(ev("RunContent", content="world"))
    assert chat(page) == ["Hello world"]
    faults.arm("handler ChatStreamHandler", RuntimeError("broken"), times=1)
    page.receive(ev("RunContent", content="!"))
    page.app.commands.retry("ChatStreamHandler")
    await page.settle()
    page.app.woke()
    await page.settle()
    assert chat(page) == ["Hello world!"] and notices(page) == ""
    await closed(page)


async def test_a7_what_happened_while_it_was_set_aside_is_all_there_afterwards() -> None:
    """Calls A and B: two bubbles."""
    faults = Faults()
    page = await opened(seam=faults)
    faults.arm("handler ChatStreamHandler", RuntimeError("broken"))
    page.receive(*(ev("RunContent", content=f"{word} ") for word in "12345"))
    for name in ("A", "B"):
        page.receive(ev("start_tool", node_id="n0", tool_call_id=name, tool_name=name))
        page.receive(ev("end_tool", node_id="n0", tool_call_id=name, result=name))
    assert "set aside" in notices(page)
    faults.mend()
    await page.advance(1.0)
    tools = page.document.region("chat").find_all("[data-kind=tool]")
    assert len(tools) == 2 and chat(page)[0] == "1 2 3 4 5 " and notices(page) == ""
    await closed(page)


# -- A8: views that forget ------------------------------------------------------------------------------
async def test_a8_of_a_history_that_is_told_anew_nothing_old_is_left_in_any_region() -> None:
    """Every region as on a page that only ever heard of the new one."""
    new = numbered(
        ev("start_node", node_id="n1", order=0, ts=5.0),
        ev("RunContent", content="NEW", ts=5.0),
        ev("end_node", node_id="n1", order=0, status="error", content="NEW OUTPUT", ts=6.0),
        ev("run_end", status="error", ts=7.0),
    )
    old = numbered(
        ev("run_start", ts=1.0),
        ev("start_node", node_id="n0", order=0, ts=1.0),
        ev("start_tool", node_id="n0", tool_name="OLD TOOL", ts=1.0),
        ev("RunContent", content="OLD WORDS", ts=1.0),
        ev("end_node", node_id="n0", order=0, status="success", content="OLD OUTPUT", ts=2.0),
        ev("start_node", node_id="n1", order=1, ts=2.0),
        ev("AgentPaused", node_id="n1", requirements=[CONFIRM], ts=2.0),
    )
    page, fresh = await opened(), await opened()
    page.receive({"type": "hello"}, *old)
    assert cards(page) == 1
    for each in (page, fresh):
        await each.reconnect()
        each.receive({"type": "hello"})
        head = {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 3, "complete": False}
        each.receive(*([head] if each is page else []), *new)
        await passes(each, 3)
    own = ("notices", "inspector")
    assert page.picture(but=own) == fresh.picture(but=own)
    left = [text(page, name) for name in page.picture() if name not in ("html", "bars")]
    assert "OLD" not in "".join(left) + str(page.timeline.bars)
    await closed(page)
    await closed(fresh)


# -- A9: a backend without logs -------------------------------------------------------------------------
async def test_a9_a_backend_without_logs_is_asked_once() -> None:
    page = await opened()
    for number in range(21):
        page.receive(ev("RunContent", content=f"{number} "))
        await page.settle()
    assert page.http.asked("GET", "/runs/r/logs") == 1
    await closed(page)


# -- A10: tickets ---------------------------------------------------------------------------------------
async def test_a10_one_404_never_ends_asking_for_tickets() -> None:
    """A proxy answers during a deployment; the refusal that follows asks for a fresh ticket."""
    page = FakePage()
    ticket = HttpResponse(200, json.dumps({"ticket": "t", "expires_in": 60}))
    page.http.then("POST", "/tickets", ticket, HttpResponse(404, ""), ticket)
    await page.open()
    page.socket.die()
    await passes(page, 2)
    assert page.socket.protocols == ["flowglow.1"]
    page.socket.die(4401)
    await passes(page, 2)
    assert len(page.socket.protocols) == 2, "with a ticket"
    page.socket.accept()
    await page.settle()
    assert "Sign in" not in notices(page)
    await closed(page)


# -- A11: more runs than are kept -----------------------------------------------------------------------
async def test_a11_more_live_runs_than_are_kept_make_no_storm() -> None:
    """A run beyond is a row; no row comes and goes, and nothing is fetched until somebody looks."""
    page = await opened()
    page.http.answer("GET", "/runs/r50/events", lines(*numbered(ev("run_start", "r50"))))
    names = [f"r{number}" for number in range(MAX_RUNS + 1)]
    for seq in range(4):
        page.receive(*(ev("RunContent", name, content="x ", seq=seq) for name in names))
    await passes(page, 5)
    assert sorted(rows(page)) == sorted(names)
    assert [path for _, path, _ in page.http.requests if "/events" in path] == []
    page.document.press(page.document.region("runs").find("[data-run-id=r50]"))
    await page.settle()
    page.receive(*(ev("RunContent", name, content="y ", seq=4) for name in names))
    await passes(page, 5)
    assert sorted(rows(page)) == sorted(names), "the one that made way for it is a row, too"
    assert {path for _, path, _ in page.http.requests if "/events" in path} <= {
        "/runs/r50/events?after=-1",
        "/runs/r50/events?after=0",
    }
    await closed(page)


# -- A12: a flow that cannot be loaded ------------------------------------------------------------------
async def test_a12_play_never_plays_what_the_canvas_does_not_show() -> None:
    page = await opened()
    page.http.then("GET", "/flows/other", HttpResponse(503, ""), HttpResponse(200, json.dumps({**FLOW, "id": "other"})))
    page.app.commands.choose_flow("other")
    await page.settle()
    page.app.commands.play()
    await page.settle()
    assert [path for method, path, _ in page.http.requests if method == "POST" and path.endswith("/runs")] == []
    await passes(page, 2)
    page.app.commands.play()
    await page.settle()
    played = [path for method, path, _ in page.http.requests if method == "POST" and path.endswith("/runs")]
    assert played == ["/flows/other/runs"] and page.app.front.flow_id == "other"
    await closed(page)


# -- A13: two quick clicks ------------------------------------------------------------------------------
async def test_a13_the_newest_click_wins() -> None:
    page, http = await late()
    http.answer("GET", "/flows/other", {**FLOW, "id": "other"})
    page.receive(ev("run_start", "a", flow_id="other"), ev("run_start", "b", flow_id="demo"))
    await page.settle()
    http.faults.append("late")
    page.app.commands.show_run("a")
    await page.settle()
    page.app.commands.show_run("b")
    http.give_held()
    await page.settle()
    assert page.app.shown() == ("demo", "b")
    await closed(page)


async def test_a13_a_stranger_takes_no_front_from_a_run_that_is_being_restored() -> None:
    page, http = await late()
    http.answer("GET", "/runs", [{"run_id": "old", "flow_id": "demo", "status": "success"}])
    await page.reconnect()
    http.faults += ["late"] * 3
    page.document.press(page.document.region("runs").find("[data-run-id=old]"))
    await page.settle()
    page.receive(ev("run_start", "stranger"))
    assert page.app.stores.front.get() == "old"
    http.give_held()
    await page.settle()
    assert page.app.stores.front.get() == "old"
    await closed(page)


# -- A14: a lane that is behind -------------------------------------------------------------------------
@pytest.mark.no_cover
async def test_a14_a_handler_that_is_set_aside_keeps_no_events_and_paints_once() -> None:
    """20,000 starts: coming back costs one painting."""
    faults = Faults()
    page = await opened(seam=faults)
    faults.arm("handler MockStoreHandler", RuntimeError("broken"))
    for start in range(0, 20_000, 1_000):
        page.socket.deliver([ev("start_node", node_id="n0", order=order) for order in range(start, start + 1_000)])
    assert faults.fired["handler MockStoreHandler"] == 5, "then it hears of nothing"
    painted: list[Any] = []
    faults.mend()
    faults.arm("repaint MockStoreHandler", lambda run, _: painted.append(run))
    await page.advance(1.0)
    assert len(painted) == 1 and faults.fired["handler MockStoreHandler"] == 5
    await closed(page)


# -- A15: a link that never says hello ------------------------------------------------------------------
async def test_a15_a_server_that_promised_once_is_held_to_it() -> None:
    page = await opened()
    page.receive({"type": "hello", "heartbeat_s": 10})
    await page.reconnect()
    silent = page.socket
    await passes(page, 15)
    assert page.socket is not silent
    await closed(page)


# -- A17: retry of one handler --------------------------------------------------------------------------
async def test_a17_retry_of_the_nodes_glow_leaves_the_groups_alone() -> None:
    page = FakePage()
    nodes = [{"id": "g", "handle": "g", "path": "x.G"}, {"id": "a", "handle": "a", "path": "x.A", "parent": "g"}]
    page.http.answer("GET", "/flows/demo", {"id": "demo", "name": "Demo", "nodes": nodes, "edges": []})
    await page.open()
    page.receive(ev("start_node", node_id="a"))
    for name in ("DOMVisualHandler", "GroupExecutionHandler", "ToolVisualizationHandler"):
        page.app.commands.retry(name)
        await page.settle()
        assert page.classes("g") == page.classes("a") == {"executing"}
    await closed(page)


# -- A18: notices that stay and lie ---------------------------------------------------------------------
async def test_a18_every_word_of_trouble_goes_with_the_success_that_ends_it() -> None:
    """The log, the results, the loss, the flow, the sign-in."""
    page = await opened()
    bad = HttpResponse(503, "")
    page.http.then("GET", "/runs/r/logs", bad, HttpResponse(200, '{"lines": []}'))
    page.http.then("GET", "/runs/r", bad, HttpResponse(200, '{"run_id": "r", "status": "success"}'))
    page.http.then("GET", "/flows/other", bad, HttpResponse(200, json.dumps({**FLOW, "id": "other"})))
    events = numbered(ev("run_start"), ev("RunContent", content="x"), ev("run_end"))
    page.http.then("GET", "/runs/r/events", bad, bad, bad, HttpResponse(200, lines(*events)))
    page.receive(events[0])
    await page.settle()
    assert "The log is delayed" in notices(page)
    await passes(page, 1)
    page.receive(events[2])
    await passes(page, 2)
    assert "did not arrive" in notices(page)
    page.app.commands.choose_flow("other")
    await page.settle()
    assert "could not be loaded" in notices(page)
    page.socket.die(4401)
    await page.settle()
    page.socket.die(4401)
    await page.settle()
    assert "Sign in again" in notices(page)
    page.app.commands.reconnect()
    await page.settle()
    page.socket.accept()
    await passes(page, 10)
    assert notices(page) == ""
    await closed(page)


async def test_a18_results_are_asked_for_as_long_as_the_words_say_so() -> None:
    page = await opened()
    page.http.answer("GET", "/runs/r", "", 503)
    page.receive(ev("run_start"), ev("run_end"))
    await passes(page, 300, 5)
    before = page.http.asked("GET", "/runs/r")
    assert "results" in notices(page)
    await passes(page, 60, 5)
    assert page.http.asked("GET", "/runs/r") > before
    await closed(page)


@pytest.mark.parametrize(
    "settings",
    [Settings(api="http://portal.test/api"), Settings(problems=("ws is refused.",))],
    ids=["no socket", "refused"],
)
async def test_a18_a_page_without_a_link_is_not_a_recorded_run(settings: Settings) -> None:
    page = FakePage(settings)
    page.app.start()
    await page.settle()
    assert "Recorded run" not in text(page, "connection")
    await closed(page)


async def test_a18_a_named_run_nobody_told_of_is_not_queued() -> None:
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", run="nobody"))
    await page.open()
    assert page.row("nobody") == "unverified"
    assert page.document.region("editor").attributes["data-locked"] == "false"
    await closed(page)


# -- A19: the order of rows and outputs -----------------------------------------------------------------
async def test_a19_rows_are_newest_first_and_outputs_in_order_of_execution() -> None:
    """Whatever the hash seed: in one batch, too."""
    page = FakePage()
    names = [f"{number:02}" for number in range(8)]
    infos = [
        {"run_id": name, "flow_id": "demo", "status": "success", "started_at": 100.0 - int(name)} for name in names
    ]
    page.http.answer("GET", "/runs", infos)
    await page.open()
    assert rows(page) == names
    nodes = ["n3", "n1", "x9", "n0", "x7", "n2", "x8", "x1"]
    batch = [ev("start_node", node_id=node, order=order) for order, node in enumerate(nodes)]
    page.receive(
        [*batch, *(ev("end_node", node_id=node, order=order, status="success") for order, node in enumerate(nodes))]
    )
    shown = [each.attributes["data-node-id"] for each in page.document.region("node-output").find_all("[data-status]")]
    assert list(dict.fromkeys(shown)) == nodes
    await closed(page)


# -- A20: numbers that break drawing --------------------------------------------------------------------
async def test_a20_numbers_that_are_none_break_no_drawing() -> None:
    """NaN over HTTP, moments beyond time, the year 9999."""
    page = FakePage()
    listed = [
        {"run_id": f"r{number}", "flow_id": "demo", "status": "success", "started_at": 1.0 + number}
        for number in range(3)
    ]
    body = json.dumps([*listed[:1], {**listed[1], "started_at": math.nan}, {**listed[2], "started_at": 253402300799.0}])
    page.http.answer("GET", "/runs", body)
    await page.open()
    page.receive(
        ev("start_node", node_id="n0", order=0, ts=-1.7e308),
        ev("end_node", node_id="n0", order=0, status="success", ts=1.7e308),
        ev("RunContent", content="x", ts=253402300799.0),
    )
    await passes(page, 2)
    assert {"r0", "r2", "r"} <= set(rows(page)) and page.console.texts("error") == []
    assert all(
        each.attributes["data-failures"] == "0" for each in page.document.region("inspector").find_all("[data-view]")
    )
    await closed(page)


async def test_a20_a_view_that_raised_is_drawn_anew_and_named() -> None:
    """What it missed is there when it works again, and its health is in the inspector."""
    faults = Faults()
    page = await opened(seam=faults)
    faults.arm("view RunsView", RuntimeError("broken"))
    page.receive(ev("run_start", "a"), ev("run_start", "b"))
    assert rows(page) == []
    failures = page.document.region("inspector").find("[data-view=RunsView]").attributes["data-failures"]
    assert int(failures) > 0
    faults.mend()
    await passes(page, 31, 1)
    assert sorted(rows(page)) == ["a", "b"]
    await closed(page)


# -- A21: stop and reset in the middle of a burst -------------------------------------------------------
@pytest.mark.parametrize("end", ["stop", "reset"])
async def test_a21_in_the_middle_of_a_burst_it_is_over_at_once(end: str) -> None:
    """No task, no timer, no request afterwards; no forgotten run is back."""
    faults = Faults()
    page = await opened(seam=faults)
    faults.arm("router", lambda *_, **__: page.clock.spend(0.03))
    starts = [ev("start_node", f"r{number}", node_id="n0", seq=number % 2 * 2) for number in range(45)]
    page.receive(starts, *[ev("run_end")] * 9)
    assert page.app.inbox.waiting
    faults.mend("router")
    before = len(page.http.requests)
    (page.app.stop if end == "stop" else page.app.reset)()
    await passes(page, 10)
    assert len(page.app.tracking) == 0 and (end == "stop" or rows(page) == [])
    assert len(page.http.requests) == before and "did not arrive" not in notices(page)
    await closed(page)


# -- A22: smaller ones ----------------------------------------------------------------------------------
async def test_a22_1_the_end_of_one_of_two_executions_ends_no_other_s_words() -> None:
    page = await opened()
    for order, source in enumerate("ab"):
        page.receive(ev("start_node", node_id="n0", order=order))
        page.receive(ev("RunContent", node_id="n0", source_run_id=source, content=f"{source}1 "))
    page.receive(ev("end_node", node_id="n0", order=0, status="success"))
    page.receive(ev("RunContent", node_id="n0", source_run_id="b", content="b2"))
    assert chat(page) == ["a1 ", "b1 b2"]
    await closed(page)


async def test_a22_2_under_load_words_do_not_move_over_thoughts() -> None:
    """Structure is the same however much waits."""

    async def heard(load: int) -> list[str]:
        faults = Faults()
        page = await opened(seam=faults)
        said = [
            ev("RunContent", content="A1 "),
            ev("RunReasoningContent", content="thought"),
            ev("RunContent", content="A2"),
        ]
        if load:
            faults.arm("router", lambda *_, **__: page.clock.spend(0.03), times=1)
            page.socket.deliver(ev("RunContent", "other", content="x"))
        for each in [*said, *(ev("RunContent", "other", content="x") for _ in range(load))]:
            page.socket.deliver(each)
        await page.advance(1.0)
        page.app.commands.show_run("r")
        await page.settle()
        kinds = [each.kind + each.text for each in page.app.stores.chat.of_run("r").values()]
        await closed(page)
        return kinds

    assert await heard(0) == await heard(6_000) == ["textA1 ", "reasoningthought", "textA2"]


async def test_a22_3_live_and_painted_anew_a_group_ended_alike_within_one_tick() -> None:
    page = FakePage()
    nodes = [{"id": "g", "handle": "g", "path": "x.G"}] + [
        {"id": each, "handle": each, "path": "x.A", "parent": "g"} for each in "ab"
    ]
    page.http.answer("GET", "/flows/demo", {"id": "demo", "name": "Demo", "nodes": nodes, "edges": []})
    await page.open()
    page.receive(ev("start_node", node_id="a"), ev("end_node", node_id="a", status="error"))
    page.receive(ev("start_node", node_id="b"), ev("end_node", node_id="b", status="success"))
    await page.advance(1.0)
    live = page.classes("g")
    page.app.commands.redraw()
    await page.settle()
    assert page.classes("g") == live == {"executed-error"}
    await closed(page)


async def test_a22_4_nodes_the_portal_put_on_the_canvas_are_not_taken_away() -> None:
    """A backend with a socket and nothing else never has a flow."""
    page = await opened(Settings(ws="ws://portal.test/ws"))
    page.document.add_nodes("theirs")
    page.receive(ev("start_node", node_id="theirs", order=0))
    page.app.stores.notices.say("x", "A notice.")
    await page.settle()
    page.app.commands.dismiss("x")
    await page.settle()
    assert page.classes("theirs") == {"executing"} and page.badges("theirs") == [("1", "executing")]
    await closed(page)


async def test_a22_5_a_recording_may_hold_any_line_separator() -> None:
    page = FakePage(Settings(replay="/rec"))
    odd = ev("RunContent", content="one\u2028two\u0085three", ts=1.0)
    rec = [{"type": "flow", **FLOW}, odd]
    page.http.answer("GET", "/rec", "\n".join(json.dumps(each, ensure_ascii=False) for each in rec))
    page.app.start()
    await page.settle()
    page.app.commands.play()
    await page.advance(1.0)
    assert chat(page) == ["one\u2028two\u0085three"]
    await closed(page)


async def test_a22_7_a_long_history_is_decoded_in_slices() -> None:
    """Not all of it in the task in which it came."""
    faults = Faults()
    page = await opened(seam=faults)
    events = numbered(*(ev("RunContent", content=f"{number} ") for number in range(100)))
    page.http.answer("GET", "/runs/r/events", lines(*events))
    faults.arm("router", lambda *_, **__: page.clock.spend(0.03), times=1)
    page.app.commands.show_run("r")
    await page.settle()
    assert page.app.tracking.run("r").record.events == 1 and len(page.app.inbox.waiting) == 1
    await passes(page, 1)
    assert page.app.tracking.run("r").record.events == 100
    await closed(page)


async def test_a22_9_no_log_line_stands_twice_when_a_run_comes_back_to_life() -> None:
    page = await opened()
    page.http.answer("GET", "/runs/r/logs", {"lines": [{"text": "first"}], "cursor": 1})
    page.http.answer("GET", "/runs/r/logs?after=1", {"lines": []})
    page.receive(ev("run_start"))
    await passes(page, 3)
    page.receive(ev("AgentPaused", requirements=[]))
    await passes(page, 3)
    page.receive(ev("resume_start"))
    await passes(page, 3)
    assert text(page, "log").count("first") == 1
    await closed(page)


async def test_a22_10_catch_ups_of_unknown_runs_are_not_remembered() -> None:
    page = await opened()
    for number in range(100):
        page.receive({"type": "catch_up", "run_id": f"x{number}", "from_seq": 0, "to_seq": 9, "complete": False})
    assert len(page.app.tracking) == 0 and rows(page) == [] and len(page.app.sync.asker) == 0
    page.receive(ev("start_node", "x7", node_id="n0", seq=3))
    await page.advance(2.0)
    assert page.classes("n0") == {"executing"} and "did not arrive" in notices(page)
    await closed(page)


async def test_a22_12_one_warning_a_name_and_none_beyond_those_that_are_remembered() -> None:
    page = await opened()
    for number in range(200):
        page.receive({"event": f"novelty{number}"}, {"event": f"novelty{number}"})
    warnings = [each for each in page.console.texts("warning") if "novelty" in each]
    assert len(warnings) == len(set(warnings)) <= 50
    await closed(page)


# -- B and C --------------------------------------------------------------------------------------------
async def test_b1_a_text_of_brackets_is_drawn_at_once() -> None:
    """A quadratic search would take an hour for this one."""
    page = await opened()
    page.receive(ev("end_node", node_id="n0", order=0, status="success", content="[" * 900_000))
    assert "more characters" in text(page, "node-output")
    await closed(page)


async def test_c2_drawing_anew_mends_every_region_and_not_only_its_stores() -> None:
    """Badges that a view failed on, glows that are gone, words that are missing."""
    faults = Faults()
    page = await opened(seam=faults)
    page.receive(ev("run_start", ts=1.0))
    whole = await opened()
    whole.receive(ev("run_start", ts=1.0))
    events = [ev("start_node", node_id="n0", order=0, ts=2.0), ev("RunContent", content="words", ts=2.0)]
    for name in ("view BadgesView", "handler DOMVisualHandler", "handler ChatStreamHandler"):
        faults.arm(name, RuntimeError("broken"))
    page.receive(*events)
    whole.receive(*events)
    assert page.badges("n0") == [] and page.classes("n0") == set() and chat(page) == []
    faults.mend()
    page.document.press(page.document.region("inspector").find("[data-check]"))
    for each in (page, whole):
        await each.settle()
        await each.advance(1.0)
    assert page.picture(but=("inspector",)) == whole.picture(but=("inspector",))
    await closed(page)
    await closed(whole)


async def test_c3_it_heals_within_five_seconds_by_itself() -> None:
    """Nobody wakes the page, and nothing more comes over the link."""
    page = await opened()
    events = numbered(*(ev("RunContent", content=f"{number} ") for number in range(5)))
    page.http.then("GET", "/runs/r/events", HttpResponse(500, ""), OSError("x"), HttpResponse(200, lines(*events)))
    page.receive(events[0], events[2], events[4])
    await passes(page, 5)
    assert chat(page) == ["0 1 2 3 4 "] and notices(page) == ""
    await closed(page)


async def test_c10_that_a_run_is_completed_is_known_and_used() -> None:
    """Also of one that is not kept any more: nothing is subscribed to for it."""
    page = await opened()
    page.receive(ev("run_start"), ev("run_end"))
    page.app.tracking.clear_run("r")
    assert page.app.tracking.is_run_completed("r")
    page.app.sync.subscribe("r")
    assert page.socket.sent_of("subscribe") == []
    await closed(page)
