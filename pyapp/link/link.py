"""The link: carries out what the connection's state machine decides, on a real socket and a real clock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from ..clock import Clock, Timer, drop
from ..contract.control import Control, Hello, Ping
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..ports import Socket, SocketFactory
from ..stores.link import LinkState
from ..stores.store import Store
from .connection import SIGN_IN, Action, Announce, Connection, DropSocket, Greet, OpenSocket, StartTimer, StopTimer
from .tickets import REFUSED, Tickets, TokenFirst


class Link:
    """Owns the one socket of the page and its timers. Whoever is to hear of it says so after it is made."""

    def __init__(
        self,
        url: str,
        sockets: SocketFactory,
        tickets: Tickets | TokenFirst,
        clock: Clock,
        state: Store[LinkState],
        random: Callable[[], float],
    ) -> None:
        self._url = url
        self._sockets = sockets
        self._tickets = tickets
        self._clock = clock
        self._state = state
        self._machine = Connection(random)
        self._socket: Socket | None = None
        self._said = ""
        """What the server said when it turned this page away last, where it said anything."""
        self._no_ticket = ""
        """What it said when it gave no ticket last, where it said so in the contract's words."""
        self._timers: dict[str, Timer] = {}
        self._heard: tuple[float, float] | None = None
        """When it was last known to be well, by both clocks: at each frame, and when its end was said."""
        self._opening: asyncio.Task[None] | None = None
        self._frame_listeners: list[Callable[[object], None]] = []
        self._open_listeners: list[Callable[[], None]] = []

    def on_frame(self, listener: Callable[[object], None]) -> None:
        """Call `listener` with each frame of the present socket, as it came."""
        self._frame_listeners.append(listener)

    def on_open(self, listener: Callable[[], None]) -> None:
        """Call `listener` at each (re)connect."""
        self._open_listeners.append(listener)

    def on_lost(self, listener: Callable[[str], None]) -> None:
        """A server that speaks the contract tells again what was missed: no run's stream is lost for good."""

    def on_limits(self, listener: Callable[[tuple[Sentence, ...]], None]) -> None:
        """A server that speaks the contract can do what the contract says."""

    def start(self, *, wished: bool = False) -> None:
        """Connect now, as if nothing had been tried before; `wished` by a person, for credentials, too."""
        if wished:
            self._tickets.credentials.insist()
        if self._url:
            self._tickets.forget()
            self._do(self._machine.start())

    def stop(self) -> None:
        """Let go of socket and timers."""
        self._do(self._machine.stop())

    def online(self) -> None:
        self._do(self._machine.online())

    def offline(self) -> None:
        self._well()
        self._do(self._machine.offline())

    def seen(self, visible: bool) -> None:
        """Somebody looks at the page from now on, or nobody does: an unseen page tries less often."""
        self._do(self._machine.seen(visible))

    def woke(self) -> None:
        """The page is looked at again, or the machine has slept: check the link now."""
        self._do(self._machine.woke(self._silent_s()))

    def of(self, run_id: str) -> LinkState:
        """How the link is over which this run is told of: every one is, over this."""
        return self._state.get()

    def send(self, frame: dict[str, Any]) -> bool:
        """Send a control frame. False, and the frame is dropped, while the link is not open."""
        if self._socket is None or self._machine.phase != "open":
            return False
        self._socket.send(json.dumps(frame))
        return True

    def control(self, frame: Control) -> None:
        """React to the control frames that are about the link; the others are not its business."""
        if isinstance(frame, Ping):
            self.send({"type": "pong"})
        elif isinstance(frame, Hello):
            self._do(self._machine.promised(frame.heartbeat_s))

    def turned_away(self, said: str) -> None:
        """What was said over the open socket refuses this page, as a close code would."""
        self._said = said
        self.ended(self._machine.generation, 4401, said)

    # -- SocketEvents -----------------------------------------------------------------------------
    def opened(self, generation: int) -> None:
        self._hear()
        self._do(self._machine.opened(generation))

    def received(self, generation: int, frame: object) -> None:
        if generation == self._machine.generation:
            self._hear()
            for listener in self._frame_listeners:
                listener(frame)

    def ended(self, generation: int, code: int, reason: str) -> None:
        lacking = self._tickets.lacking
        if "stable" in self._timers:  # it was opened, and did not last
            self._tickets.doubt()
        if generation == self._machine.generation:
            self._well()
        self._do(self._machine.ended(generation, code, reason, lacking=lacking))

    # -- actions ----------------------------------------------------------------------------------
    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case OpenSocket(generation, refused):
                    self._open(generation, refused)
                case DropSocket():
                    self._drop()
                case StartTimer(name, delay_s):
                    drop(self._timers, name)
                    self._timers[name] = self._clock.call_later(delay_s, partial(self._fire, action))
                case StopTimer(name):
                    drop(self._timers, name)
                case Announce(phase, reason, delay_s):
                    retry_at = None if delay_s is None else self._clock.now() + delay_s
                    said = {self._no_ticket: self._no_ticket, SIGN_IN: self._said}.get(reason or "", "")
                    heard_at = None if self._heard is None else self._heard[0]
                    self._state.set(LinkState(phase, reason, self._machine.attempt, retry_at, said, heard_at))
                case Greet():
                    for greet in self._open_listeners:
                        greet()

    def _fire(self, timer: StartTimer) -> None:
        self._timers.pop(timer.name, None)
        checking = timer.name == "silence"
        self._do(self._machine.checked(self._silent_s()) if checking else self._machine.timer(timer.name))

    def _hear(self) -> None:
        self._heard = (self._clock.now(), self._clock.wall())

    def _well(self) -> None:
        """Its end is said: until then it was well, unlike one that is given up because nothing came."""
        if self._machine.phase == "open":
            self._hear()

    def _silent_s(self) -> float:
        """Seconds since the last frame. Monotonic time may stand still while the machine sleeps; the wall's goes on."""
        now, wall = self._heard or (self._clock.now(), self._clock.wall())
        return max(self._clock.now() - now, self._clock.wall() - wall)

    def _open(self, generation: int, refused: bool) -> None:
        if refused:
            self._tickets.forget()
        if self._tickets.none or self._sockets.is_open(self._url):
            self._open_socket(generation, None)
        else:
            self._opening = asyncio.ensure_future(self._open_with_ticket(generation))

    async def _open_with_ticket(self, generation: int) -> None:
        try:
            ticket = await self._tickets.next()
        except ApiError as error:
            self._no_ticket = "" if error.code is None else str(error)
            self.ended(generation, 4401 if error.status in REFUSED else 1006, error.args[0])
            return
        if generation == self._machine.generation:
            self._open_socket(generation, ticket)

    def _open_socket(self, generation: int, ticket: str | None) -> None:
        try:
            self._socket = self._sockets.open(self._url, self._tickets.protocols(ticket), generation, self)
        except ValueError as error:
            self.ended(generation, 1006, Sentence("connection.refused", url=self._url, reason=error))

    def _drop(self) -> None:
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.cancel()
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()
