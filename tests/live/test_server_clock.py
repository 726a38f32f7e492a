"""The server's time, whatever this machine's clock says."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from pyapp.live.server_clock import JUMP_S, WINDOW_S, ServerClock
from pyapp.testing.clock import FakeClock


def test_without_a_server_it_is_this_machine_s_time() -> None:
    clock = FakeClock(wall=1_000.0)
    assert ServerClock(clock).now() == clock.wall()


@given(st.floats(-600, 600), st.lists(st.tuples(st.floats(0, 20), st.floats(0, 5)), min_size=1, max_size=20))
def test_it_is_right_however_wrong_the_machine_is(ahead_s: float, messages: list[tuple[float, float]]) -> None:
    """Each message is late by something: the estimate is late by the least of it, and never early."""
    clock = FakeClock()
    server = ServerClock(clock)
    started, moment = clock.now(), clock.wall() + ahead_s
    for pause_s, late_s in messages:
        clock.advance(pause_s)
        server.heard(moment + clock.now() - started - late_s)
        if clock.now() - started <= WINDOW_S:
            truth = moment + clock.now() - started
            assert truth - 20 - 1e-3 <= server.now() <= truth + 1e-3
    least = min(late_s for _, late_s in messages)
    if clock.now() - started <= WINDOW_S:
        assert math.isclose(server.now(), moment + clock.now() - started - least, abs_tol=1e-3)


def test_the_machine_s_clock_may_be_set_meanwhile() -> None:
    """Ahead it is as after a sleep, until the server says what time it is there."""
    clock = FakeClock(wall=1_000.0)
    server = ServerClock(clock)
    server.heard(5_000.0)
    clock.advance(3.0)
    for wall in (1_003.0 + JUMP_S, 3.0):
        clock.set_wall(wall)
        assert server.now() == 5_003.0
    clock.set_wall(9_999_999.0)
    server.heard(5_002.0)
    assert server.now() == 5_003.0


def test_a_sleep_counts_before_the_server_is_heard_again() -> None:
    """What was before it was then; of what is wrong, and is not believed, nothing is learnt."""
    clock = FakeClock()
    server = ServerClock(clock)
    before, at = clock.now(), clock.wall() + 600.0
    server.heard(at)
    clock.advance(3.0)
    clock.set_wall(clock.wall() + 3_600.0)
    server.told(at - 50.0)
    server.heard(at + 100_000.0)
    assert (server.now(), server.at(before), server.at(clock.now())) == (at + 3_603.0, at, at + 3.0)
    server.heard(at + 3_603.5)
    assert server.now() == server.at(clock.now()) == at + 3_603.5


def test_a_recording_knows_nothing_of_a_sleep_before_it() -> None:
    clock = FakeClock()
    server = ServerClock(clock)
    server.heard(5_000.0)
    clock.set_wall(clock.wall() + 3_600.0)
    server.set(7_000.0)
    assert server.now() == 7_000.0


def test_a_server_that_is_set_back_is_believed_after_two_windows() -> None:
    clock = FakeClock()
    server = ServerClock(clock)
    server.heard(5_000.0)
    clock.advance(WINDOW_S + 1)
    server.heard(1_000.0)
    assert server.now() == 5_000.0 + WINDOW_S + 1, "one late message is no proof"
    clock.advance(WINDOW_S + 1)
    server.heard(1_000.0 + WINDOW_S + 1)
    assert server.now() == 1_000.0 + WINDOW_S + 1


def test_what_is_no_moment_is_not_heard() -> None:
    clock = FakeClock()
    server = ServerClock(clock)
    for moment in (0.0, -1.0, 1e12, math.inf, math.nan):
        server.heard(moment)
    assert server.now() == clock.wall()


def test_what_happened_is_never_in_the_future() -> None:
    """A machine whose clock is behind learns from what it is told of the past; not one that is ahead."""
    clock = FakeClock(wall=1_000.0)
    server = ServerClock(clock)
    for moment in (1_500.0, 1_600.0, 1_550.0, math.nan, 1e12):
        server.told(moment)
    clock.advance(5.0)
    assert server.now() == 1_605.0
    clock.set_wall(2_000.0)
    assert server.now() == 2_000.0
    server.heard(1_700.0)
    server.told(1_650.0)
    assert server.now() == 1_700.0


def test_what_was_told_of_the_past_sets_nothing_back() -> None:
    """Histories of yesterday, however far apart they are looked at, and nothing else is heard meanwhile."""
    clock = FakeClock()
    server = ServerClock(clock)
    server.heard(90_000.0)
    for times in range(1, 4):
        clock.advance(WINDOW_S + 1)
        server.told(1_000.0)
        assert server.now() == 90_000.0 + times * (WINDOW_S + 1)


def test_a_recording_that_begins_again_sets_it() -> None:
    """Back, and far ahead; what is no moment does not."""
    clock = FakeClock()
    server = ServerClock(clock)
    server.heard(5_000.0)
    clock.advance(WINDOW_S + 1)
    server.heard(6_000.0)
    for moment in (1_000.0, 9_000.0):
        server.set(moment)
        server.set(1e12)
        clock.advance(1.0)
        server.heard(moment)
        assert server.now() == moment + 1.0


def test_after_a_sleep_the_first_message_is_believed() -> None:
    """Monotonic time stood still; the wall clock tells for how long. What was on its way before does not."""
    clock = FakeClock()
    server = ServerClock(clock)
    at = clock.wall()
    server.heard(at)
    clock.set_wall(at + 3_600.0)
    server.heard(at - 1.0)
    server.heard(at + 100_000.0)
    assert server.now() == at, "nobody slept so long"
    server.heard(at + 3_601.0)
    assert server.now() == at + 3_601.0
    server.heard(at + 7_200.0)
    assert server.now() == at + 3_601.0, "it slept once"
