"""The connection: a pure state machine. Events go in, actions come out; it knows no socket and no clock.

Rules: at most one socket and one timer of each name; a new socket at once when the old one is dead,
never waiting for its close; late words of an old socket (by generation) are ignored; attempts go on for
ever; the delay is reset only after a link has been stable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..stores.link import LinkPhase
from .backoff import delays

CONNECT_TIMEOUT_S = 5.0
STABLE_S = 10.0
MAX_SILENCE_S = 20.0
HEARTBEAT_GRACE_S = 5.0
CHECK_S = 2.0
"""How often an open link is checked for silence: a timer that sleeps along with the machine is late by no more."""
AUTH_CODES = frozenset({4401, 4403})

TimerName = Literal["connect", "retry", "stable", "silence"]
"""`silence` fires `Connection.checked`, every other one `Connection.timer`."""


@dataclass(frozen=True, slots=True)
class OpenSocket:
    """Fetch a ticket if the backend has tickets, then open a socket of this generation."""

    generation: int


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

    phase: LinkPhase
    reason: str | None = None
    delay_s: float | None = None


@dataclass(frozen=True, slots=True)
class Greet:
    """The link is open: send `resume`."""


@dataclass(frozen=True, slots=True)
class AskSignIn:
    """The server refused us twice, a fresh ticket included: a person must sign in again."""


Action = OpenSocket | DropSocket | StartTimer | StopTimer | Announce | Greet | AskSignIn


class Connection:
    """Owns the decision when to connect, to wait, and to give a link up for dead."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._delays: Iterator[float] = delays(random)
        self._silence_s: float | None = None
        self._refused = False
        self.generation = 0
        self.phase: LinkPhase = "closed"
        self.attempt = 0

    # -- what a person or the browser does --------------------------------------------------------
    def start(self) -> list[Action]:
        """Begin, or try at once."""
        if self.phase in ("connecting", "open"):
            return []
        self._refused = False
        return [StopTimer("retry"), *self._connect()]

    def stop(self) -> list[Action]:
        """End for good (until `start`)."""
        self.generation += 1
        self.phase = "closed"
        return [*self._quiet(), DropSocket(), Announce("closed")]

    def offline(self) -> list[Action]:
        """The browser lost its network."""
        if self.phase in ("closed", "offline"):
            return []
        self.generation += 1
        self.phase = "offline"
        return [*self._quiet(), DropSocket(), Announce("offline", "offline")]

    def online(self) -> list[Action]:
        """The browser has its network back."""
        return self.start() if self.phase in ("offline", "waiting") else []

    # -- what the socket says ---------------------------------------------------------------------
    def opened(self, generation: int) -> list[Action]:
        if generation != self.generation or self.phase != "connecting":
            return []
        self.phase = "open"
        self._silence_s = None
        return [StopTimer("connect"), StartTimer("stable", STABLE_S), Announce("open"), Greet()]

    def promised(self, heartbeat_s: float) -> list[Action]:
        """The server promised some frame at least this often."""
        self._silence_s = min(MAX_SILENCE_S, heartbeat_s + HEARTBEAT_GRACE_S)
        return self.checked(0.0)

    def checked(self, silent_s: float) -> list[Action]:
        """Nothing came for `silent_s`, by whichever clock says more: the link is dead, or looked at again soon."""
        if self.phase != "open" or self._silence_s is None:
            return []
        if silent_s >= self._silence_s:
            return [*self._quiet(), DropSocket(), *self._connect()]
        return [StartTimer("silence", min(CHECK_S, self._silence_s - silent_s))]

    def woke(self, silent_s: float) -> list[Action]:
        """The machine, the tab or the page is back from wherever it was: no waiting out of old delays."""
        return self.start() if self.phase == "waiting" else self.checked(silent_s)

    def ended(self, generation: int, code: int, reason: str) -> list[Action]:
        """The socket closed, or could not be opened."""
        if generation != self.generation or self.phase not in ("connecting", "open"):
            return []
        if code in AUTH_CODES:
            if self._refused:
                self.phase = "closed"
                return [*self._quiet(), DropSocket(), Announce("closed", "sign-in"), AskSignIn()]
            self._refused = True
            return [*self._quiet(), DropSocket(), *self._connect()]
        return self._wait(reason or f"closed ({code})")

    def timer(self, name: TimerName) -> list[Action]:
        """A timer that was started has fired."""
        if name == "retry":
            return self._connect() if self.phase == "waiting" else []
        if name == "stable":
            self._delays = delays(self._random)
            self.attempt = 0
            self._refused = False
            return []
        return self._wait("no answer") if self.phase == "connecting" else []

    # -- inside -----------------------------------------------------------------------------------
    def _connect(self) -> list[Action]:
        self.generation += 1
        self.phase = "connecting"
        self.attempt += 1
        return [
            Announce("connecting"),
            StartTimer("connect", CONNECT_TIMEOUT_S),
            OpenSocket(self.generation),
        ]

    def _wait(self, reason: str) -> list[Action]:
        self.generation += 1
        self.phase = "waiting"
        delay = next(self._delays)
        return [
            *self._quiet(),
            DropSocket(),
            StartTimer("retry", delay),
            Announce("waiting", reason, delay),
        ]

    def _quiet(self) -> list[Action]:
        return [StopTimer("connect"), StopTimer("stable"), StopTimer("silence"), StopTimer("retry")]
