from __future__ import annotations

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pyapp.link.connection import (
    Action,
    Announce,
    AskSignIn,
    Connection,
    DropSocket,
    Greet,
    OpenSocket,
    StartTimer,
    StopTimer,
)


def opened() -> Connection:
    connection = Connection(lambda: 0.5)
    connection.start()
    connection.opened(connection.generation)
    return connection


def test_it_opens_and_greets() -> None:
    """start opens a socket with a time-out; the open link is greeted and watched for stability."""
    connection = Connection(lambda: 0.5)
    assert connection.start() == [
        StopTimer("retry"),
        Announce("connecting"),
        StartTimer("connect", 5.0),
        OpenSocket(1),
    ]
    assert connection.start() == []
    assert connection.opened(1) == [StopTimer("connect"), StartTimer("stable", 10.0), Announce("open"), Greet()]


def test_a_lost_link_waits_and_tries_again() -> None:
    """The first retry comes within a second; while waiting, old sockets are not heard."""
    connection = opened()
    actions = connection.ended(1, 1006, "")
    assert StartTimer("retry", 0.5) in actions and DropSocket() in actions
    assert connection.phase == "waiting"
    assert connection.ended(1, 1006, "") == []
    assert OpenSocket(connection.generation + 1) in connection.timer("retry")


def test_delays_grow_until_a_link_was_stable() -> None:
    """An accept-then-close loop does not reset the delay; ten seconds of an open link do."""
    connection = opened()
    delays = []
    for _ in range(4):
        actions = connection.ended(connection.generation, 1000, "")
        delays += [action.delay_s for action in actions if isinstance(action, StartTimer)]
        connection.timer("retry")
        connection.opened(connection.generation)
    assert delays == [0.5, 1.0, 2.0, 4.0]
    connection.timer("stable")
    assert connection.attempt == 0
    assert StartTimer("retry", 0.5) in connection.ended(connection.generation, 1000, "")


def test_a_silent_connect_is_given_up() -> None:
    """No answer within five seconds is a failed attempt; the late answer of that socket is ignored."""
    connection = Connection(lambda: 0.0)
    connection.start()
    assert connection.timer("connect")
    assert connection.phase == "waiting"
    assert connection.opened(1) == []
    assert connection.timer("connect") == []


def test_a_promised_heartbeat_that_stays_away_gives_a_new_socket_at_once() -> None:
    """Without waiting for close; the silence allowed is the heartbeat and five seconds, at most twenty."""
    connection = opened()
    assert connection.checked(99.0) == [], "nothing was promised"
    assert connection.promised(3.0) == [StartTimer("silence", 2.0)]
    assert connection.checked(7.0) == [StartTimer("silence", 1.0)]
    connection.promised(60.0)
    assert connection.checked(19.9) != []
    assert connection.phase == "open"
    actions = connection.checked(20.0)
    assert DropSocket() in actions and OpenSocket(2) in actions
    assert connection.checked(99.0) == connection.promised(3.0) == []


def test_waking_waits_out_no_old_delay() -> None:
    """A link that waits tries at once; an open one is checked; one that was ended stays so."""
    connection = opened()
    connection.promised(3.0)
    assert connection.woke(1.0) == [StartTimer("silence", 2.0)]
    assert OpenSocket(2) in connection.woke(3600.0)
    connection.ended(2, 1006, "")
    assert OpenSocket(connection.generation + 1) in connection.woke(3600.0)
    connection.stop()
    assert connection.woke(3600.0) == []


def test_a_refusal_gets_one_fresh_ticket() -> None:
    """4401 once: again at once. Twice: a person must sign in, and nothing loops."""
    connection = opened()
    assert OpenSocket(2) in connection.ended(1, 4401, "")
    actions = connection.ended(2, 4403, "")
    assert AskSignIn() in actions
    assert connection.phase == "closed"
    assert OpenSocket(3) in connection.start(), "a person tries again"


def test_offline_lets_go_and_online_tries_at_once() -> None:
    """No attempt while the browser is offline."""
    connection = opened()
    assert DropSocket() in connection.offline()
    assert connection.offline() == []
    assert connection.timer("retry") == []
    assert any(isinstance(action, OpenSocket) for action in connection.online())
    assert connection.online() == []


def test_stop_is_for_good() -> None:
    """After stop nothing happens by itself."""
    connection = opened()
    assert Announce("closed") in connection.stop()
    assert connection.ended(1, 1006, "") == connection.offline() == connection.online() == []


class Machine(RuleBasedStateMachine):
    """Whatever happens in whatever order: at most one socket and one timer of a name, and never stuck."""

    def __init__(self) -> None:
        super().__init__()
        self.connection = Connection(lambda: 0.99)
        self.sockets: set[int] = set()
        self.timers: set[str] = set()
        self.do(self.connection.start())

    def do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            if isinstance(action, OpenSocket):
                self.sockets.add(action.generation)
            elif isinstance(action, DropSocket):
                self.sockets.clear()
            elif isinstance(action, StartTimer):
                assert action.delay_s <= 20.0
                self.timers.add(action.name)
            elif isinstance(action, StopTimer):
                self.timers.discard(action.name)

    @rule(age=st.integers(0, 3))
    def socket_opens(self, age: int) -> None:
        self.do(self.connection.opened(self.connection.generation - age))

    @rule(age=st.integers(0, 3), code=st.sampled_from([1000, 1001, 1006, 1011, 1012, 1013, 4401, 4403]))
    def socket_ends(self, age: int, code: int) -> None:
        self.do(self.connection.ended(self.connection.generation - age, code, ""))

    @rule(silent_s=st.floats(0, 100), waking=st.booleans())
    def somebody_looks(self, silent_s: float, waking: bool) -> None:
        self.do(self.connection.woke(silent_s) if waking else self.connection.checked(silent_s))

    @rule(seconds=st.floats(0.1, 100))
    def heartbeat_promised(self, seconds: float) -> None:
        self.do(self.connection.promised(seconds))

    @rule(name=st.sampled_from(["connect", "retry", "stable", "silence"]))
    def timer_fires(self, name: str) -> None:
        if name in self.timers:
            self.timers.discard(name)
            self.do(self.connection.checked(1.0) if name == "silence" else self.connection.timer(name))  # type: ignore[arg-type]

    @rule(what=st.sampled_from(["online", "offline", "start", "stop"]))
    def world_changes(self, what: str) -> None:
        self.do(getattr(self.connection, what)())

    @invariant()
    def at_most_one_socket(self) -> None:
        assert len(self.sockets) <= 1

    @invariant()
    def never_stuck(self) -> None:
        phase = self.connection.phase
        if phase == "waiting":
            assert "retry" in self.timers
        if phase == "connecting":
            assert "connect" in self.timers and self.sockets
        if phase in ("closed", "offline"):
            assert not self.sockets and not self.timers


TestMachine = Machine.TestCase
TestMachine.settings = settings(deadline=None, stateful_step_count=30)
