from __future__ import annotations

from typing import Any

import pytest

from pyapp.testing.clock import FakeClock, FakeFrames


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


def test_a_frame_comes_when_a_test_says_so() -> None:
    """Once for each request, not for one that was cancelled; what it asks for comes in the next."""
    frames = FakeFrames()
    drawn: list[str] = []
    frames.request(lambda: drawn.append("a"))

    def chain() -> None:
        drawn.append("b")
        frames.request(lambda: drawn.append("c"))

    frames.request(chain)
    frames.request(lambda: drawn.append("never")).cancel()
    assert frames.pending == 2 and drawn == []
    assert frames.paint() and drawn == ["a", "b"]
    frames.paint_all()
    assert drawn == ["a", "b", "c"] and not frames.paint() and frames.pending == 0


def test_nothing_is_drawn_while_nobody_looks() -> None:
    """It waits."""
    frames = FakeFrames()
    frames.hidden = True
    frames.request(lambda: None)
    frames.paint_all()
    assert frames.pending == 1
    frames.hidden = False
    frames.paint_all()
    assert frames.pending == 0


def test_drawing_that_never_ends_is_an_error() -> None:
    """Of the page, said as one."""
    frames = FakeFrames()

    def draw() -> None:
        frames.request(draw)

    frames.request(draw)
    with pytest.raises(AssertionError, match="never ends"):
        frames.paint_all(5)
