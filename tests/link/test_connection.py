from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pyapp.link.connection import (
    SIGN_IN,
    Action,
    Announce,
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
    """The first retry comes within half a second; while waiting, old sockets are not heard."""
    connection = opened()
    actions = connection.ended(1, 1006, "")
    assert StartTimer("retry", 0.25) in actions and DropSocket() in actions
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
    assert delays == [0.25, 0.5, 1.0, 2.0]
    connection.timer("stable")
    assert connection.attempt == 0
    assert StartTimer("retry", 0.25) in connection.ended(connection.generation, 1000, "")


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


def test_a_promise_holds_over_reconnects_until_the_next_hello() -> None:
    """A link that opens and never says a word, of a server that promised before, is dead too."""
    connection = opened()
    connection.promised(3.0)
    connection.ended(1, 1006, "")
    connection.timer("retry")
    assert StartTimer("silence", 2.0) in connection.opened(connection.generation)
    assert DropSocket() in connection.checked(8.0)
    connection.opened(connection.generation)
    assert connection.promised(None) == [StopTimer("silence")], "it promises nothing any more"
    assert connection.checked(99.0) == []


def waits(connection: Connection, count: int) -> list[float]:
    """How long it waits after each of some refused attempts."""
    found = []
    for _ in range(count):
        actions = connection.ended(connection.generation, 1006, "")
        found += [action.delay_s for action in actions if isinstance(action, StartTimer)]
        connection.timer("retry")
    return found


def test_a_page_that_is_seen_waits_five_seconds_at_most() -> None:
    """One that nobody sees waits up to twenty, and less again once it is seen; jitter stays full."""
    connection = Connection(lambda: 1.0)
    connection.start()
    assert waits(connection, 6) == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert connection.seen(False) == []
    assert waits(connection, 2) == [20.0, 20.0]
    connection.seen(True)
    assert waits(connection, 1) == [5.0]


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=40))
def test_delays_double_up_to_the_cap(chances: list[float]) -> None:
    """Each is random between none and its limit: half a second at first, twenty at last, for ever."""
    chance = iter(chances)
    connection = Connection(lambda: next(chance))
    connection.seen(False)
    connection.start()
    limits = [0.5, 1, 2, 4, 8, 16, *[20] * len(chances)]
    assert waits(connection, len(chances)) == [each * limit for each, limit in zip(chances, limits, strict=False)]


def test_coming_back_into_view_cuts_a_wait_short() -> None:
    """The attempt is made at once; a link that is open or closed is left alone."""
    connection = opened()
    connection.seen(False)
    assert connection.seen(True) == []
    connection.ended(1, 1006, "")
    actions = connection.seen(True)
    assert StopTimer("retry") in actions
    assert any(isinstance(action, OpenSocket) for action in actions)
    connection.stop()
    assert connection.seen(True) == []


def test_a_person_who_tries_now_starts_afresh() -> None:
    """The delays begin again at the shortest."""
    connection = Connection(lambda: 1.0)
    connection.start()
    waits(connection, 5)
    connection.ended(connection.generation, 1006, "")
    connection.start()
    assert connection.attempt == 1
    assert waits(connection, 1) == [0.5]


def test_waking_waits_out_no_old_delay() -> None:
    """A link that waits tries at once; an open one is checked; one that was ended stays so."""
    connection = opened()
    connection.promised(3.0)
    assert connection.woke(1.0) == [StartTimer("silence", 2.0)]
    assert OpenSocket(2) in connection.woke(3600.0)
    connection.ended(2, 1006, "")
    assert any(isinstance(action, OpenSocket) for action in connection.woke(3600.0))
    connection.stop()
    assert connection.woke(3600.0) == []


def test_a_refusal_gets_one_fresh_ticket() -> None:
    """4401 once: again at once. Twice: a person must sign in, and nothing loops."""
    connection = opened()
    assert OpenSocket(2, refused=True) in connection.ended(1, 4401, "")
    connection.opened(2)
    actions = connection.ended(2, 4403, "")
    assert Announce("closed", SIGN_IN) in actions
    assert connection.phase == "closed"
    assert connection.online() == connection.woke(60.0) == connection.seen(True) == []
    assert OpenSocket(3) in connection.start(), "a person tries again"
    assert Announce("open") in connection.opened(3), "what was asked of a person is settled"
    assert OpenSocket(4, refused=True) in connection.ended(3, 4401, ""), "and a fresh ticket is tried again"


def test_an_attempt_that_never_opened_is_a_refusal() -> None:
    """The next attempt is told, so that nothing that was believed of tickets keeps it out."""
    connection = Connection(lambda: 0.5)
    connection.start()
    connection.ended(1, 1006, "")
    assert OpenSocket(3, refused=True) in connection.timer("retry")
    connection.opened(3)
    connection.ended(3, 1006, "")
    assert OpenSocket(5) in connection.timer("retry")


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
        self.seen = True
        self.told: Announce | None = None
        self.promised = False
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
                assert action.delay_s <= (20.0 if action.name != "retry" or not self.seen else 5.0)
                self.timers.add(action.name)
            elif isinstance(action, StopTimer):
                self.timers.discard(action.name)
            elif isinstance(action, Announce):
                told, self.told = self.told, action
                assert action.reason != SIGN_IN or action != told, "nobody is told twice"

    @rule(age=st.integers(0, 3))
    def socket_opens(self, age: int) -> None:
        self.do(self.connection.opened(self.connection.generation - age))

    @rule(age=st.integers(0, 3), code=st.sampled_from([1000, 1001, 1006, 1011, 1012, 1013, 4401, 4403]))
    def socket_ends(self, age: int, code: int) -> None:
        self.do(self.connection.ended(self.connection.generation - age, code, ""))

    @rule(silent_s=st.floats(0, 100), waking=st.booleans())
    def somebody_looks(self, silent_s: float, waking: bool) -> None:
        self.do(self.connection.woke(silent_s) if waking else self.connection.checked(silent_s))

    @rule(seconds=st.one_of(st.none(), st.floats(0.1, 100)))
    def server_says_hello(self, seconds: float | None) -> None:
        if self.connection.phase == "open":
            self.promised = seconds is not None
            self.do(self.connection.promised(seconds))

    @rule(visible=st.booleans())
    def page_is_seen(self, visible: bool) -> None:
        self.seen = visible
        self.do(self.connection.seen(visible))

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
        if phase == "open":
            assert ("silence" in self.timers) == self.promised, "a promise is watched on every link"


TestMachine = Machine.TestCase
TestMachine.settings = settings(deadline=None, stateful_step_count=30)
