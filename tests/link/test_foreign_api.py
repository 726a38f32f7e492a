"""pyapp.link.foreign_api: the page's questions, put as the backend wants them, with failures in words."""

from __future__ import annotations

import asyncio

import pytest

from pyapp.errors import ApiError
from pyapp.ports import HttpResponse
from pyapp.protocols.protocol import Dialogue, Request
from pyapp.protocols.runs import ForeignRun
from tests.link.foreign import Bench, Talker, Toy, event, settle


async def test_flows_are_asked_once_and_looked_up() -> None:
    bench = Bench()
    bench.http.answer("GET", "/list", "one two")
    assert [flow.id for flow in await bench.api.flows()] == ["one", "two"]
    assert (await bench.api.flow("two")).id == "two"
    assert bench.http.asked("GET", "/list") == 1
    with pytest.raises(ApiError, match="no flow “three”") as error:
        await bench.api.flow("three")
    assert error.value.missing
    assert bench.api.available


async def test_stop_asks_or_lets_go_or_says_it_over_the_socket() -> None:
    bench = Bench()
    await bench.started()
    bench.http.answer("POST", "/stop/r", "")
    await bench.api.stop("r")
    assert bench.http.asked("POST", "/stop/r") == 1
    bench.http.answer("POST", "/stop/r", {"detail": "Too late."}, 409)
    with pytest.raises(ApiError, match="Too late"):
        await bench.api.stop("r")
    loose = Bench()
    await loose.started("loose")
    await loose.api.stop("r")
    assert loose.http.streams[-1].closed
    assert loose.items[-1].status == "killed"


async def test_a_run_that_waits_is_stopped_once_it_is_answered_and_that_is_said() -> None:
    """An AgentOS takes the wish, and tells nothing before the run goes on: it would be stopping for ever."""
    bench = Bench()
    await bench.started()
    bench.http.answer("POST", "/stop/r", "")
    bench.http.streams[-1].say(event(1, event="AgentPaused", requirements=[{"id": "q", "kind": "confirmation"}]))
    with pytest.raises(ApiError, match="only once it is answered"):
        await bench.api.stop("r")
    assert bench.http.asked("POST", "/stop/r") == 1
    bench.http.streams[-1].say(event(2, event="resume_start"))
    await bench.api.stop("r")


class Changed(Toy):
    """What a run asks is another question by now."""

    def still_asks(self, run: ForeignRun) -> Dialogue[bool]:
        reply = yield Request("GET", f"/asks/{run.run_id}")
        return reply.text == "the same"


async def test_an_answer_to_what_was_answered_elsewhere_is_not_sent_and_what_is_asked_now_is_fetched() -> None:
    bench = Bench(Changed())
    await bench.started()
    bench.http.streams[-1].say(event(1, event="AgentPaused", requirements=[{"id": "q", "kind": "confirmation"}]))
    bench.http.answer("GET", "/asks/r", "another")
    with pytest.raises(ApiError, match="answered elsewhere"):
        async with asyncio.timeout(1):
            await bench.api.answer("r", {"id": "q", "confirmed": True})
    await settle()
    asked = [stream.path for stream in bench.http.streams]
    assert not any("go-on" in path for path in asked) and "/again?after=1" in asked[-1]


async def test_a_stop_over_a_socket() -> None:
    bench = Bench(Talker())
    bench.link.start()
    bench.sockets.last.accept()
    opening = bench.dialect.start("f", None)
    await bench.api.stop(opening.key)
    assert bench.sockets.last.sent[-1] == {"type": "stop"}


async def test_a_run_that_is_over_by_the_servers_word_is_asked_for_again() -> None:
    """Its stream is open and silent: what it missed is brought in."""
    bench = Bench()
    await bench.started()
    bench.http.answer("GET", "/state/r", "executing")
    assert (await bench.api.run("r")).status == "executing"
    assert len(bench.http.streams) == 1
    bench.http.answer("GET", "/state/r", "success")
    assert await bench.api.given("r") is None
    assert bench.http.streams[0].closed
    assert bench.http.streams[-1].path == "/again?after=0"


async def test_what_it_does_not_have_is_missing() -> None:
    bench = Bench()
    for asked in (bench.api.run("nobody"), bench.api.stop("nobody"), bench.api.logs("r", None)):
        with pytest.raises(ApiError) as error:
            await asked
        assert error.value.missing
    assert await bench.api.runs(before="r") == await bench.api.runs() == []
    assert list(await bench.api.events("nobody", -1)) == []


@pytest.mark.parametrize(("failure", "words"), [(TimeoutError(), "within 10 s"), (OSError("no route"), "no route")])
async def test_a_server_that_does_not_answer_is_gone_for_the_link_too(failure: Exception, words: str) -> None:
    bench = Bench()
    bench.link.start()
    await settle()
    bench.http.then("GET", "/list", failure)
    with pytest.raises(ApiError, match=words):
        await bench.api.flows()
    assert bench.phase == "waiting"


async def test_the_time_at_the_server_is_told() -> None:
    bench = Bench()
    dates: list[float] = []
    bench.api.on_date(dates.append)
    bench.http.then("GET", "/list", HttpResponse(200, "", 12.0))
    await bench.api.flows()
    assert dates == [12.0]
