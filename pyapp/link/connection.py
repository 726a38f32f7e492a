"""The connection: a pure state machine. Events go in, actions come out; it knows no socket and no clock.

Rules: at most one socket and one timer of each name; a new socket at once when the old one is dead,
never waiting for its close; late words of an old socket (by generation) are ignored; attempts go on for
ever; the delay is reset only after a link has been stable, or by a person. A promise of a heartbeat holds
until the server's next `hello`, over reconnects: a link that opens and never says a word breaks it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from ..locale.catalogue import Sentence

CONNECT_TIMEOUT_S = 5.0
STABLE_S = 10.0
MAX_SILENCE_S = 20.0
HEARTBEAT_GRACE_S = 5.0
CHECK_S = 2.0
"""How often an open link is checked for silence: a timer that sleeps along with the machine is late by no more."""
FIRST_S, CAP_S, SEEN_CAP_S = 0.5, 20.0, 5.0
"""The longest wait before an attempt: doubled from the first to the cap, a lower one while somebody looks."""
AUTH_CODES = frozenset({4401, 4403})
SIGN_IN = Sentence("sign-in")
"""Why it is closed when the server has refused us twice, a fresh ticket included; without one it waits, and asks on."""

Phase = Literal["connecting", "open", "waiting", "offline", "closed"]
TimerName = Literal["connect", "retry", "stable", "silence"]
"""`silence` fires `Connection.checked`, every other one `Connection.timer`."""


@dataclass(frozen=True, slots=True)
class OpenSocket:
    """Fetch a ticket if the backend has tickets, then open a socket of this generation.

    `refused`: the attempt before never opened, or was turned away; what is known of tickets may be wrong.
    """

    generation: int
    refused: bool = False


@dataclass(frozen=True, slots=True)
class DropSocket:
    """Let go of the socket at once."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """(Re)start the one timer of this name; when it fires, call `Connection.timer(name)`."""

    name: TimerName
    delay_s: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    name: TimerName


@dataclass(frozen=True, slots=True)
class Announce:
    """The phase changed; `delay_s` until the next attempt while waiting."""

    phase: Phase
    reason: str | None = None
    delay_s: float | None = None


@dataclass(frozen=True, slots=True)
class Greet:
    """The link is open: send `resume`."""


Action = OpenSocket | DropSocket | StartTimer | StopTimer | Announce | Greet


class Connection:
    """Owns the decision when to connect, to wait, and to give a link up for dead."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._limit_s = FIRST_S
        self._silence_s: float | None = None
        """The longest silence that the server's promise allows; None while it promised nothing."""
        self._seen = True
        self._unopened = False
        self._turned_away = False
        self.generation = 0
        self.phase: Phase = "closed"
        self.attempt = 0

    # -- what a person or the browser does --------------------------------------------------------
    def start(self) -> list[Action]:
        """Begin, or try at once, as if nothing had been tried before."""
        if self.phase in ("connecting", "open"):
            return []
        self._forget_failures()
        return self._again()

    def stop(self) -> list[Action]:
        """End for good (until `start`)."""
        return self._rest("closed")

    def offline(self) -> list[Action]:
        """The browser lost its network."""
        return [] if self.phase in ("closed", "offline") else self._rest("offline", "offline")

    def online(self) -> list[Action]:
        """The browser has its network back."""
        return self._again() if self.phase in ("offline", "waiting") else []

    def seen(self, visible: bool) -> list[Action]:
        """Somebody looks at the page from now on, or nobody does. Coming back cuts a wait short."""
        self._seen = visible
        return self._again() if visible and self.phase == "waiting" else []

    def woke(self, silent_s: float) -> list[Action]:
        """The machine, the tab or the page is back from wherever it was: no waiting out of old delays."""
        return self._again() if self.phase == "waiting" else self.checked(silent_s)

    # -- what the socket says ---------------------------------------------------------------------
    def opened(self, generation: int) -> list[Action]:
        if generation != self.generation or self.phase != "connecting":
            return []
        self.phase = "open"
        self._unopened = False
        watch = self.checked(0.0)
        return [StopTimer("connect"), StartTimer("stable", STABLE_S), *watch, Announce("open"), Greet()]

    def promised(self, heartbeat_s: float | None) -> list[Action]:
        """The server said hello: some frame at least this often, or (None) whenever it likes."""
        self._silence_s = None if heartbeat_s is None else min(MAX_SILENCE_S, heartbeat_s + HEARTBEAT_GRACE_S)
        return [StopTimer("silence")] if heartbeat_s is None else self.checked(0.0)

    def checked(self, silent_s: float) -> list[Action]:
        """Nothing came for `silent_s`, by whichever clock says more: the link is dead, or looked at again soon."""
        if self.phase != "open" or self._silence_s is None:
            return []
        if silent_s >= self._silence_s:
            return [*self._quiet(), *self._connect()]
        return [StartTimer("silence", min(CHECK_S, self._silence_s - silent_s))]

    def ended(self, generation: int, code: int, reason: str, *, lacking: bool = False) -> list[Action]:
        """The socket closed, or could not be opened; what lacked the ticket that it may have needed proves nothing."""
        if generation != self.generation or self.phase not in ("connecting", "open"):
            return []
        if code not in AUTH_CODES:
            return self._wait(reason or Sentence("connection.ended", code=code))
        if self._turned_away and lacking:
            return self._wait(SIGN_IN)
        if self._turned_away:
            self.phase = "closed"
            return [*self._quiet(), Announce("closed", SIGN_IN)]
        self._turned_away = True
        return [*self._quiet(), *self._connect()]

    def timer(self, name: TimerName) -> list[Action]:
        """A timer that was started has fired."""
        if name == "stable":
            self._forget_failures()
        if name == "retry" and self.phase == "waiting":
            return self._connect()
        return self._wait(Sentence("connection.silent")) if name == "connect" and self.phase == "connecting" else []

    # -- inside -----------------------------------------------------------------------------------
    def _again(self) -> list[Action]:
        return [StopTimer("retry"), *self._connect()]

    def _connect(self) -> list[Action]:
        self.generation += 1
        self.phase = "connecting"
        self.attempt += 1
        refused, self._unopened = self._unopened or self._turned_away, True
        return [Announce("connecting"), StartTimer("connect", CONNECT_TIMEOUT_S), OpenSocket(self.generation, refused)]

    def _wait(self, reason: str) -> list[Action]:
        limit, self._limit_s = self._limit_s, min(CAP_S, self._limit_s * 2)
        delay = self._random() * (min(limit, SEEN_CAP_S) if self._seen else limit)
        return [*self._rest("waiting", reason, delay), StartTimer("retry", delay)]

    def _rest(self, phase: Phase, reason: str | None = None, delay_s: float | None = None) -> list[Action]:
        """No socket until further notice."""
        self.generation += 1
        self.phase = phase
        return [*self._quiet(), Announce(phase, reason, delay_s)]

    def _forget_failures(self) -> None:
        self._limit_s = FIRST_S
        self.attempt = 0
        self._turned_away = False

    def _quiet(self) -> list[Action]:
        """Nothing of the socket before goes on."""
        return [*(StopTimer(name) for name in get_args(TimerName)), DropSocket()]
