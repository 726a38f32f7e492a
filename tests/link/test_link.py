from __future__ import annotations

import asyncio

from pyapp.contract.control import Hello, Ping, ServerError
from pyapp.errors import ErrorReporter
from pyapp.link.api import Api
from pyapp.link.link import Link
from pyapp.ports import HttpResponse
from pyapp.stores.link import LinkState
from pyapp.stores.store import Batch, Store
from pyapp.testing.clock import FakeClock
from pyapp.testing.console import ListConsole
from pyapp.testing.http import FakeHttp
from pyapp.testing.socket import FakeSockets


class Bench:
    """A link on fakes, and what it told."""

    def __init__(self, *, url: str = "ws://portal.test/ws", base: str = "") -> None:
        self.clock, self.sockets, self.console = FakeClock(), FakeSockets(), ListConsole()
        self.http = FakeHttp()
        self.frames: list[object] = []
        self.opened = self.sign_ins = 0
        self.state = Store(Batch(lambda source, error: None), LinkState())
        self.link = Link(
            url,
            sockets=self.sockets,
            api=Api(self.http, base),
            clock=self.clock,
            reporter=ErrorReporter(self.console),
            state=self.state,
            random=lambda: 0.5,
            on_frame=self.frames.append,
            on_open=self._on_open,
            on_sign_in=self._on_sign_in,
        )

    def _on_open(self) -> None:
        self.opened += 1

    def _on_sign_in(self) -> None:
        self.sign_ins += 1


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
    assert bench.state.get().retry_at == bench.clock.now() + 0.5
    first.deliver("late")
    bench.clock.advance(0.5)
    bench.sockets.last.accept()
    bench.sockets.last.deliver("b")
    assert (bench.frames, bench.opened, bench.sockets.live) == (["a", "b"], 2, 1)


def test_pings_are_answered_and_heartbeats_watched() -> None:
    """pong for ping; a promised heartbeat that stays away replaces the socket."""
    bench = Bench()
    bench.link.send({"type": "early"})
    bench.link.start()
    bench.sockets.last.accept()
    bench.link.control(Ping(type="ping"))
    assert bench.sockets.last.sent == [{"type": "pong"}]
    bench.link.control(Hello(type="hello", heartbeat_s=5.0))
    bench.link.control(Hello(type="hello"))
    bench.clock.advance(9.0)
    assert len(bench.sockets.opened) == 1
    bench.sockets.last.deliver("x")
    bench.clock.advance(9.0)
    assert len(bench.sockets.opened) == 1
    bench.clock.advance(2.0)
    assert len(bench.sockets.opened) == 2
    assert bench.sockets.live == 1


def test_what_the_server_says_of_errors_is_logged() -> None:
    """An error frame becomes a console line."""
    bench = Bench()
    bench.link.control(ServerError(type="error", code="c", message="m"))
    assert "c: m" in bench.console.texts("warning")[0]


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


async def test_a_backend_without_tickets_is_asked_once() -> None:
    """404: from then on sockets are opened without."""
    bench = Bench(base="http://portal.test/api")
    bench.link.start()
    await settle()
    assert bench.sockets.last.protocols == ["flowglow.1"]
    bench.sockets.last.accept()
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


async def test_a_refused_ticket_asks_for_a_sign_in_once() -> None:
    """401 twice: the notice to sign in, and nothing loops."""
    bench = Bench(base="http://portal.test/api")
    bench.http.answer("POST", "/tickets", "", 401)
    bench.link.start()
    await settle()
    assert (bench.sign_ins, bench.state.get().phase) == (1, "closed")
    bench.clock.advance(60.0)
    await settle()
    assert bench.http.asked("POST", "/tickets") == 2


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
