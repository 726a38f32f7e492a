from __future__ import annotations

import asyncio

import pytest

from pyapp.contract.control import Hello, Ping, ServerError
from pyapp.link.api import Api
from pyapp.link.connection import SIGN_IN, STABLE_S
from pyapp.link.credentials import Credentials
from pyapp.link.link import Link
from pyapp.link.tickets import Tickets
from pyapp.ports import HttpResponse
from pyapp.stores.link import LinkState
from pyapp.stores.store import Batch, Store
from pyapp.testing.clock import FakeClock
from pyapp.testing.http import FakeHttp
from pyapp.testing.socket import FakeSockets


class Bench:
    """A link on fakes, and what it told."""

    def __init__(self, *, url: str = "ws://portal.test/ws", base: str = "") -> None:
        self.clock, self.sockets = FakeClock(), FakeSockets()
        self.http = FakeHttp()
        self.frames: list[object] = []
        self.opened = 0
        self.sign_ins: list[bool] = []
        self.state = Store(Batch(lambda source, error: None), LinkState())
        credentials = Credentials(self.clock)
        tickets = Tickets(Api(self.http, base, credentials), credentials)
        self.link = Link(url, self.sockets, tickets, self.clock, self.state, lambda: 0.5)
        self.link.on_frame(self.frames.append)
        self.link.on_open(self._on_open)
        self.state.listen(self._on_state)

    def _on_state(self, link: LinkState) -> None:
        if link.reason == SIGN_IN or (link.phase == "open" and self.sign_ins[-1:] == [True]):
            self.sign_ins.append(link.reason == SIGN_IN)

    def _on_open(self) -> None:
        self.opened += 1


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_without_an_address_nothing_is_tried() -> None:
    """An empty `ws` opens no socket."""
    bench = Bench(url="")
    bench.link.start()
    assert bench.sockets.opened == []
    assert bench.state.get().phase == "closed"


def test_frames_pass_and_old_sockets_do_not() -> None:
    """What a socket says is heard as long as it is the present one."""
    bench = Bench()
    bench.link.start()
    first = bench.sockets.last
    first.accept()
    first.deliver("a")
    first.die()
    assert bench.state.get().phase == "waiting"
    assert bench.state.get().retry_at == bench.clock.now() + 0.25
    first.deliver("late")
    bench.clock.advance(0.5)
    bench.sockets.last.accept()
    bench.sockets.last.deliver("b")
    assert (bench.frames, bench.opened, bench.sockets.live) == (["a", "b"], 2, 1)


def test_pings_are_answered_and_heartbeats_watched() -> None:
    """pong for ping; a promised heartbeat that stays away replaces the socket."""
    bench = Bench()
    assert not bench.link.send({"type": "early"})
    bench.link.start()
    assert not bench.link.send({"type": "still early"})
    bench.sockets.last.accept()
    bench.link.control(Ping(type="ping"))
    assert bench.sockets.last.sent == [{"type": "pong"}]
    assert bench.link.send({"type": "subscribe", "run_id": "r"})
    bench.link.control(Hello(type="hello", heartbeat_s=5.0))
    bench.clock.advance(9.0)
    assert len(bench.sockets.opened) == 1
    bench.sockets.last.deliver("x")
    bench.clock.advance(9.0)
    assert len(bench.sockets.opened) == 1
    bench.clock.advance(2.0)
    assert len(bench.sockets.opened) == 2
    assert bench.sockets.live == 1


def test_a_link_that_never_speaks_is_held_to_the_promise_of_the_one_before() -> None:
    """A half-dead server behind a proxy accepts and says nothing: noticed within the promised time."""
    bench = Bench()
    bench.link.start()
    bench.sockets.last.accept()
    bench.link.control(Hello(type="hello", heartbeat_s=10.0))
    bench.sockets.last.die()
    bench.clock.advance(0.5)
    bench.sockets.last.accept()
    silent = bench.sockets.last
    bench.clock.advance(14.0)
    assert bench.sockets.last is silent
    bench.clock.advance(2.0)
    assert silent.closed and bench.sockets.last is not silent
    bench.sockets.last.accept()
    bench.link.control(Hello(type="hello"))
    last = bench.sockets.last
    bench.clock.advance(600.0)
    assert bench.sockets.last is last, "a hello without a promise takes it back"


def test_sleep_counts_as_silence() -> None:
    """Monotonic time may stand still while the machine sleeps; the wall's does not."""
    bench = Bench()
    bench.link.start()
    bench.sockets.last.accept()
    bench.link.control(Hello(type="hello", heartbeat_s=10.0))
    bench.clock.set_wall(bench.clock.wall() + 3600.0)
    bench.link.woke()
    assert (len(bench.sockets.opened), bench.sockets.live) == (2, 1)


def test_a_wall_clock_that_is_set_back_hides_no_silence() -> None:
    """The monotonic clock goes on counting."""
    bench = Bench()
    bench.link.start()
    bench.sockets.last.accept()
    bench.link.control(Hello(type="hello", heartbeat_s=10.0))
    bench.clock.set_wall(bench.clock.wall() - 3600.0)
    bench.clock.advance(16.0)
    assert len(bench.sockets.opened) == 2


def test_what_is_not_about_the_link_changes_nothing() -> None:
    """An error of the server's is for others to tell."""
    bench = Bench()
    bench.link.start()
    bench.sockets.last.accept()
    bench.link.control(ServerError(type="error", code="c", message="m"))
    assert (bench.sockets.last.sent, bench.state.get().phase) == ([], "open")


def test_a_page_that_comes_into_view_tries_at_once() -> None:
    """Nobody who looks waits for a page that was hidden."""
    bench = Bench()
    bench.link.start()
    bench.link.seen(False)
    bench.sockets.last.die()
    assert len(bench.sockets.opened) == 1
    bench.link.seen(True)
    assert (len(bench.sockets.opened), bench.sockets.live) == (2, 1)


def test_a_browser_that_refuses_is_a_failed_attempt() -> None:
    """`new WebSocket` that throws leads to waiting, with the reason in words."""
    bench = Bench()
    bench.sockets.refuse = "CSP"
    bench.link.start()
    assert bench.state.get().phase == "waiting"
    assert "CSP" in (bench.state.get().reason or "")
    bench.sockets.refuse = None
    bench.clock.advance(1.0)
    assert len(bench.sockets.opened) == 1


async def test_each_socket_gets_a_fresh_ticket() -> None:
    """The ticket goes along as a subprotocol, base64url, never in the address."""
    bench = Bench(base="http://portal.test/api")
    bench.http.answer("POST", "/tickets", {"ticket": "a b?", "expires_in": 30})
    bench.link.start()
    await settle()
    assert bench.sockets.last.protocols == ["flowglow.1", "ticket.YSBiPw"]
    assert bench.sockets.last.url == "ws://portal.test/ws"
    bench.sockets.last.accept()
    bench.sockets.last.die()
    bench.clock.advance(1.0)
    await settle()
    assert bench.http.asked("POST", "/tickets") == 2


async def test_a_socket_that_is_open_already_needs_no_ticket() -> None:
    """Those after it do."""
    bench = Bench(base="http://portal.test/api")
    bench.http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
    bench.sockets.early = True
    bench.link.start()
    assert len(bench.sockets.opened) == 1 and bench.http.asked("POST", "/tickets") == 0
    bench.sockets.last.accept()
    bench.sockets.last.deliver("kept")
    assert (bench.frames, bench.opened) == (["kept"], 1)
    bench.sockets.last.die()
    bench.clock.advance(1.0)
    await settle()
    assert bench.http.asked("POST", "/tickets") == 1 and len(bench.sockets.opened) == 2


async def test_a_backend_without_tickets_is_asked_once() -> None:
    """404: from then on sockets are opened without, as long as they do open, and last."""
    bench = Bench(base="http://portal.test/api")
    bench.link.start()
    await settle()
    assert bench.sockets.last.protocols == ["flowglow.1"]
    bench.sockets.last.accept()
    bench.clock.advance(STABLE_S)
    bench.sockets.last.die()
    bench.clock.advance(1.0)
    await settle()
    assert len(bench.sockets.opened) == 2
    assert bench.http.asked("POST", "/tickets") == 1


async def test_http_in_trouble_does_not_keep_the_socket_away() -> None:
    """A 500 for the first ticket: the socket is tried without one."""
    bench = Bench(base="http://portal.test/api")
    bench.http.answer("POST", "/tickets", "<html>", 500)
    bench.link.start()
    await settle()
    assert bench.sockets.last.protocols == ["flowglow.1"]


async def test_a_backend_with_tickets_in_trouble_is_waited_for() -> None:
    """Where tickets are known to be needed, an error is a failed attempt."""
    bench = Bench(base="http://portal.test/api")
    ticket = HttpResponse(200, '{"ticket": "t", "expires_in": 1}')
    bench.http.then("POST", "/tickets", ticket, HttpResponse(500, ""), ticket)
    bench.link.start()
    await settle()
    bench.sockets.last.accept()
    bench.sockets.last.die()
    bench.clock.advance(0.6)
    await settle()
    assert bench.state.get().phase == "waiting"
    assert len(bench.sockets.opened) == 1


async def test_what_a_backend_says_that_gives_no_ticket_is_known() -> None:
    """In its own words; a proxy before it says none, and what is the matter afterwards has nothing to do with them."""
    bench = Bench(base="http://portal.test/api")
    full = HttpResponse(507, '{"error": {"code": "log_full", "message": "There is no room."}}')
    ticket = HttpResponse(200, '{"ticket": "t", "expires_in": 1}')
    bench.http.then("POST", "/tickets", ticket, full, HttpResponse(502, "<html>"), full, ticket)
    bench.link.start()
    await settle()
    bench.sockets.last.accept()
    bench.sockets.last.die()
    told = [bench.state.get().said]
    for _ in range(4):
        bench.clock.advance(20.0)
        await settle()
        told.append(bench.state.get().said)
    bench.sockets.last.die(4401)
    assert told == ["", "There is no room.", "", "There is no room.", ""]
    assert bench.state.get().said == ""


async def test_a_refused_ticket_asks_for_a_sign_in_once() -> None:
    """401 twice: the notice to sign in, and nothing loops."""
    bench = Bench(base="http://portal.test/api")
    bench.http.answer("POST", "/tickets", "", 401)
    bench.link.start()
    await settle()
    assert (bench.sign_ins, bench.state.get().phase) == ([True], "closed")
    bench.clock.advance(60.0)
    await settle()
    assert bench.http.asked("POST", "/tickets") == 2


async def test_one_404_does_not_end_asking_for_tickets() -> None:
    """A proxy says 404 during a deployment; once a socket without a ticket is refused, a ticket is asked for again."""
    bench = Bench(base="http://portal.test/api")
    ticket = HttpResponse(200, '{"ticket": "a b?", "expires_in": 30}')
    bench.http.then("POST", "/tickets", HttpResponse(404, ""), ticket)
    bench.link.start()
    await settle()
    bench.sockets.last.accept()
    bench.clock.advance(STABLE_S)
    bench.sockets.last.die(4401)
    await settle()
    bench.sockets.last.accept()
    assert bench.sockets.last.protocols == ["flowglow.1", "ticket.YSBiPw"]
    assert (bench.sign_ins, bench.state.get().phase) == ([], "open")


async def test_a_404_of_a_backend_that_has_given_tickets_is_asked_again_with_growing_pauses() -> None:
    """However long it lasts: the page says that a person may have to sign in, and is back with the first ticket."""
    bench = Bench(base="http://portal.test/api")
    bench.http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
    bench.link.start()
    await settle()
    bench.sockets.last.accept()
    bench.http.answer("POST", "/tickets", "", 404)
    bench.sockets.last.die(4401)
    for _ in range(60):
        await settle()
        if bench.sockets.live:
            bench.sockets.last.accept()
            bench.sockets.last.die(4401)
        bench.clock.advance(1.0)
    assert bench.state.get().phase == "waiting" and bench.sign_ins[-1]
    assert 8 < bench.http.asked("POST", "/tickets") < 40
    bench.http.answer("POST", "/tickets", {"ticket": "t", "expires_in": 30})
    bench.clock.advance(5.0)
    await settle()
    assert len(bench.sockets.last.protocols) == 2
    bench.sockets.last.accept()
    assert not bench.sign_ins[-1]


@pytest.mark.parametrize("code", [1006, 1008])
async def test_a_socket_without_a_ticket_that_does_not_last_makes_it_ask_again(code: int) -> None:
    """That the backend has none was the mistake of a moment; from its first word on."""
    bench = Bench(base="http://portal.test/api")
    bench.http.then("POST", "/tickets", HttpResponse(404, ""), HttpResponse(200, '{"ticket": "t", "expires_in": 9}'))
    bench.link.start()
    await settle()
    bench.sockets.last.accept()
    bench.sockets.last.die(code)
    bench.clock.advance(1.0)
    await settle()
    assert len(bench.sockets.last.protocols) == 2
    await settle()


async def test_a_person_who_tries_now_asks_for_a_ticket_again() -> None:
    """Also where the backend said that it has none; and the notice goes once the link is open."""
    bench = Bench(base="http://portal.test/api")
    bench.link.start()
    await settle()
    for _ in range(2):
        bench.sockets.last.accept()
        bench.sockets.last.die(4401)
        await settle()
    assert (bench.sign_ins, bench.http.asked("POST", "/tickets")) == ([True], 2)
    assert bench.state.get().phase == "closed"
    bench.http.answer("POST", "/tickets", {"ticket": "a b?", "expires_in": 30})
    bench.link.start()
    await settle()
    assert bench.sockets.last.protocols == ["flowglow.1", "ticket.YSBiPw"]
    bench.sockets.last.accept()
    assert bench.sign_ins == [True, False]


async def test_stop_lets_go_of_everything() -> None:
    """No socket, no timer, no task is left; online and offline follow the machine."""
    bench = Bench(base="http://portal.test/api")
    bench.link.start()
    bench.link.stop()
    await settle()
    assert (bench.sockets.live, bench.clock.pending) == (0, 0)
    bench.link.start()
    await settle()
    bench.sockets.last.accept()
    bench.link.offline()
    assert bench.state.get().phase == "offline"
    bench.link.online()
    await settle()
    assert bench.sockets.live == 1
    bench.link.stop()
    assert (bench.sockets.live, bench.clock.pending) == (0, 0)


@pytest.mark.parametrize("how", ["closed", "offline", "silent"])
def test_it_is_known_when_it_was_well_last(how: str) -> None:
    """Until its end was said; one that is given up for its silence, when the last frame came."""
    bench = Bench()
    bench.link.start()
    assert bench.link.of("r").heard_at is None
    bench.sockets.last.accept()
    bench.link.control(Hello(type="hello", heartbeat_s=10))
    bench.clock.advance(4.0)
    bench.sockets.last.deliver("x")
    heard = bench.clock.now()
    bench.clock.advance(15.0 if how == "silent" else 3.0)
    if how == "closed":
        bench.sockets.last.die()
    elif how == "offline":
        bench.link.offline()
    assert bench.link.of("r").phase != "open"
    assert bench.link.of("r").heard_at == heard + (0.0 if how == "silent" else 3.0)
    bench.clock.advance(9.0)
    assert bench.link.of("r").heard_at == heard + (0.0 if how == "silent" else 3.0)
