"""pyapp.link.probe: a server without a socket is there when it answers, whatever it says."""

from __future__ import annotations

from pyapp.ports import HttpResponse
from tests.link.foreign import Bench, settle


async def test_any_answer_shows_that_a_server_is_there() -> None:
    bench = Bench()
    bench.http.then("GET", "", OSError("no route"), HttpResponse(405, ""))
    bench.link.start()
    await settle()
    assert (bench.phase, bench.state.get().reason) == ("waiting", "no route")
    bench.clock.advance(1.0)
    await settle()
    assert bench.phase == "open"


async def test_an_answer_in_the_servers_place_shows_that_it_is_away() -> None:
    bench = Bench()
    bench.http.then("GET", "", HttpResponse(502, "Bad Gateway"), HttpResponse(503, ""))
    bench.link.start()
    await settle()
    assert bench.phase == "waiting"
    bench.clock.advance(1.0)
    await settle()
    assert bench.phase == "open"


async def test_a_request_that_fails_shows_that_it_is_gone() -> None:
    """It is asked after until it is back; one that is answered changes nothing."""
    bench = Bench()
    bench.link.start()
    await settle()
    bench.link.reached(True)
    assert bench.phase == "open"
    bench.link.reached(False)
    assert bench.phase == "waiting"
    bench.clock.advance(1.0)
    await settle()
    assert bench.phase == "open"


async def test_one_that_is_let_go_of_says_nothing() -> None:
    bench = Bench()
    bench.link.reached(False)
    bench.link.start()
    bench.link.stop()
    await settle()
    assert bench.phase == "closed"
    assert not bench.link.send({"type": "subscribe", "run_id": "r"})
