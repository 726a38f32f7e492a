"""pyapp.link.foreign_link: to the page it is a link; below it are a socket, and a stream for each run."""

from __future__ import annotations

import asyncio
import json

import pytest

from pyapp.contract.control import Hello
from pyapp.contract.decode import Malformed, Unknown
from pyapp.errors import ApiError
from pyapp.link.connection import SIGN_IN
from pyapp.link.foreign_link import PING_S
from pyapp.link.unheard import UNHEARD_S
from pyapp.locale.catalogue import Sentence
from pyapp.protocols.protocol import Frame, Heard, Json, Opening
from pyapp.protocols.runs import MAX_RUNS, ForeignRun
from tests.link.foreign import Bench, Plain, Talker, Toy, event, settle


async def test_two_runs_have_a_stream_each_and_do_not_mix() -> None:
    bench = Bench()
    first = await bench.started()
    begun = asyncio.ensure_future(bench.api.start("f"))
    await settle()
    other = bench.http.streams[-1]
    other.answer()
    other.say(event(0, "r2", event="run_start"))
    assert (first, await begun) == ("r", "r2")
    bench.http.streams[0].say(event(1, content="one"))
    other.say(event(1, "r2", content="two"))
    bench.http.streams[0].say(event(2, content="one more"))
    said = [(item.run_id, item.seq) for item in bench.items if item.event == "RunContent"]
    assert said == [("r", 1), ("r2", 1), ("r", 2)]


async def test_the_state_is_that_of_the_stream_that_is_worst_off() -> None:
    bench = Bench()
    await bench.started()
    assert bench.phase == "open"
    bench.http.streams[-1].end("broke")
    assert (bench.phase, bench.state.get().reason) == ("waiting", "broke")
    bench.link.offline()
    assert bench.phase == "offline"
    bench.link.online()
    await settle()
    bench.http.streams[-1].answer()
    assert bench.phase == "open"


async def test_a_run_that_streams_is_not_asked_for_again_and_one_that_does_not_is() -> None:
    """`subscribe` and `resume` of the contract mean: bring it in."""
    bench = Bench()
    await bench.started()
    assert bench.link.send({"type": "subscribe", "run_id": "r"})
    assert bench.link.send({"type": "resume", "runs": {"r": 0, "nobody": 3}})
    assert len(bench.http.streams) == 1
    bench.link.forget("r")
    assert bench.http.streams[0].closed
    bench.link.send({"type": "subscribe", "run_id": "r"})
    assert bench.http.streams[-1].path == "/again?after=-1"


async def test_a_run_that_is_asked_for_is_not_pushed_out_by_a_list() -> None:
    bench = Bench()
    bench.link.start()
    await settle()
    runs = bench.dialect.runs
    asked = runs.add(ForeignRun("asked", "f", Plain, run_id="asked"))
    bench.link.bring("asked")
    for number in range(MAX_RUNS):
        runs.add(ForeignRun(f"{number}", "f", Plain, run_id=f"{number}"))
    assert runs.find("asked") is asked and runs.find("0") is None
    bench.link.forget("asked")
    runs.add(ForeignRun("another", "f", Plain))
    assert runs.find("asked") is None


class Talkative(Toy):
    """Its streams go on behind the end of their run."""

    hears_out = True


async def test_a_stream_that_is_heard_out_stays_until_its_server_ends_it() -> None:
    bench = Bench(Talkative())
    await bench.started()
    bench.http.streams[-1].say(event(1, event="run_end"), event(2, content="more"))
    assert (bench.contents(), bench.http.streams[-1].closed) == (["more"], False)
    bench.http.streams[-1].end()
    bench.clock.advance(60.0)
    assert (len(bench.http.streams), bench.lost, bench.phase) == (1, [], "open")


@pytest.mark.parametrize("end", [{"event": "run_end"}, {"event": "AgentPaused", "requirements": [{"id": "q"}]}])
async def test_of_streams_that_have_nothing_more_to_say_the_last_alone_is_kept(end: Json) -> None:
    """A server that ends none would take all connections that a browser has for it: no run would begin any more."""
    bench = Bench(Talkative())
    for number in range(3):
        begun = asyncio.ensure_future(bench.api.start("f"))
        await settle()
        bench.http.streams[-1].answer()
        bench.http.streams[-1].say(event(0, f"r{number}", event="run_start"), event(1, f"r{number}", **end))
        await begun
    assert [each.closed for each in bench.http.streams] == [True, True, False]


async def test_what_comes_is_decoded_or_put_aside() -> None:
    bench = Bench()
    assert isinstance(next(bench.link.decode(b"bytes")), Malformed)
    run = await bench.started()
    bench.link.forget(run)
    bench.dialect.runs._by_key.clear()
    items = list(bench.link.decode([{"aside": "What", "reason": "", "raw": {}}]))
    assert isinstance(items[0], Unknown)


async def test_what_is_due_because_of_what_came_is_sent() -> None:
    bench = Bench()
    await bench.started()
    dialect = bench.dialect
    again = dialect.resume(dialect.runs.find("r"))  # type: ignore[arg-type]
    dialect.wanted = [again]  # type: ignore[attr-defined]
    bench.http.streams[-1].say(event(1, content="a"))
    assert (bench.http.streams[0].closed, bench.http.streams[-1].path) == (True, "/again?after=0")


async def test_everything_that_a_browser_tells_reaches_every_stream() -> None:
    bench = Bench()
    await bench.started()
    bench.http.streams[-1].end("broke")
    bench.link.seen(False)
    bench.link.seen(True)
    assert bench.http.streams[-1].path == "/again?after=0"
    bench.http.streams[-1].end("broke")
    bench.link.woke()
    assert len(bench.http.streams) == 3
    bench.link.stop()
    assert bench.http.streams[-1].closed
    bench.clock.advance(60.0)
    assert (len(bench.http.streams), bench.phase) == (3, "closed")


async def test_a_start_that_nothing_is_heard_of_is_given_up() -> None:
    bench = Bench()
    bench.link.start()
    begun = asyncio.ensure_future(bench.api.start("f"))
    await settle()
    bench.clock.advance(UNHEARD_S + 1)
    with pytest.raises(ApiError, match="did not answer"):
        await begun


async def test_over_a_socket_frames_are_said_and_heard() -> None:
    """Greeted at each opening; pinged, so that its silence means something; its start fails while it is not open."""
    bench = Bench(Talker())
    opened: list[int] = []
    bench.link.on_open(lambda: opened.append(1))
    with pytest.raises(ApiError, match="not open"):
        await bench.api.start("f")
    bench.link.start()
    socket = bench.sockets.last
    assert socket.protocols == []
    socket.accept()
    assert (socket.sent, opened) == ([{"type": "hi"}], [1])
    bench.link.control(Hello(type="hello", heartbeat_s=5))
    bench.clock.advance(PING_S)
    assert socket.sent[-1] == {"type": "are you there"}
    begun = asyncio.ensure_future(bench.api.start("f"))
    await settle()
    run = bench.dialect.runs.find(socket.sent[-1]["key"])
    assert run is not None
    run.refused = "No such flow."
    socket.deliver(json.dumps("what"))
    with pytest.raises(ApiError, match="No such flow"):
        await begun
    bench.link.open(Opening("nobody", Frame({"type": "x"})))
    assert socket.sent[-1] == {"type": "x"}
    bench.clock.advance(20.0)
    assert bench.phase in ("connecting", "waiting")


async def test_what_the_backend_cannot_do_is_told_whenever_it_is_another() -> None:
    bench = Bench()
    told: list[tuple[str, ...]] = []
    bench.link.on_limits(told.append)
    await bench.started()
    assert told == []
    for number, limits in enumerate((("a",), ("a",), (), ("a", "b"))):
        bench.dialect.limits = tuple(map(Sentence, limits))
        bench.http.streams[-1].say(event(number + 1, content="x"))
    assert told == [("a",), (), ("a", "b")]


class Doorkeeper(Talker):
    """Lets nobody in over its socket but who says the good token."""

    def signing_in(self, token: str | None) -> list[Frame]:
        return [Frame({"token": token})]

    def heard(self, heard: Heard) -> list[Json]:
        self.refusal = "Not with this one." if heard.text == '"no"' else ""
        return []


async def test_a_socket_is_opened_once_the_token_is_there_and_again_with_another_one() -> None:
    """What is said over the open socket is a refusal as a close code is: one fresh token, then a person is asked."""
    bench = Bench(Doorkeeper(), "token")
    asked: list[int] = []
    bench.credentials.on_asked(lambda kind, number: asked.append(number))
    bench.credentials.reach(True)
    bench.link.start()
    await settle()
    assert (bench.sockets.opened, asked) == ([], [1])
    bench.credentials.give("old", 1)
    await settle()
    bench.sockets.last.accept()
    assert bench.sockets.last.sent[0] == {"token": "old"}
    bench.sockets.last.deliver('"no"')
    await settle()
    assert (len(bench.sockets.opened), bench.sockets.last.closed, asked) == (1, True, [1, 2])
    bench.credentials.give("new", 2)
    await settle()
    bench.sockets.last.accept()
    assert (bench.sockets.last.sent[0], bench.phase) == ({"token": "new"}, "open")
    bench.sockets.last.deliver('"no"')
    await settle()
    state = bench.state.get()
    assert (state.phase, state.reason, state.said) == ("closed", SIGN_IN, "Not with this one.")
    bench.link.start(wished=True)
    await settle()
    assert asked == [1, 2, 3]
    bench.credentials.give("good", 3)
    await settle()
    bench.sockets.last.accept()
    assert (bench.phase, bench.state.get().said) == ("open", "")


async def test_without_anybody_to_give_a_token_a_refusal_is_final_after_one_more_attempt() -> None:
    bench = Bench(Doorkeeper())
    bench.link.start()
    for _ in range(2):
        bench.sockets.last.accept()
        bench.sockets.last.deliver('"no"')
        await settle()
    assert (len(bench.sockets.opened), bench.state.get().reason) == (2, SIGN_IN)
