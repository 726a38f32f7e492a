"""The link: carries out what the connection's state machine decides, on a real socket and a real clock."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from ..clock import Clock, Timer
from ..contract.control import Control, Hello, Ping, ServerError
from ..errors import ApiError, ErrorReporter
from ..ports import Socket, SocketFactory
from ..stores.link import LinkState
from ..stores.store import Store
from .api import Api
from .connection import (
    Action,
    Announce,
    AskSignIn,
    Connection,
    DropSocket,
    Greet,
    OpenSocket,
    StartTimer,
    StopTimer,
    TimerName,
)  # fmt: skip

PROTOCOL = "flowglow.1"


class Link:
    """Owns the one socket of the page and its timers.

    `on_frame(frame)` gets every frame, `on_open()` each (re)connect, `on_sign_in()` a refusal that only a
    person can mend.
    """

    def __init__(
        self,
        url: str,
        *,
        sockets: SocketFactory,
        api: Api,
        clock: Clock,
        reporter: ErrorReporter,
        state: Store[LinkState],
        random: Callable[[], float],
        on_frame: Callable[[object], None],
        on_open: Callable[[], None],
        on_sign_in: Callable[[], None],
    ) -> None:
        self._url = url
        self._sockets = sockets
        self._api = api
        self._clock = clock
        self._reporter = reporter
        self._state = state
        self._on_frame = on_frame
        self._on_open = on_open
        self._on_sign_in = on_sign_in
        self._machine = Connection(random)
        self._socket: Socket | None = None
        self._timers: dict[TimerName, Timer] = {}
        self._heard = (clock.now(), clock.wall())
        """When a frame came last, by both clocks."""
        self._opening: asyncio.Task[None] | None = None
        self._has_tickets: bool | None = None if api.available else False
        """Whether this backend has tickets; None until it said so."""

    def start(self) -> None:
        """Connect now; without an address nothing is tried."""
        if self._url:
            self._do(self._machine.start())

    def stop(self) -> None:
        """Let go of socket and timers."""
        self._do(self._machine.stop())

    def online(self) -> None:
        self._do(self._machine.online())

    def offline(self) -> None:
        self._do(self._machine.offline())

    def woke(self) -> None:
        """The page is looked at again, or the machine has slept: check the link now."""
        self._do(self._machine.woke(self._silent_s()))

    def send(self, frame: dict[str, Any]) -> None:
        """Send a control frame; while the link is down it is dropped: `on_open` says what is still true."""
        if self._socket is not None and self._machine.phase == "open":
            self._socket.send(json.dumps(frame))

    def control(self, frame: Control) -> None:
        """React to the control frames that are about the link."""
        if isinstance(frame, Ping):
            self.send({"type": "pong"})
        elif isinstance(frame, Hello) and frame.heartbeat_s is not None:
            self._do(self._machine.promised(frame.heartbeat_s))
        elif isinstance(frame, ServerError):
            self._reporter.log("warning", f"[Link] the server says {frame.code}: {frame.message}")

    # -- SocketEvents -----------------------------------------------------------------------------
    def opened(self, generation: int) -> None:
        self._hear()
        self._do(self._machine.opened(generation))

    def received(self, generation: int, frame: object) -> None:
        if generation == self._machine.generation:
            self._hear()
            self._on_frame(frame)

    def ended(self, generation: int, code: int, reason: str) -> None:
        self._do(self._machine.ended(generation, code, reason))

    # -- actions ----------------------------------------------------------------------------------
    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case OpenSocket(generation):
                    self._open(generation)
                case DropSocket():
                    self._drop()
                case StartTimer(name, delay_s):
                    self._stop_timer(name)
                    self._timers[name] = self._clock.call_later(delay_s, partial(self._fire, name))
                case StopTimer(name):
                    self._stop_timer(name)
                case Announce(phase, reason, delay_s):
                    retry_at = None if delay_s is None else self._clock.now() + delay_s
                    self._state.set(LinkState(phase, reason, self._machine.attempt, retry_at))
                case Greet():
                    self._on_open()
                case AskSignIn():
                    self._on_sign_in()

    def _fire(self, name: TimerName) -> None:
        self._timers.pop(name, None)
        checking = name == "silence"
        self._do(self._machine.checked(self._silent_s()) if checking else self._machine.timer(name))

    def _hear(self) -> None:
        self._heard = (self._clock.now(), self._clock.wall())

    def _silent_s(self) -> float:
        """Seconds since the last frame. Monotonic time may stand still while the machine sleeps; the wall's goes on."""
        now, wall = self._heard
        return max(self._clock.now() - now, self._clock.wall() - wall)

    def _stop_timer(self, name: TimerName) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def _open(self, generation: int) -> None:
        if self._has_tickets is not False:
            self._opening = asyncio.ensure_future(self._open_with_ticket(generation))
        else:
            self._open_socket(generation, [PROTOCOL])

    async def _open_with_ticket(self, generation: int) -> None:
        try:
            ticket = await self._api.ticket()
            self._has_tickets = ticket is not None
        except ApiError as error:
            if self._has_tickets or error.status in (401, 403):
                self.ended(generation, 4401 if error.status in (401, 403) else 1006, str(error))
                return
            ticket = None  # HTTP is in trouble; the socket may well work without it
        if generation == self._machine.generation:
            self._open_socket(generation, _protocols(ticket))

    def _open_socket(self, generation: int, protocols: list[str]) -> None:
        try:
            self._socket = self._sockets.open(self._url, protocols, generation, self)
        except ValueError as error:
            self.ended(generation, 1006, f"The browser refuses {self._url}: {error}")

    def _drop(self) -> None:
        socket, self._socket = self._socket, None
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        if socket is not None:
            socket.close()


def _protocols(ticket: str | None) -> list[str]:
    if ticket is None:
        return [PROTOCOL]
    encoded = base64.urlsafe_b64encode(ticket.encode()).decode().rstrip("=")
    return [PROTOCOL, f"ticket.{encoded}"]
