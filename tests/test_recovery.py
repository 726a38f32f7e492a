"""What nobody may have to refresh the page for: sleep, silence, lost tails. The whole app on fakes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pyapp.testing.page import FakePage

Json = dict[str, Any]


def event(name: str, seq: int | None, **fields: Any) -> Json:
    numbered = {} if seq is None else {"seq": seq}
    return {"event": name, "run_id": "r", **numbered, **fields}


def lines(*events: Json) -> str:
    return "".join(json.dumps(each) + "\n" for each in events)


TAIL = (event("end_node", 2, node_id="n0", order=0, status="success"), event("run_end", 3, status="success"))


async def running(*, numbered: bool = True) -> FakePage:
    """A page with a run of which node n0 executes."""
    page = FakePage()
    await page.open()
    first, second = (0, 1) if numbered else (None, None)
    page.receive(event("run_start", first), event("start_node", second, node_id="n0", order=0))
    await page.settle()
    assert page.row("r") == "executing"
    return page


def told(page: FakePage, status: str, **fields: Any) -> None:
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": status, **fields})


async def test_an_hour_of_sleep_gives_a_new_socket_within_two_seconds() -> None:
    """The machine slept: monotonic time stood still, the wall clock did not, and no close ever came."""
    page = await running()
    page.receive({"type": "hello", "heartbeat_s": 10})
    first = page.socket
    page.clock.set_wall(page.clock.wall() + 3600)
    await page.advance(2.0)
    assert page.socket is not first
    assert page.sockets.live == 1
    page.app.stop()


async def test_a_clock_that_is_set_back_changes_nothing() -> None:
    page = await running()
    page.receive({"type": "hello", "heartbeat_s": 10})
    first = page.socket
    page.clock.set_wall(page.clock.wall() - 3600)
    await page.advance(14.0)
    assert page.socket is first
    page.app.stop()


async def test_a_silent_link_is_replaced_in_time_though_the_clock_is_set_back() -> None:
    page = await running()
    page.receive({"type": "hello", "heartbeat_s": 3})
    first = page.socket
    page.clock.set_wall(page.clock.wall() - 3600)
    await page.advance(8.1)
    assert page.socket is not first
    page.app.stop()


async def test_a_silent_link_is_replaced_in_time() -> None:
    """Its promise and five seconds, no sooner and no later; each frame begins the silence anew."""
    page = await running()
    page.receive({"type": "hello", "heartbeat_s": 3})
    first = page.socket
    await page.advance(7.0)
    page.receive({"type": "ping"})
    await page.advance(7.9)
    assert page.socket is first
    await page.advance(0.2)
    assert page.socket is not first and page.sockets.live == 1
    page.app.stop()


async def test_without_a_promise_silence_is_no_reason_to_reconnect() -> None:
    """The server is asked instead, also on waking."""
    page = await running()
    first = page.socket
    told(page, "executing")
    page.clock.set_wall(page.clock.wall() + 3600)
    page.app.woke()
    await page.advance(2.0)
    assert page.socket is first
    assert page.http.asked("GET", "/runs/r") == 1
    page.app.stop()


async def test_a_lost_tail_is_fetched_when_the_server_knows_more() -> None:
    """The last events were dropped on the way: no later one can show the gap, the server's number does."""
    page = await running()
    told(page, "success", last_seq=3)
    page.http.answer("GET", "/runs/r/events", lines(*TAIL))
    page.app.woke()
    await page.settle()
    assert page.row("r") == "success"
    assert ("GET", "/runs/r/events?after=1", None) in page.http.requests
    assert page.app.tracking.run("r").record.over, "the stream's own end counts"
    assert page.badges("n0") == [("1", "success")]
    assert page.classes("n0") == set()
    page.app.stop()


async def test_what_came_is_not_fetched_again() -> None:
    page = await running()
    told(page, "executing", last_seq=1)
    page.app.woke()
    await page.settle()
    assert page.http.asked("GET", "/runs/r/events") == 0
    page.app.stop()


async def test_a_backend_without_numbers_is_asked_on_waking() -> None:
    """The snapshot ends what the stream left open; a late end of the stream is still accepted."""
    page = await running(numbered=False)
    told(page, "success", last_seq=3, results={"n0": {"status": "success", "orders": [0]}})
    page.app.woke()
    await page.settle()
    assert page.row("r") == "success" and page.http.asked("GET", "/runs/r/events") == 0
    page.receive(event("run_end", None, status="error"))
    assert page.row("r") == "error"
    page.app.stop()


async def test_a_backend_without_numbers_is_asked_after_each_reconnect() -> None:
    """`resume` can bring nothing back there: the snapshot does, at once."""
    page = await running(numbered=False)
    told(page, "success", results={"n0": {"status": "success", "orders": [0]}})
    await page.reconnect()
    assert page.socket.sent_of("resume")[-1]["runs"] == {}
    assert page.row("r") == "success" and page.badges("n0") == [("1", "success")]
    page.app.stop()


async def test_a_black_hole_while_connecting_is_given_up() -> None:
    """No answer within five seconds: another try, and never two sockets."""
    page = await running()
    page.socket.die(1006)
    await page.advance(1.0)
    hole = page.socket
    await page.advance(5.0)
    await page.advance(2.0)
    assert page.socket is not hole and page.sockets.live == 1
    page.app.stop()


async def test_waking_asks_nothing_of_runs_that_are_over() -> None:
    page = await running()
    told(page, "success")
    page.receive(*TAIL)
    await page.settle()
    before = [path for _, path, _ in page.http.requests if path.startswith("/runs")]
    page.app.woke()
    await page.settle()
    assert [path for _, path, _ in page.http.requests if path.startswith("/runs")] == before
    page.app.stop()


async def test_waking_waits_out_no_old_delay() -> None:
    """A link that was waiting for its next try is tried at once."""
    page = await running()
    for _ in range(5):
        page.socket.die(1006)
        await page.advance(30.0)
    page.socket.die(1006)
    opened = len(page.sockets.opened)
    page.app.woke()
    await page.settle()
    assert len(page.sockets.opened) == opened + 1
    page.app.stop()


async def test_a_doubt_says_whose_it_is_and_since_when() -> None:
    """The server silent, the link lost, a handler of our own failing; it settles as soon as anything is heard."""
    page = await running()
    page.http.answer("GET", "/runs/r", {"error": {"code": "x", "message": "Busy."}}, 503)
    await page.advance(30.0)
    row = page.app.stores.runs.get("r")
    assert row is not None and row.status == "unverified"
    assert row.reason == "Nothing is heard of it. Busy."
    page.http.then("POST", "/tickets", TimeoutError("x"))
    page.socket.die(1006)
    page.app.link.offline()
    health = page.app.stores.health.get("ChatStreamHandler")
    assert health is not None
    page.app.stores.health.set("ChatStreamHandler", replace(health, streak=1))
    await page.advance(10.0)
    row = page.app.stores.runs.get("r")
    assert row is not None and row.reason is not None
    assert row.reason.startswith("The connection is lost.")
    assert "last seen 40 s ago" in page.document.region("runs").textContent
    assert row.reason.endswith("In this page itself ChatStreamHandler is failing.")
    told(page, "executing")
    await page.advance(10.0)
    assert page.row("r") == "executing"
    row = page.app.stores.runs.get("r")
    assert row is not None and row.reason is None
    page.app.stop()


async def test_a_start_that_comes_after_the_end_was_asked_for() -> None:
    """HTTP told the end before the gap was filled: what the filling brings ends as the run did."""
    page = FakePage()
    await page.open()
    page.receive(event("run_start", 0))
    told(page, "error", last_seq=2)
    page.http.answer(
        "GET",
        "/runs/r/events",
        lines(event("start_node", 1, node_id="n0", order=0), event("run_end", 2, status="error")),
    )
    page.app.woke()
    await page.settle()
    assert page.row("r") == "error" and page.badges("n0") == [("1", "error")]
    page.app.stop()


ANEW = (event("end_node", 0, node_id="n1", order=1, status="error"), event("run_end", 1, status="error"))


async def restarted(*frames: Json) -> FakePage:
    """A page whose server was started anew, and what it says on the new link."""
    page = await running()
    page.receive(event("start_node", 2, node_id="n2", order=2))
    await page.reconnect(1012)
    page.receive(*frames)
    await page.settle()
    return page


def begun_anew(page: FakePage) -> None:
    """What is shown is what the server tells now, in the same row, and the page says so."""
    assert page.row("r") == "error" and page.app.stores.front.get() == "r"
    assert page.badges("n0") == page.badges("n2") == [] and page.badges("n1") == [("2", "error")]
    assert "tells it anew" in page.document.region("notices").textContent
    page.app.stop()


async def test_a_server_that_lost_its_history_is_read_anew() -> None:
    """It says so: numbers below those seen are no duplicates any more."""
    catch_up = {"type": "catch_up", "run_id": "r", "from_seq": 0, "to_seq": 1, "complete": False}
    begun_anew(await restarted(catch_up, *ANEW))


async def test_a_lost_history_is_seen_over_http() -> None:
    """The server's last number is lower than the highest that was seen."""
    page = await running()
    page.receive(event("start_node", 2, node_id="n2", order=2))
    told(page, "error", last_seq=1)
    page.http.answer("GET", "/runs/r/events", lines(*ANEW))
    page.app.woke()
    await page.settle()
    begun_anew(page)


async def test_a_server_that_is_behind_itself_takes_nothing_away() -> None:
    """A lower number with the same events is an old answer, no new history."""
    page = await running()
    page.receive(event("start_node", 2, node_id="n2", order=2))
    told(page, "executing", last_seq=0)
    page.http.answer("GET", "/runs/r/events", lines(event("run_start", 0)))
    page.app.woke()
    await page.settle()
    assert page.badges("n2") == [("3", "executing")]
    assert page.app.stores.notices.get("lost r") is None
    page.app.stop()


async def test_the_same_events_again_on_a_new_link_are_duplicates() -> None:
    page = await restarted(event("run_start", 0), event("start_node", 1, node_id="n0", order=0))
    assert page.badges("n0") == [("1", "executing")] and page.app.stores.metrics.get("duplicate") == 2
    assert page.app.stores.notices.get("lost r") is None
    page.app.stop()


async def test_a_run_that_the_server_has_forgotten_stays_as_it_is_and_in_doubt() -> None:
    """Nothing is cleared by a server that has nothing; what it tells again ends the doubt."""
    nothing = {"type": "catch_up", "run_id": "r", "from_seq": 3, "to_seq": 2, "complete": False}
    page = await restarted(nothing)
    told(page, "executing")
    page.http.answer("GET", "/runs/r", "", 404)
    page.app.woke()
    await page.settle()
    assert page.row("r") == "unverified" and page.badges("n0") == [("1", "executing")]
    page.receive(event("end_node", 3, node_id="n0", order=0, status="success"))
    assert page.row("r") == "executing" and page.badges("n0") == [("1", "success")]
    page.app.stop()
