from __future__ import annotations

from pyapp.run.animations import MAX_SHOWN, Animations
from pyapp.testing.clock import FakeClock


def test_a_timer_fires_once_and_replaces_the_one_before() -> None:
    clock, fired = FakeClock(), list[str]()
    animations = Animations(clock)
    animations.schedule("k", lambda: fired.append("first"), 1.0)
    animations.schedule("k", lambda: fired.append("second"), 1.0)
    assert animations.pending("k") and not animations.pending("other")
    clock.advance(5.0)
    assert fired == ["second"] and not animations.pending("k")


def test_a_timer_may_schedule_its_successor() -> None:
    clock, fired = FakeClock(), list[str]()
    animations = Animations(clock)
    animations.schedule("k", lambda: animations.schedule("k", lambda: fired.append("next"), 1.0), 1.0)
    clock.advance(1.0)
    assert animations.pending("k")
    clock.advance(1.0)
    assert fired == ["next"]


def test_what_is_cancelled_never_fires() -> None:
    clock, fired = FakeClock(), list[str]()
    animations = Animations(clock)
    for key in ("one", "two", "three"):
        animations.schedule(key, lambda: fired.append("never"), 1.0)
    animations.cancel("one")
    animations.cancel("unheard of")
    animations.cancel_all()
    clock.advance(2.0)
    assert (fired, clock.pending, len(animations)) == ([], 0, 0)


def test_what_is_shown_is_timed_from_its_first_moment() -> None:
    """Showing again does not start the time anew; hiding does."""
    clock = FakeClock()
    animations = Animations(clock)
    assert animations.shown_for("k") is None
    animations.show("k")
    clock.advance(1.0)
    animations.show("k")
    assert animations.shown_for("k") == 1.0
    animations.hide("k")
    assert animations.shown_for("k") is None
    animations.show("k")
    assert animations.shown_for("k") == 0.0
    animations.cancel_all()
    assert animations.shown_for("k") is None


def test_what_is_shown_is_bounded() -> None:
    animations = Animations(FakeClock())
    for number in range(MAX_SHOWN + 5):
        animations.show(number)
    assert len(animations) == MAX_SHOWN
