"""What is asked of one run: missing events, how it is, its silence, its results."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.contract.decode import MAX_FRAME_BYTES
from pyapp.live.sync.runs import ASK_AGAIN_S, RESULTS_S, SILENCE_S
from pyapp.ports import HttpResponse
from pyapp.settings import Settings
from pyapp.testing.clock import FakeClock
from pyapp.testing.page import FakePage
from tests.faulty_http import FaultyHttp
from tests.live.support import chat, closed, ev, lines, notices, numbered, opened, passes

RUN = numbered(
    ev("run_start"),
    ev("start_node", node_id="n0", order=0),
    ev("RunContent", content="one "),
    ev("RunContent", content="two "),
    ev("end_node", node_id="n0", order=0, status="success"),
)
EVENTS, STATE, LOGS = "/runs/r/events", "/runs/r", "/runs/r/logs"


def asked(page: FakePage, path: str) -> int:
    return page.http.asked("GET", path)


def state(status: str, **fields: Any) -> dict[str, Any]:
    return {"run_id": "r", "status": status, **fields}


# -- missing events -------------------------------------------------------------------------------------
async def test_a_server_that_resumes_is_asked_over_the_link_then_over_http() -> None:
    """Once over the link, from then on over HTTP, until the numbers are there."""
    page = await opened()
    page.http.answer("GET", EVENTS, "", 503)
    page.receive({"type": "hello"}, RUN[0], RUN[4])
    await page.settle()
    assert page.socket.sent_of("resume")[-1] == {"type": "resume", "runs": {"r": 0}} and asked(page, EVENTS) == 0
    await page.advance(0.5)
    assert asked(page, EVENTS) == 1
    await page.advance(1.0)
    assert asked(page, EVENTS) == 2
    assert len(page.socket.sent_of("resume")) == 2, "the greeting, and once for the gap"
    page.receive(*RUN[1:4])
    await passes(page, 10)
    assert asked(page, EVENTS) == 2 and len(page.socket.sent_of("resume")) == 2
    assert chat(page) == ["one two "]
    await closed(page)


async def test_without_http_the_link_alone_is_asked_again_and_again() -> None:
    page = await opened(Settings(ws="ws://portal.test/ws"))
    page.receive({"type": "hello"}, RUN[0], RUN[4])
    await passes(page, 8)
    assert len(page.socket.sent_of("resume")) >= 4
    page.receive(*RUN[1:4])
    assert page.app.tracking.run("r").record.events == 5
    before = len(page.socket.sent_of("resume"))
    await passes(page, 20)
    assert len(page.socket.sent_of("resume")) == before
    await closed(page)


async def test_what_the_server_is_known_to_have_told_is_fetched() -> None:
    """`last_seq` shows the tail that no later event can show."""
    page = await opened()
    page.receive(*RUN[:2])
    page.http.answer("GET", STATE, state("executing", last_seq=4))
    page.http.answer("GET", EVENTS, lines(*RUN[2:]))
    page.app.woke()
    await page.settle()
    assert chat(page) == ["one two "] and ("GET", f"{EVENTS}?after=1", None) in page.http.requests
    await closed(page)


async def test_a_fill_that_comes_late_takes_its_place() -> None:
    """After the two seconds: the words stand in order, and those about the loss are gone."""
    page = await opened()
    page.http.then("GET", EVENTS, TimeoutError(), TimeoutError(), TimeoutError(), HttpResponse(200, lines(*RUN)))
    page.receive(RUN[0], RUN[1], RUN[3])
    await page.advance(2.0)
    assert chat(page) == ["two "] and "did not arrive" in notices(page)
    await passes(page, 10)
    assert chat(page) == ["one two "] and "did not arrive" not in notices(page)
    await closed(page)


async def test_a_fill_that_is_cut_short_is_asked_for_again() -> None:
    """An answer that holds the first of two missing events only is no reason to stop asking."""
    page = await opened()
    page.http.then("GET", EVENTS, HttpResponse(200, lines(RUN[2])), HttpResponse(200, lines(*RUN)))
    page.receive(*RUN[:2], RUN[4])
    await passes(page, 5)
    assert chat(page) == ["one two "] and "did not arrive" not in notices(page)
    await closed(page)


@pytest.mark.parametrize("cut", [RUN[:3], []])
async def test_a_history_that_is_cut_at_the_end_of_a_line_is_asked_for_again(cut: list[dict[str, Any]]) -> None:
    """How many events there are is said while the first answer is under way; no event comes that shows the gap."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    http.answer("GET", "/runs", [state("success")])
    http.answer("GET", STATE, state("success", last_seq=4))
    http.then("GET", EVENTS, HttpResponse(200, lines(*cut)), HttpResponse(200, lines(*RUN[len(cut) :])))
    page.app.sync.listing.ask()
    await page.settle()
    http.late.add(EVENTS)
    page.app.commands.show_run("r")
    await page.settle()
    http.late.clear()
    http.give_held()
    await passes(page, 5)
    assert page.badges("n0") == [("1", "success")] and chat(page) == ["one two "]
    assert ("GET", f"{EVENTS}?after={len(cut) - 1}", None) in page.http.requests and asked(page, EVENTS) == 2
    await closed(page)


async def test_what_no_frame_can_hold_is_told_over_http() -> None:
    """Dropped where it comes over the link, it is missing; a line of an answer has no bound but the answer's own."""
    page = await opened()
    large = {**RUN[4], "content": "x" * MAX_FRAME_BYTES}
    page.http.answer("GET", EVENTS, lines(*RUN[:4], large))
    page.receive(*RUN[:4], large, {**ev("run_end"), "seq": 5})
    assert page.app.stores.metrics.get("malformed") == 1
    await passes(page, 300)
    assert page.badges("n0") == [("1", "success")] and asked(page, EVENTS) == 1 and notices(page) == ""
    await closed(page)


@pytest.mark.parametrize(("ends", "times"), [(True, 3), (False, 4)], ids=["it ended", "its process died"])
async def test_a_history_that_comes_in_parts_is_brought_in_to_its_end(ends: bool, times: int) -> None:
    """Nobody said how many events there are: that a run is over, and its end was not told, shows that there is more."""
    page = await opened()
    told = [*RUN, *([{**ev("run_end"), "seq": 5}] if ends else [])]
    page.http.answer("GET", "/runs", [state("success")])
    page.http.answer("GET", STATE, state("success"))
    for after in range(-1, len(told)):
        page.http.answer("GET", f"{EVENTS}?after={after}", lines(*told[after + 1 : after + 3]))
    page.app.sync.listing.ask()
    await page.settle()
    page.app.commands.show_run("r")
    await passes(page, 60)
    assert page.app.tracking.run("r").record.events == len(told) and asked(page, EVENTS) == times
    assert page.row("r") == "success" and page.badges("n0") == [("1", "success")]
    await closed(page)


async def test_why_nothing_of_a_run_is_here_is_said_to_who_looks_at_it() -> None:
    """Until it is here, however it came, or they look at another one."""
    page = await opened()
    for run_id in "rs":
        page.http.answer("GET", f"/runs/{run_id}", {**state("executing", last_seq=4), "run_id": run_id})
        page.http.answer("GET", f"/runs/{run_id}/events", "", 503)
        page.app.commands.adopt(run_id)
        await passes(page, 5)
        assert notices(page).count("The results are delayed") == 1
    page.receive(*({**each, "run_id": "s"} for each in RUN))
    await passes(page, 5)
    assert chat(page) == ["one two "] and "The results are delayed" not in notices(page)
    page.app.commands.adopt("r")
    await passes(page, 5)
    assert "The results are delayed" in notices(page)
    page.http.answer("GET", EVENTS, lines(*RUN))
    await passes(page, 5)
    assert chat(page) == ["one two "] and "The results are delayed" not in notices(page)
    await closed(page)


async def test_a_link_cut_while_events_are_held_loses_nothing() -> None:
    """Asked for from the last number up to which nothing is missing, whatever was seen behind it."""
    page = await opened()
    page.http.answer("GET", EVENTS, "", 503)
    page.receive({"type": "hello"}, *RUN[:2], RUN[3])
    await page.reconnect()
    assert page.socket.sent_of("resume")[0]["runs"] == {"r": 1}
    page.receive({"type": "hello"}, *RUN[2:])
    assert chat(page) == ["one two "] and page.badges("n0") == [("1", "success")]
    await closed(page)


async def test_a_run_that_is_forgotten_is_asked_for_no_more() -> None:
    page = await opened()
    page.http.answer("GET", EVENTS, "", 503)
    page.receive(RUN[0], RUN[3])
    await page.settle()
    page.app.reset()
    before = [path for _, path, _ in page.http.requests if path.startswith("/runs/")]
    await passes(page, 60)
    assert [path for _, path, _ in page.http.requests if path.startswith("/runs/")] == before
    await closed(page)


async def test_of_a_history_in_doubt_nothing_but_all_of_it_is_asked_for() -> None:
    """A part of it came, the rest is being asked for; then another instance is there: it may be the rest of another."""
    page = await opened()
    page.http.answer("GET", STATE, state("executing", last_seq=4))
    page.http.answer("GET", f"{EVENTS}?after=-1", lines(*RUN[:2]) + lines(RUN[2])[:10])
    page.http.answer("GET", f"{EVENTS}?after=1", "", 503)
    page.receive({"type": "hello", "instance": "one"})
    page.app.commands.adopt("r")
    await page.settle()
    page.http.answer("GET", EVENTS, "", 503)
    await page.reconnect()
    page.receive({"type": "hello", "instance": "two"})
    before = len(page.http.requests)
    await passes(page, 10)
    paths = {path for _, path, _ in page.http.requests[before:] if path.startswith(EVENTS)}
    assert paths == {f"{EVENTS}?after=-1"}
    page.http.answer("GET", f"{EVENTS}?after=-1", lines(*RUN))
    await passes(page, 10)
    assert chat(page) == ["one two "] and not page.app.tracking.run("r").log.missing()
    await closed(page)


# -- how it is ------------------------------------------------------------------------------------------
async def test_an_older_answer_undoes_nothing() -> None:
    """Asked while it executed; paused before the answer is here: the card stays, and the row says paused."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    page.receive(ev("start_node", node_id="n0"))
    http.answer("GET", STATE, state("executing", requirements=[]))
    await page.settle()
    http.faults.append("late")
    page.app.woke()
    await page.settle()
    assert asked(page, STATE) == 1
    page.receive(ev("AgentPaused", node_id="n0", requirements=[{"id": "q", "kind": "confirmation"}]))
    http.give_held()
    await page.settle()
    assert page.row("r") == "paused"
    assert len(page.document.region("interactions").find_all("[data-requirement-id]")) == 1
    await closed(page)


async def test_a_newer_answer_takes_back_what_only_the_one_before_said() -> None:
    """What it says of nodes, and of a card: the words of a question may be other ones, and a sign-in renewed."""
    page = await opened()
    page.receive(ev("run_start"))
    card = {"id": "q", "kind": "confirmation", "prompt": "Send it?"}
    results = {"n0": {"status": "success", "orders": [0]}}
    page.http.answer("GET", STATE, state("paused", results=results, requirements=[card]))
    page.app.woke()
    await page.settle()
    cards = page.document.region("interactions")
    assert page.badges("n0") == [("1", "success")] and "Send it?" in cards.textContent
    page.http.answer("GET", STATE, state("paused", results={}, requirements=[card]))
    page.app.woke()
    await page.settle()
    assert page.badges("n0") == []
    page.http.answer("GET", STATE, state("paused", results={}, requirements=[card | {"prompt": "Send all?"}]))
    page.app.woke()
    await page.settle()
    assert "Send all?" in cards.textContent
    await closed(page)


async def test_an_answer_is_retried_and_a_404_is_one_that_may_be_wrong_for_a_moment() -> None:
    """That the server does not know a run is said in its row; it is asked again, and believed after a silence."""
    page = await opened()
    page.receive(RUN[0])
    page.http.then("GET", STATE, OSError("x"), HttpResponse(500, "<html>"), HttpResponse(404, ""))
    page.app.woke()
    await page.settle()
    await passes(page, 20)
    assert 3 < asked(page, STATE) < 10 and page.row("r") == "unverified"
    assert page.badges("n0") == []
    page.receive(RUN[1])
    assert page.row("r") == "executing" and page.badges("n0") == [("1", "executing")], "a 404 clears nothing"
    await closed(page)


async def test_that_there_is_no_such_run_is_said_until_somebody_tells_of_it() -> None:
    """By an event, though HTTP never knows it; or by the list."""
    for by_list in (False, True):
        page = await opened(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", flow="demo", run="r"))
        await passes(page, 40)
        assert "no run" in notices(page)
        if by_list:
            page.http.answer("GET", "/runs", [state("executing")])
            page.app.sync.listing.ask()
        else:
            page.receive(*RUN[:1])
        await page.settle()
        assert page.row("r") == "executing" and notices(page) == ""
        await passes(page, 40)
        assert "no run" not in notices(page)
        await closed(page)


# -- results --------------------------------------------------------------------------------------------
async def test_results_are_asked_for_as_long_as_they_are_wanted() -> None:
    """Said in words, never given up, and the words go with the success."""
    page = await opened()
    page.http.answer("GET", STATE, "<html>", 500)
    page.receive(ev("start_node", node_id="n0", order=0), ev("run_end"))
    await passes(page, 60)
    assert "results" in notices(page) and asked(page, STATE) > 10
    results = {"n0": {"status": "success", "content": "late", "orders": [0]}}
    page.http.answer("GET", STATE, state("success", results=results))
    await passes(page, 5)
    assert "results" not in notices(page)
    assert "late" in page.document.region("node-output").textContent
    before = asked(page, STATE)
    await passes(page, 60)
    assert asked(page, STATE) == before
    await closed(page)


async def test_nobody_speaks_in_a_run_that_only_the_server_says_is_over() -> None:
    """Its process died: no event tells of that, and the words go on where they were should one come all the same."""
    page = await opened()
    said = [ev("RunContent", content="one"), ev("start_tool", node_id="n0", tool_call_id="x", tool_name="look")]
    page.receive({"type": "hello"}, *numbered(*ENDS[:2], *said, ev("ReasoningContent", content="hm")))
    page.http.answer("GET", STATE, state("error", last_seq=4))
    await page.advance(0.1)
    region = page.document.region("chat")
    assert len(region.find_all("[aria-busy=true]")) == 2 and "look · Running" in region.textContent
    await passes(page, SILENCE_S + 1)
    assert page.row("r") == "error" and region.find_all("[aria-busy=true]") == []
    assert "look · Failed" in region.textContent
    page.receive(*numbered(ev("ReasoningContent", content=" yes"), first=5))
    await passes(page, 1)
    assert page.row("r") == "executing" and "hm yes" in region.textContent and "look · Running" in region.textContent
    await closed(page)


async def test_a_history_without_moments_is_no_longer_than_its_run() -> None:
    """It comes hours behind: a click turned the twelve seconds of the list into none, and put the nodes at today."""
    page = FakePage()
    info = state("success", flow_id="demo", started_at=1_000.0, ended_at=1_012.0, last_seq=3)
    page.http.answer("GET", "/runs", [info])
    page.http.answer("GET", STATE, info)
    page.http.answer("GET", EVENTS, lines(*ENDS))
    await page.open()
    page.app.commands.show_run("r")
    await passes(page, 2)
    assert "12 s" in page.document.region("runs").textContent
    mock = page.app.stores.mock.latest("r", "n0")
    assert mock is not None and mock.started_at == mock.ended_at == 1_012.0
    await closed(page)


async def test_an_end_without_a_moment_that_was_missed_came_later_than_it_was() -> None:
    page = await opened()
    page.receive({"type": "hello"}, *ENDS[:2])
    at = page.clock.wall()
    await page.reconnect()
    page.http.answer("GET", STATE, state("success", started_at=at, ended_at=at + 12.0, last_seq=3))
    await passes(page, 60)
    head = {"type": "catch_up", "run_id": "r", "from_seq": 2, "to_seq": 3, "complete": True}
    page.receive({"type": "hello"}, head, *ENDS[2:])
    await passes(page, 1)
    output = page.document.region("node-output").textContent
    assert "12 s" in output and "min" not in output
    await closed(page)


STALE = HttpResponse(200, json.dumps(state("executing", last_seq=1)))
GONE = HttpResponse(404, "")
GAVE = state("success", last_seq=3, results={"n0": {"status": "success", "content": "THE RESULT", "orders": [0]}})
ENDS = numbered(RUN[0], RUN[1], RUN[4], ev("run_end"))


def gave(page: FakePage) -> bool:
    return "THE RESULT" in page.document.region("node-output").textContent


@pytest.mark.parametrize("before", [STALE, GONE], ids=["stale", "404"])
async def test_results_are_asked_for_until_an_answer_knows_of_the_end(before: HttpResponse) -> None:
    """The database lags behind the stream: it says that the run goes on, or does not know it yet."""
    page = await opened()
    page.receive(*ENDS[:2])
    page.http.then("GET", STATE, before, before, HttpResponse(200, json.dumps(GAVE)))
    page.http.answer("GET", EVENTS, lines(*ENDS))
    page.receive(*ENDS[2:])
    await passes(page, 2)
    assert gave(page) and page.row("r") == "success" and asked(page, STATE) == 3
    await passes(page, 300)
    assert asked(page, STATE) == 3
    await closed(page)


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
async def test_results_are_asked_for_behind_an_end_whose_number_is_behind(told: bool) -> None:
    """The status is written before the rest: an end that is told later, or never, needs an answer that knows of it."""
    page = await opened()
    page.http.answer("GET", EVENTS, lines(*ENDS[:2]))
    page.receive(*ENDS[:3])
    page.http.then(
        "GET",
        STATE,
        HttpResponse(200, json.dumps(state("success", last_seq=1))),
        HttpResponse(200, json.dumps(GAVE)),
    )
    page.app.woke()
    await page.settle()
    assert page.row("r") == "success" and not gave(page)
    if told:
        page.receive(ENDS[3])
    await passes(page, 10)
    assert gave(page) and page.row("r") == "success"
    await closed(page)


async def test_a_question_that_was_under_way_at_the_end_is_put_again() -> None:
    """Its answer is of before the end."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    page.receive(*ENDS[:2])
    http.answer("GET", STATE, state("executing", last_seq=1))
    http.answer("GET", EVENTS, lines(*ENDS))
    http.faults.append("late")
    page.app.woke()
    await page.settle()
    page.receive(*ENDS[2:])
    await page.settle()
    http.give_held()
    http.answer("GET", STATE, GAVE)
    await passes(page, 2)
    assert gave(page)
    await closed(page)


@pytest.mark.parametrize("front", ["r", "q"])
async def test_an_end_that_is_told_again_makes_the_page_ask_too(front: str) -> None:
    """The question at the reconnect is answered with what was so before; the end comes in the catch-up."""
    page = await opened()
    page.receive({"type": "hello"}, *ENDS[:2], ev("run_start", "q"))
    page.app.commands.show_run(front)
    page.http.answer("GET", STATE, state("executing", last_seq=1))
    await page.reconnect()
    await page.advance(0.2)
    page.http.answer("GET", STATE, GAVE)
    head = {"type": "catch_up", "run_id": "r", "from_seq": 2, "to_seq": 3, "complete": True}
    before = asked(page, STATE)
    page.receive({"type": "hello"}, head, *ENDS[2:])
    await passes(page, 2)
    assert asked(page, STATE) == before + 1
    page.app.commands.show_run("r")
    await page.advance(0.1)
    assert gave(page) and asked(page, STATE) == before + 1
    await closed(page)


async def test_old_runs_that_are_told_again_are_asked_about_when_somebody_looks() -> None:
    page = await opened()
    page.receive({"type": "hello"}, ev("run_start", "q"))
    page.http.answer("GET", STATE, GAVE)
    for run_id in ("r", *(f"old{number}" for number in range(20))):
        events = [{**each, "run_id": run_id} for each in ENDS]
        page.receive({"type": "catch_up", "run_id": run_id, "from_seq": 0, "to_seq": 3, "complete": True}, *events)
    await passes(page, 10)
    assert page.row("r") == page.row("old7") == "success"
    assert [path for _, path, _ in page.http.requests if path in ("/runs/r", "/runs/old7")] == []
    page.app.commands.show_run("r")
    await page.advance(0.1)
    assert gave(page) and asked(page, STATE) == 1
    await closed(page)


@pytest.mark.parametrize("before", [STALE, GONE], ids=["stale", "404"])
async def test_a_backend_that_never_knows_of_the_end_is_asked_a_few_times_and_when_somebody_looks(
    before: HttpResponse,
) -> None:
    """With pauses of up to a minute, and nothing is said; again when the link is back, and when the run is opened."""
    page = await opened()
    page.http.then("GET", STATE, before)
    page.http.answer("GET", EVENTS, lines(*ENDS))
    page.receive(*ENDS)
    await passes(page, 3600, 5.0)
    most = 1 + len(RESULTS_S)
    assert asked(page, STATE) == most and notices(page) == "" and len(page.app.sync.asker) == 0
    page.app.woke()
    await passes(page, 300, 5.0)
    assert asked(page, STATE) == most
    await page.reconnect()
    await passes(page, 3600, 5.0)
    assert asked(page, STATE) == 2 * most
    page.http.answer("GET", STATE, GAVE)
    page.app.commands.show_run("r")
    await page.advance(0.1)
    assert gave(page) and asked(page, STATE) == 2 * most + 1
    await page.reconnect()
    page.app.commands.show_run("r")
    await passes(page, 60)
    assert asked(page, STATE) == 2 * most + 1
    await closed(page)


async def test_a_run_that_is_shown_again_is_not_asked_about_again() -> None:
    """Its end is painted anew, while its question waits and when it was given up."""
    page = await opened()
    page.http.answer("GET", STATE, "", 404)
    page.receive(*ENDS, ev("run_start", "q"))
    run = page.app.tracking.run("r")
    for seconds in (10, 600):
        await passes(page, seconds)
        before = asked(page, STATE)
        for _ in range(20):
            page.app.sync.runs.repaint(run)
            await page.settle()
        assert asked(page, STATE) == before
    await closed(page)


async def test_a_history_that_is_told_anew_with_each_answer_storms_nobody() -> None:
    """Old answers, and events that have other ids each time they are told: the question keeps its pauses."""
    page = await opened()
    page.http.then("GET", STATE, STALE, STALE, HttpResponse(200, json.dumps(GAVE)))
    told = [lines(*({**each, "event_id": f"{time}/{each['seq']}"} for each in ENDS)) for time in range(9)]
    page.http.then("GET", EVENTS, *(HttpResponse(200, text) for text in told))
    page.receive(*({**each, "event_id": f"e{each['seq']}"} for each in ENDS))
    await page.settle()
    await page.settle()
    assert asked(page, STATE) == 1
    await passes(page, 2)
    assert asked(page, STATE) == 3 and gave(page)
    await closed(page)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_run_that_speaks_and_may_not_be_asked_about_is_in_no_doubt(status: int) -> None:
    """Its state is somebody else's business, or the session of who asks is over: its events come all the same."""
    page = await opened()
    page.http.answer("GET", STATE, "", status)
    page.receive(ev("run_start", seq=0), ev("start_node", seq=1, node_id="n0", order=0))
    await page.reconnect()
    page.app.woke()
    await passes(page, 5)
    assert page.http.asked("GET", STATE) and page.row("r") == "executing"
    await passes(page, SILENCE_S)
    assert page.row("r") == "unverified"
    await closed(page)


@pytest.mark.parametrize("refused", [404, 403])
async def test_what_a_row_says_of_a_forgotten_run_is_no_answer(refused: int) -> None:
    """Its results are asked for all the same once its history tells its end: again after a while, or when let in."""
    page = await opened()
    page.http.answer("GET", STATE, state("success"))
    page.receive(*ENDS)
    await passes(page, 2)
    page.app.tracking.clear_run("r")
    page.http.answer("GET", STATE, "", refused)
    page.http.answer("GET", EVENTS, "", 503)
    page.app.commands.show_run("r")
    await passes(page, 2)
    page.http.answer("GET", EVENTS, lines(*ENDS))
    await passes(page, 5)
    page.http.answer("GET", STATE, GAVE)
    if refused == 403:
        page.app.sync.anew()
    await passes(page, 10)
    assert gave(page)
    await closed(page)


async def test_results_that_are_refused_are_asked_for_with_another_credential() -> None:
    page = await opened()
    page.http.answer("GET", STATE, "", 403)
    page.receive(*ENDS)
    await passes(page, 60)
    assert asked(page, STATE) == 1
    page.http.answer("GET", STATE, GAVE)
    page.app.sync.anew()
    await page.advance(0.1)
    assert gave(page)
    await closed(page)


async def test_a_list_that_lags_behind_ends_no_question() -> None:
    """Its word is newer than that of the question which was put before."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    http.answer("GET", STATE, state("executing", last_seq=1))
    http.answer("GET", "/runs", [state("executing", last_seq=1)])
    page.receive(*ENDS[:2])
    await page.settle()
    http.late.add(STATE)
    page.receive(*ENDS[2:])
    await page.settle()
    http.late.clear()
    page.app.sync.listing.ask()
    await page.settle()
    http.answer("GET", STATE, GAVE)
    http.give_held()
    await passes(page, 2)
    assert gave(page)
    await closed(page)


# -- silence --------------------------------------------------------------------------------------------
async def test_thirty_seconds_of_silence_are_noticed_no_sooner_and_no_later() -> None:
    """Executing buys thirty more; each event begins them anew."""
    page = await opened()
    page.http.answer("GET", STATE, state("executing"))
    page.receive(ev("run_start"))
    await page.advance(SILENCE_S - 1)
    page.receive(ev("RunContent", content="x"))
    await page.advance(SILENCE_S - 0.1)
    assert asked(page, STATE) == 0
    await page.advance(0.2)
    assert asked(page, STATE) == 1 and page.row("r") == "executing"
    await page.advance(SILENCE_S - 0.5)
    assert asked(page, STATE) == 1
    await page.advance(1.0)
    assert asked(page, STATE) == 2
    await closed(page)


async def test_silence_counts_from_the_last_event_however_soon_it_came_after_the_first() -> None:
    page = await opened()
    page.receive(ev("run_start"))
    await page.advance(0.5)
    page.receive(ev("RunContent", content="x"))
    await page.advance(SILENCE_S - 0.1)
    assert asked(page, STATE) == 0
    await page.advance(0.2)
    assert asked(page, STATE) == 1
    await closed(page)


async def test_without_an_answer_it_is_not_confirmed_and_asked_again() -> None:
    """With the reason; a person may unlock; whatever comes ends the doubt, a run_end too."""
    page = await opened()
    page.http.answer("GET", STATE, "", 503)
    page.receive(ev("start_node", node_id="n0", order=0))
    await page.advance(SILENCE_S)
    assert page.row("r") == "unverified"
    assert "Nothing is heard of it." in page.document.region("runs").textContent
    assert page.classes("n0") == {"executing"}, "nothing is cleared by a guess"
    before = asked(page, STATE)
    await passes(page, ASK_AGAIN_S)
    assert asked(page, STATE) > before
    editor = page.document.region("editor")
    assert editor.attributes["data-locked"] == "true"
    page.app.commands.unlock()
    await page.settle()
    assert editor.attributes["data-locked"] == "false"
    page.receive(ev("run_end"))
    assert page.row("r") == "success"
    await closed(page)


async def test_silence_is_watched_by_one_timer_however_long_it_lasts() -> None:
    page = await opened(Settings(ws="ws://portal.test/ws"))
    page.receive(ev("run_start"))
    await page.advance(SILENCE_S)
    pending = page.clock.pending
    await passes(page, 20 * ASK_AGAIN_S, ASK_AGAIN_S)
    assert page.clock.pending == pending
    await closed(page)


async def test_without_http_the_reason_says_so() -> None:
    page = await opened(Settings(ws="ws://portal.test/ws"))
    page.receive(ev("run_start"))
    await page.advance(SILENCE_S)
    assert page.row("r") == "unverified" and "no address" in page.document.region("runs").textContent
    await closed(page)


async def test_no_word_stays_that_it_is_tried_again_when_it_is_not() -> None:
    """Trouble, and then the answer that there is nothing: neither log nor results are asked for any more."""
    page = await opened()
    for path in (LOGS, STATE):
        page.http.then("GET", path, HttpResponse(503, ""), HttpResponse(404, ""))
    page.receive(ev("run_start"))
    await page.settle()
    page.receive(ev("run_end"))
    await page.settle()
    assert "log" in notices(page) and "results" in notices(page)
    await passes(page, 5)
    assert notices(page) == ""
    await closed(page)


async def test_the_words_go_with_the_run() -> None:
    page = await opened()
    for path in (LOGS, STATE, EVENTS):
        page.http.answer("GET", path, "", 503)
    page.receive(RUN[0], ev("run_end", seq=5))
    await passes(page, 5)
    assert all(word in notices(page) for word in ("log", "results", "did not arrive"))
    page.app.tracking.clear_run("r")
    await page.settle()
    assert notices(page) == ""
    await closed(page)


@pytest.mark.parametrize("path", ["/runs", "/runs/r"])
async def test_an_answer_of_the_history_before_says_nothing_of_the_new_one(path: str) -> None:
    """The question was put, the server began anew, its new history came; then the answer: nothing is missing of it."""
    clock = FakeClock()
    http = FaultyHttp(clock)
    page = await opened(http=http, clock=clock)
    http.answer("GET", "/runs", [state("executing", last_seq=4)])
    http.answer("GET", STATE, state("executing", last_seq=4))
    page.receive({"type": "hello", "instance": "one"}, *[{**each, "event_id": f"a{each['seq']}"} for each in RUN[:4]])
    await page.settle()
    http.late.add(path)
    (page.app.woke if path == STATE else page.app.sync.listing.ask)()
    await page.settle()
    http.late.clear()
    http.answer("GET", "/runs", [state("executing", last_seq=0)])
    http.answer("GET", STATE, state("executing", last_seq=0))
    page.receive(
        {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 0, "complete": False},
        {**RUN[0], "event_id": "b0"},
    )
    await page.settle()
    http.give_held()
    await passes(page, 5)
    assert not page.app.tracking.run("r").log.missing() and page.row("r") == "executing"
    assert page.app.tracking.run("r").word.info.last_seq in (0, None), "what was said before is no word on it"
    await closed(page)


async def test_what_a_run_was_given_is_shown_with_the_answer() -> None:
    """Also where nothing else in it is news."""
    page = await opened()
    page.receive(*RUN[:3])
    page.http.answer("GET", STATE, state("executing", input="the night build"))
    page.app.sync.runs.state(page.app.tracking.run("r"))
    await page.settle()
    row = page.app.stores.runs.get("r")
    assert row is not None and row.input == "the night build"
    await closed(page)
