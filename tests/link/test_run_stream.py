"""pyapp.link.run_stream: a stream lives until its run has nothing more to say, and tells nothing twice."""

from __future__ import annotations

import asyncio

import pytest

from pyapp.errors import ApiError
from pyapp.link.connection import SIGN_IN
from tests.link.foreign import Bench, Toy, event, settle


async def test_a_stream_that_breaks_goes_on_behind_what_came() -> None:
    """Asked again with the index of the last message; what comes once more is told once."""
    bench = Bench()
    assert await bench.started() == "r"
    stream = bench.http.streams[-1]
    stream.say(event(1, content="a"))
    stream.end("broke")
    assert bench.phase == "waiting"
    bench.clock.advance(1.0)
    again = bench.http.streams[-1]
    assert again is not stream and again.path == "/again?after=1"
    again.answer()
    again.say(event(1, content="a"), event(2, content="b"), event(3, event="run_end"))
    assert (bench.contents(), bench.phase) == (["a", "b"], "open")
    assert again.closed
    again.end()
    bench.clock.advance(60.0)
    assert len(bench.http.streams) == 2


async def test_a_stream_that_ends_before_its_run_is_asked_for_again() -> None:
    bench = Bench()
    await bench.started()
    bench.http.streams[-1].end()
    bench.clock.advance(1.0)
    assert bench.http.streams[-1].path == "/again?after=0"


async def test_a_run_that_waits_for_a_person_needs_no_stream() -> None:
    """What goes on after the answer is a stream of its own, of the same run."""
    bench = Bench()
    await bench.waiting()
    bench.clock.advance(30.0)
    assert (len(bench.http.streams), bench.phase) == (1, "open")
    answer = asyncio.ensure_future(bench.api.answer("r", {"id": "q", "confirmed": True}))
    await settle()
    assert bench.http.streams[-1].path == "/go-on"
    bench.http.streams[-1].answer()
    bench.http.streams[-1].say(event(2, event="resume_start"), event(3, content="on"))
    await answer
    assert bench.contents() == ["on"]


@pytest.mark.parametrize("status", [400, 409, 500, 503])
async def test_an_answer_that_is_refused_says_so_and_can_be_sent_again(status: int) -> None:
    bench = Bench()
    answer = await bench.answered()
    bench.http.streams[-1].answer(status, "application/json")
    bench.http.streams[-1].say('{"detail": "Not now."}')
    bench.http.streams[-1].end()
    with pytest.raises(ApiError, match="Not now") as error:
        await answer
    assert error.value.status == status
    again = asyncio.ensure_future(bench.api.answer("r", {"id": "q", "confirmed": True}))
    await settle()
    assert [each.path for each in bench.http.streams] == ["/run", "/go-on", "/go-on"]
    bench.http.streams[-1].answer()
    bench.http.streams[-1].say(event(2, event="resume_start"))
    await again


@pytest.mark.parametrize("how", ["cut", "empty", "gateway"])
async def test_an_answer_that_no_word_came_of_may_have_been_taken_so_the_run_is_asked_for(how: str) -> None:
    """It is not sent again, and is not said to have failed before the server has told all it has."""
    bench = Bench()
    answer = await bench.answered()
    if how != "cut":
        bench.http.streams[-1].answer(*((504, "text/html") if how == "gateway" else ()))
    bench.http.streams[-1].end("broke" if how == "cut" else None)
    bench.clock.advance(1.0)
    assert bench.http.streams[-1].path == "/again?after=1"
    bench.http.streams[-1].end("broke")
    bench.clock.advance(2.0)
    await settle()
    assert (len(bench.http.streams), answer.done()) == (4, False)
    bench.http.streams[-1].answer()
    bench.http.streams[-1].say(event(2, event="resume_start"), event(3, event="run_end"))
    await answer
    assert bench.lost == []


async def test_an_answer_that_never_arrived_has_failed_once_the_server_has_told_that_the_run_waits() -> None:
    bench = Bench()
    answer = await bench.answered()
    bench.http.streams[-1].end("broke")
    bench.clock.advance(1.0)
    bench.http.streams[-1].answer()
    bench.http.streams[-1].end()
    with pytest.raises(ApiError, match=r"before the server said anything"):
        await answer
    bench.clock.advance(60.0)
    assert (len(bench.http.streams), bench.lost, bench.phase) == (3, [], "open")


@pytest.mark.parametrize("how", ["cut", "empty"])
async def test_where_nothing_can_be_asked_a_broken_answer_has_failed(how: str) -> None:
    bench = Bench(Toy(resumes=False))
    answer = await bench.answered()
    if how == "empty":
        bench.http.streams[-1].answer()
    bench.http.streams[-1].end("broke" if how == "cut" else None)
    with pytest.raises(ApiError, match=r"broke|before the server said anything"):
        await answer
    assert bench.lost == []


async def test_what_cannot_be_told_again_is_said_to_be_lost() -> None:
    bench = Bench(Toy(resumes=False))
    await bench.started()
    bench.http.streams[-1].end("broke")
    assert (bench.lost, bench.events()[-1]) == (["r"], "run_end")
    bench.clock.advance(30.0)
    assert (len(bench.http.streams), bench.phase) == (1, "open")


async def test_a_run_that_is_gone_is_not_asked_for_again() -> None:
    bench = Bench()
    await bench.started()
    bench.http.streams[-1].end("broke")
    bench.clock.advance(1.0)
    bench.http.streams[-1].answer(404, "application/json")
    bench.http.streams[-1].say('{"detail": "Run not found"}')
    bench.http.streams[-1].end()
    bench.clock.advance(60.0)
    assert (bench.lost, len(bench.http.streams)) == (["r"], 2)


async def test_a_server_in_trouble_is_asked_again_and_a_refusal_once_more() -> None:
    """503 is a matter of time; 401 gets one more attempt, then a person is asked to sign in."""
    bench = Bench()
    await bench.started()
    bench.http.streams[-1].end("broke")
    bench.clock.advance(1.0)
    for status in (503, 401, 401):
        bench.http.streams[-1].answer(status, "text/plain")
        bench.http.streams[-1].end()
        bench.clock.advance(2.0)
    assert (len(bench.http.streams), bench.state.get().reason) == (4, SIGN_IN)
    assert bench.lost == []


@pytest.mark.parametrize("how", ["refused", "broke"])
async def test_a_start_that_fails_is_never_sent_twice(how: str) -> None:
    bench = Bench()
    bench.link.start()
    begun = asyncio.ensure_future(bench.api.start("f"))
    await settle()
    stream = bench.http.streams[-1]
    if how == "refused":
        stream.answer(500, "application/json")
        stream.say('{"detail": "No room."}')
    stream.end(None if how == "refused" else "No room.")
    with pytest.raises(ApiError, match="No room"):
        await begun
    bench.clock.advance(60.0)
    assert len(bench.http.streams) == 1


@pytest.mark.parametrize("second", [200, 401])
async def test_a_start_that_was_refused_for_its_token_is_sent_again_with_another_one(second: int) -> None:
    """Nothing was begun by it; refused once more it has failed, in the server's words."""
    bench = Bench(awaited="token")
    loop = asyncio.get_running_loop()

    def asked(kind: str, number: int) -> None:
        loop.call_soon(bench.credentials.give, "new", number)

    bench.credentials.on_asked(asked)
    bench.credentials.reach(True)
    bench.credentials.give("old")
    bench.link.start()
    begun = asyncio.ensure_future(bench.api.start("f"))
    await settle()
    bench.http.streams[-1].answer(401, "application/json")
    bench.http.streams[-1].end()
    await settle()
    bore = [each.headers["Authorization"] for each in bench.http.streams]
    assert bore == ["Bearer old", "Bearer new"] and bench.http.streams[-1].path == "/run"
    bench.http.streams[-1].answer(second, "text/event-stream" if second == 200 else "application/json")
    if second == 200:
        bench.http.streams[-1].say(event(0, event="run_start"))
        assert await begun == "r"
        return
    bench.http.streams[-1].say('{"detail": "Your token is over."}')
    bench.http.streams[-1].end()
    with pytest.raises(ApiError, match="Your token is over"):
        await begun
    bench.clock.advance(60.0)
    assert len(bench.http.streams) == 2


async def test_each_run_has_the_link_that_tells_of_it() -> None:
    """Its stream is cut: it is not heard of. What another stream tells of, or the socket, goes on."""
    bench = Bench()
    await bench.started()
    assert (bench.link.of("r").phase, bench.link.of("other").phase) == ("open", "open")
    bench.clock.advance(3.0)
    bench.http.streams[-1].end("broke")
    assert bench.link.of("r").gone and bench.link.of("r").heard_at == bench.clock.now()
    assert (bench.phase, bench.link.of("other").phase) == ("waiting", "open")
    bench.clock.advance(1.0)
    bench.http.streams[-1].answer()
    assert bench.link.of("r").phase == bench.phase == "open"
    bench.link.stop()


async def test_a_run_whose_stream_is_well_is_heard_of_though_the_socket_is_away() -> None:
    bench = Bench()
    await bench.started()
    bench.link.main.turned_away("No.")
    assert bench.link.of("r").phase == "open" and bench.link.of("other").gone
    bench.link.stop()
