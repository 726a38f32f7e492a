"""What comes into the logs of the runs: gaps that are waited for, what is missed and painted once, moments."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from pyapp.live.intake import GAP_WAIT_S
from pyapp.ports import HttpResponse
from pyapp.testing.faults import Faults
from pyapp.testing.page import FakePage
from tests.live.support import chat, closed, ev, lines, notices, numbered, opened

RUN = numbered(
    ev("run_start"),
    ev("start_node", node_id="n0", order=0),
    ev("RunContent", content="one "),
    ev("RunContent", content="two "),
    ev("end_node", node_id="n0", order=0, status="success"),
    ev("start_node", node_id="n1", order=1),
    ids=True,
)


def metric(page: FakePage, name: str) -> int:
    return int(page.document.region("inspector").find(f"[data-metric={name}]").textContent)


# -- gaps -----------------------------------------------------------------------------------------------
async def test_what_is_behind_a_gap_waits_two_seconds_for_it() -> None:
    """Not drawn at 1.99 s; at 2 s it is applied in order, and the loss is said."""
    page = await opened()
    page.receive(RUN[0], RUN[5])
    await page.advance(GAP_WAIT_S - 0.01)
    assert page.badges("n1") == [] and notices(page) == ""
    await page.advance(0.01)
    assert page.badges("n1") == [("2", "executing")] and page.classes("n1") == {"executing"}
    assert "4 events" in notices(page) and metric(page, "gap") == 1
    await closed(page)


async def test_gaps_wait_together_never_one_after_the_other() -> None:
    """A second one that opens in the meantime has what is left of the two seconds."""
    page = await opened()
    page.receive(RUN[0], RUN[2])
    await page.advance(1.5)
    page.receive(RUN[5])
    await page.advance(0.5)
    assert page.badges("n1") == [("2", "executing")] and metric(page, "handled") == 3
    assert "3 events" in notices(page)
    await closed(page)


@pytest.mark.parametrize("order", list(itertools.permutations(range(1, 4))))
async def test_in_whatever_order_it_comes_it_is_one_picture(order: tuple[int, ...]) -> None:
    """Within the two seconds, or late: what comes takes its place by number, text too, and the words go."""
    run = [{**each, "ts": 1000.0 + each["seq"]} for each in RUN]
    whole = await opened()
    whole.receive(*run)
    for pause_s in (0.0, GAP_WAIT_S):
        page = await opened()
        page.receive(run[0], *run[4:])
        await page.advance(pause_s)
        for number in order:
            page.receive(run[number])
        await page.settle()
        assert chat(page) == ["one two "] and page.badges("n0") == [("1", "success")] and notices(page) == ""
        assert page.app.tracking.run("r").record == whole.app.tracking.run("r").record
        await closed(page)
    await closed(whole)


async def test_twice_is_once_whatever_else_differs() -> None:
    """The same number, or the same id; one that was only held has not been applied."""
    page = await opened()
    page.receive(
        RUN[0], RUN[2], RUN[2], {**RUN[0], "event_id": "fresh", "replayed": True}, ev("run_start", event_id="e0")
    )
    page.receive(RUN[1])
    assert chat(page) == ["one "] and metric(page, "duplicate") == 3 and metric(page, "handled") == 3
    await closed(page)


async def test_sparse_numbers_leave_no_gap() -> None:
    """The server said so in hello."""
    page = await opened()
    page.receive(
        {"type": "hello", "sparse": True}, ev("run_start", seq=3), ev("run_end", seq=90), ev("run_end", seq=90)
    )
    assert page.row("r") == "success" and metric(page, "gap") == 0 and metric(page, "duplicate") == 1
    await closed(page)


@pytest.mark.parametrize("unread", [False, True])
async def test_a_run_that_is_joined_in_the_middle_of_sparse_numbers_has_its_history(unread: bool) -> None:
    """No gap shows that there is more; the same where its first event cannot be read. One that begins is not asked,
    and one without numbers, of which everything would come twice."""
    page = await opened()
    events = [{**each, "seq": 7 + each["seq"] * 3} for each in RUN]
    page.http.answer("GET", "/runs/r/events", lines(*events))
    page.receive({"type": "hello", "sparse": True}, ev("run_start", "q", seq=3), ev("run_end", "q", seq=4))
    page.receive(*[ev("start_node", seq=7)] * unread, events[-1])
    await page.settle()
    assert chat(page) == ["one two "] and page.badges("n0") == [("1", "success")]
    page.receive(ev("RunContent", content="three", seq=99))
    page.receive(ev("RunContent", "bare", content="four"))
    for _ in range(30):
        await page.advance(1)
    assert [page.http.asked("GET", f"/runs/{run_id}/events") for run_id in ("r", "q", "bare")] == [1, 0, 0]
    await closed(page)


@pytest.mark.parametrize("waits_s", [0.0, GAP_WAIT_S])
async def test_numbers_that_turn_out_to_be_sparse_have_no_gaps(waits_s: float) -> None:
    """The history came before hello: what was held goes on, the words about a loss go; one more answer is enough."""
    page = await opened()
    events = [{**each, "seq": each["seq"] * 3} for each in RUN]
    page.http.answer("GET", "/runs/r/events", lines(*events))
    page.receive(*events[:2], events[-1])
    await page.advance(waits_s)
    page.receive({"type": "hello", "sparse": True})
    await page.settle()
    assert page.badges("n1") == [("2", "executing")] and notices(page) == "" and chat(page) == ["one two "]
    await page.advance(GAP_WAIT_S)
    before = page.http.asked("GET", "/runs/r/events")
    for _ in range(30):
        await page.advance(1)
    assert page.http.asked("GET", "/runs/r/events") == before and len(page.app.sync.asker) == 0
    await closed(page)


# -- what was missed ------------------------------------------------------------------------------------
async def test_what_is_gone_of_a_run_that_is_not_known_yet_is_not_waited_for() -> None:
    """Said before its first event: what is there is shown at once, and what is gone is never asked for."""
    page = await opened()
    page.receive(
        {"type": "hello"},
        {"type": "catch_up", "run_id": "r", "from_seq": 4, "to_seq": 5, "complete": False},
        *RUN[4:],
    )
    assert page.badges("n0") == [("1", "success")] and page.badges("n1") == [("2", "executing")]
    assert "4 events" in notices(page)
    for _ in range(30):
        await page.advance(1)
    assert page.http.asked("GET", "/runs/r/events") == 0
    await closed(page)


async def test_what_a_catch_up_tells_happened_is_never_in_the_future() -> None:
    """A run that is silent, seen by a machine whose clock is ten minutes behind, with no other word of the server's."""
    page = await opened()
    at = page.clock.wall() + 600.0
    told = numbered(ev("run_start", ts=at - 60.0), ev("start_node", node_id="n0", order=0, ts=at - 2.0))
    head = {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 1, "complete": True}
    page.receive({"type": "hello"}, head, *told)
    await page.advance(2.0)
    await page.advance(0.1)
    assert "1 min 00 s" in page.document.region("runs").textContent
    await closed(page)


async def test_a_catch_up_is_painted_once_without_delays() -> None:
    """The final state at once; what comes live after it has its delays again."""
    page = await opened()
    page.receive(RUN[0])
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 1, "to_seq": 5, "complete": True}, RUN[1:])
    assert (page.classes("n0"), page.classes("n1")) == ({"executed-success"}, {"executing"})
    page.receive(ev("end_node", seq=6, node_id="n1", order=1, status="error"))
    assert page.classes("n1") == {"executing"}
    await page.advance(0.5)
    assert page.classes("n1") == {"executed-error"}
    page.receive(ev("start_node", seq=7, node_id="n2", order=2))
    page.receive(ev("end_node", seq=8, node_id="n2", order=2, status="success"))
    assert page.classes("n2") == {"executing"}, "it was shown for less than its minimum"
    await closed(page)


@pytest.mark.parametrize("frames", ["one", "each"])
async def test_a_catch_up_paints_each_handler_once(frames: str) -> None:
    """However the missed events are framed: what draws the canvas is repainted, not called for each."""
    faults = Faults()
    page = await opened(seam=faults)
    page.receive(RUN[0])
    heard: list[str] = []
    faults.arm("handler DOMVisualHandler", lambda message, _: heard.append(message.event))
    page.socket.deliver({"type": "catch_up", "run_id": "r", "from_seq": 1, "to_seq": 5, "complete": True})
    for frame in [RUN[1:]] if frames == "one" else RUN[1:]:
        page.socket.deliver(frame)
    assert heard == [] and page.classes("n1") == {"executing"}
    await closed(page)


async def test_what_was_announced_and_does_not_come_is_asked_for() -> None:
    """The link stays up, nothing waits behind a gap, and nobody says how far the run is: no number tells of it."""
    page = await opened()
    page.receive(*RUN[:2], {"type": "catch_up", "run_id": "r", "from_seq": 2, "to_seq": 5, "complete": True}, RUN[2])
    page.http.answer("GET", "/runs/r/events", lines(*RUN))
    await page.advance(GAP_WAIT_S - 0.5)
    page.receive(RUN[3])
    await page.advance(GAP_WAIT_S - 0.5)
    assert page.http.asked("GET", "/runs/r/events") == 0, "it is coming"
    await page.advance(2 * GAP_WAIT_S)
    assert page.http.asked("GET", "/runs/r/events") == 1 and page.badges("n1") == [("2", "executing")]
    await closed(page)


async def test_what_is_coming_is_not_asked_for_when_the_server_says_how_the_run_is() -> None:
    """Announced behind a reconnect, and on its way: asked for then, it would come twice."""
    page = await opened()
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing"})
    page.receive({"type": "hello"}, *RUN[:2])
    await page.reconnect()
    page.receive({"type": "hello"}, {"type": "catch_up", "run_id": "r", "from_seq": 2, "to_seq": 5, "complete": True})
    page.app.sync.runs.state(page.app.tracking.run("r"))
    await page.settle()
    assert page.http.asked("GET", "/runs/r") > 0
    assert page.http.asked("GET", "/runs/r/events") == 0 and len(page.socket.sent_of("resume")) == 1
    page.receive(*RUN[2:])
    assert metric(page, "duplicate") == 0 and page.badges("n1") == [("2", "executing")]
    await closed(page)


async def test_an_incomplete_history_is_said_and_nothing_waits_for_it() -> None:
    page = await opened()
    page.receive(RUN[0], RUN[5])
    page.receive({"type": "catch_up", "run_id": "r", "from_seq": 5, "to_seq": 5, "complete": False})
    assert page.badges("n1") == [("2", "executing")] and "did not arrive" in notices(page)
    asked = page.http.asked("GET", "/runs/r/events")
    await page.advance(120.0)
    assert page.http.asked("GET", "/runs/r/events") <= asked + 1, "what is gone is not asked for again"
    await closed(page)


async def test_catch_ups_of_runs_nobody_knows_leave_nothing_behind() -> None:
    page = await opened()
    before = page.clock.pending
    for number in range(1000):
        page.receive({"type": "catch_up", "run_id": f"x{number}", "from_seq": 0, "to_seq": 9, "complete": True})
    assert len(page.app.tracking) == 0 and page.clock.pending == before
    await closed(page)


# -- moments --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ahead_s", [-600.0, 0.0, 600.0])
async def test_durations_are_right_though_the_clock_is_ten_minutes_off(ahead_s: float) -> None:
    """By the server's clock; and what still runs is counted by it, too."""
    page = await opened()
    at = page.clock.wall() + ahead_s
    page.receive(ev("run_start", ts=at), ev("start_node", node_id="n0", order=0, ts=at))
    await page.advance(3.0)
    page.receive(ev("end_node", node_id="n0", order=0, status="success", ts=at + 3.0))
    await page.advance(4.0)
    assert "3.0 s" in page.document.region("node-output").textContent
    assert "7.0 s" in page.document.region("runs").textContent
    await closed(page)


async def test_a_hostile_moment_is_none() -> None:
    page = await opened()
    page.receive(
        ev("start_node", node_id="n0", order=0, ts=-1.7e308),
        ev("end_node", node_id="n0", order=0, status="success", ts=1.7e308),
    )
    await page.advance(1.0)
    assert metric(page, "failed") == 0 and page.badges("n0") == [("1", "success")]
    assert page.app.tracking.run("r").started_at == page.clock.wall() - 1.0, "it happened when it came"
    assert page.console.texts("error") == []
    await closed(page)


# -- a step of the fold that fails ----------------------------------------------------------------------
async def test_an_event_the_fold_fails_on_is_put_aside_and_the_run_folded_anew() -> None:
    """Failed once: the record is whole again. Failing for good: the run is marked incomplete, others go on."""
    faults = Faults()
    page = await opened(seam=faults)
    page.receive(RUN[0])
    faults.arm("fold", RuntimeError("broken"), times=1)
    page.receive(*RUN[1:4])
    assert chat(page) == ["one two "] and not page.app.tracking.run("r").incomplete
    page.receive(*RUN[4:])
    assert page.badges("n0") == [("1", "success")]
    faults.arm("fold", RuntimeError("broken"), times=2)
    page.receive(ev("start_node", seq=6, node_id="n2", order=2), ev("start_node", "other", node_id="n0"))
    page.receive(ev("start_node", seq=7, node_id="n3", order=3))
    run = page.app.tracking.run("r")
    assert run.incomplete and "Incomplete" in page.document.region("runs").textContent
    assert page.badges("n3") == [("4", "executing")] and page.row("other") == "executing"
    await closed(page)


async def test_more_than_a_slice_of_late_events_costs_no_long_task() -> None:
    """A long log is folded anew in slices; until that is done the old picture stays, and then it is right."""
    page = await opened()
    many = numbered(*(ev("RunContent", content=f"{number} ") for number in range(600)))
    page.receive(many[:1], many[2:])
    await page.advance(GAP_WAIT_S)
    page.receive(many[1])
    await page.advance(0.1)
    assert chat(page) == ["".join(str(each["content"]) for each in many)] and notices(page) == ""
    await closed(page)


FILLS: list[HttpResponse | BaseException] = [
    HttpResponse(503, ""),
    HttpResponse(500, "<html>"),
    HttpResponse(404, json.dumps({"error": {"code": "not_found", "message": "Nothing."}})),
    HttpResponse(200, "<html>Please sign in.</html>"),
    HttpResponse(200, lines(RUN[1])[:40]),
    HttpResponse(200, lines(RUN[1])),
    HttpResponse(200, ""),
    OSError("the network is down"),
    TimeoutError(),
]


@pytest.mark.parametrize("fault", FILLS, ids=repr)
async def test_a_fill_that_failed_is_asked_for_again_until_it_came(fault: HttpResponse | BaseException) -> None:
    """Whatever the first attempts gave; then everything is in its place and no word of the loss is left."""
    page = await opened()
    page.http.then("GET", "/runs/r/events", fault, fault, fault, HttpResponse(200, lines(*RUN[1:])))
    page.receive(RUN[0], *RUN[4:])
    await page.settle()
    for _ in range(40):
        await page.advance(0.5)
    assert chat(page) == ["one two "] and page.badges("n0") == [("1", "success")] and notices(page) == ""
    asked = page.http.asked("GET", "/runs/r/events")
    await page.advance(20.0)
    assert page.http.asked("GET", "/runs/r/events") == asked == 4, "and then never again"
    await closed(page)


def test_the_run_of_these_tests_is_whole() -> None:
    seqs = [each["seq"] for each in RUN]
    assert seqs == list(range(len(RUN)))


async def test_an_event_that_is_known_ends_a_doubt_too() -> None:
    """The server did not know the run for a moment; then it tells its last event once more."""
    page = await opened()
    page.http.then("GET", "/runs/r", HttpResponse(404, "{}"))
    page.receive(ev("run_start", seq=0))
    await page.settle()
    page.app.woke()
    await page.settle()
    assert page.row("r") == "unverified"
    page.receive(ev("run_start", seq=0))
    await page.settle()
    assert page.row("r") == "executing"
    await closed(page)


async def test_the_words_about_a_loss_stay_away_once_they_were_put_away() -> None:
    """Until more is lost, or what was lost came and something is lost once more."""
    page = await opened()
    page.http.answer("GET", "/runs/r/events", "", 503)
    told = numbered(ev("run_start"), *[ev("RunContent", content=f"w{number} ") for number in range(8)])
    page.receive(told[0], told[2])
    await page.advance(3)
    assert "1 event" in notices(page)
    page.app.commands.dismiss("lost r")
    page.receive(told[3])
    await page.advance(3)
    assert notices(page) == ""
    page.receive(told[1])
    await page.advance(3)
    page.receive(told[5])
    await page.advance(3)
    assert "1 event" in notices(page)
    page.app.commands.dismiss("lost r")
    page.receive(told[7])
    await page.advance(3)
    assert "2 events" in notices(page)
    await closed(page)


# -- events and the server's word -----------------------------------------------------------------------
def shown(page: FakePage) -> tuple[object, ...]:
    cards = page.document.region("interactions").find_all("[data-interaction-id]")
    nodes = [(page.classes(node), page.badges(node)) for node in ("n0", "n1")]
    return page.row("r"), page.app.stores.editor.get().locked, nodes, len(cards), page.app.stores.tools.of_run("r")


@pytest.mark.parametrize("name", ["RunContent", "start_tool"])
async def test_a_run_that_goes_on_though_the_server_said_it_was_over_is_shown_as_if_nobody_had(name: str) -> None:
    """Events win wherever they speak: glows, badges, tools and a sign-in are there again, glows in the same task."""
    url = "https://sign-in.portal.example/"
    sign_in = ev("interaction_event", interaction="oauth", interaction_id="i", auth_url=url, node_id="n0")
    tool = ev("start_tool", node_id="n1", tool_call_id="t", tool_name="search")
    events = numbered(*RUN[:2], ev("start_node", node_id="n1", order=1), tool, sign_in, ev(name, **NAMED[name]))
    pictures = []
    for early in (False, True):
        page = await opened()
        page.receive(*events[:5])
        await page.settle()
        if early:
            page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "success", "last_seq": 4})
            page.app.woke()
            await page.settle()
            assert page.row("r") == "success" and page.classes("n0") == set()
            page.http.answer("GET", "/runs/r", "", 503)
        page.receive(events[5])
        classes = page.classes("n0")
        await page.advance(0.5)
        pictures.append((classes, *shown(page)))
        await closed(page)
    assert pictures[0] == pictures[1]


NAMED: dict[str, dict[str, Any]] = {
    "RunContent": {"content": "still at work"},
    "start_tool": {"node_id": "n1", "tool_call_id": "u", "tool_name": "read"},
}
