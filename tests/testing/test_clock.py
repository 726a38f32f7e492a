from __future__ import annotations

from typing import Any

from pyapp.testing.clock import FakeClock


def test_the_clock_fires_in_order_at_each_ones_moment() -> None:
    """Also timers that timers start; cancelled ones never; the wall clock may be set back."""
    clock = FakeClock(now=0.0, wall=100.0)
    fired: list[tuple[str, float]] = []

    def note(name: str) -> Any:
        return lambda: fired.append((name, clock.now()))

    def early() -> None:
        note("early")()
        clock.call_later(0.5, note("nested"))

    clock.call_later(2.0, note("late"))
    clock.call_later(1.0, early)
    clock.call_later(1.0, note("never")).cancel()
    clock.advance(3.0)
    assert fired == [("early", 1.0), ("nested", 1.5), ("late", 2.0)]
    assert (clock.now(), clock.wall(), clock.pending) == (3.0, 103.0, 0)
    clock.set_wall(5.0)
    clock.advance(1.0)
    assert (clock.now(), clock.wall()) == (4.0, 6.0)
    clock.call_later(1.0, note("blocked"))
    clock.spend(9.0)
    assert clock.pending == 1
