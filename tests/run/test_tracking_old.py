from __future__ import annotations

from typing import Any

from pyapp.contract.decode import decode_item
from pyapp.run.tracking_old import MAX_SHOWN, ExecutionTracking
from pyapp.testing.clock import FakeClock


def event(run_id: str, name: str = "start_node", **fields: Any) -> Any:
    return decode_item({"event": name, "run_id": run_id, "node_id": "n", "status": "success", **fields})


def test_events_are_recorded_and_kept() -> None:
    """An accepted event reaches the record and the journal; the end of a run completes it."""
    tracking = ExecutionTracking(FakeClock())
    tracking.record(event("r"))
    assert tracking.run("r").nodes["n"].executing
    assert not tracking.is_run_completed("r")
    tracking.record(event("r", "run_end"))
    assert tracking.is_run_completed("r")
    assert len(tracking.journal("r")) == 2
    assert tracking.find("other") is None
    tracking.mark_run_completed("other")
    assert tracking.is_run_completed("other")


def test_processed_events_are_known_by_run() -> None:
    """An event id counts for its run."""
    tracking = ExecutionTracking(FakeClock())
    tracking.mark_processed("r", "e1")
    assert tracking.has_processed("r", "e1")
    assert not tracking.has_processed("r", "e2")
    assert not tracking.has_processed("q", "e1")


def test_the_oldest_run_that_is_over_is_forgotten_first() -> None:
    """At the bound, a run that is over leaves before one that lives; the one in front stays."""
    tracking = ExecutionTracking(FakeClock(), max_runs=3)
    forgotten: list[str] = []
    tracking.on_clear(forgotten.append)
    tracking.protected = lambda run_id: run_id == "front"
    tracking.record(event("front", "run_end"))
    tracking.record(event("live"))
    tracking.record(event("over", "run_end"))
    tracking.run("new")
    assert forgotten == ["over"]
    tracking.run("newer")
    assert forgotten == ["over", "live"]
    assert [run.run_id for run in tracking.runs()] == ["front", "new", "newer"]


def test_a_hundred_runs_leave_fifty() -> None:
    """Nothing grows with the number of runs."""
    tracking = ExecutionTracking(FakeClock())
    sizes = []
    for number in range(160):
        tracking.record(event(f"r{number}"))
        tracking.record(event(f"r{number}", "run_end"))
        sizes.append(tracking.size)
    assert len(tracking) == 50
    assert sizes[59] == sizes[159]


def test_animations_fire_once_and_replace_each_other() -> None:
    """One timer a key; a cancelled run has none."""
    clock = FakeClock()
    tracking = ExecutionTracking(clock)
    fired: list[str] = []
    tracking.schedule_animation("r", "k", lambda: fired.append("first"), 1.0)
    tracking.schedule_animation("r", "k", lambda: fired.append("second"), 1.0)
    assert tracking.is_animating("r", "k")
    clock.advance(2.0)
    assert fired == ["second"]
    assert not tracking.is_animating("r", "k")
    tracking.schedule_animation("r", "k", lambda: fired.append("never"), 1.0)
    tracking.cancel_animation("r", "k")
    tracking.schedule_animation("r", "k", lambda: fired.append("never"), 1.0)
    tracking.cancel_animations("r")
    tracking.cancel_animations("unknown")
    clock.advance(2.0)
    assert fired == ["second"]


def test_what_is_shown_is_timed_from_its_first_moment() -> None:
    """Marking again does not start the time anew; unmarking does. The memory is bounded."""
    clock = FakeClock()
    tracking = ExecutionTracking(clock)
    assert tracking.shown_for("r", "k") is None
    tracking.mark_shown("r", "k")
    clock.advance(1.0)
    tracking.mark_shown("r", "k")
    assert tracking.shown_for("r", "k") == 1.0
    tracking.unmark_shown("r", "k")
    assert tracking.shown_for("r", "k") is None
    for number in range(MAX_SHOWN + 5):
        tracking.mark_shown("r", number)
    assert tracking.size == 1 + MAX_SHOWN


def test_clearing_forgets_everything() -> None:
    """After clear nothing is left, timers included."""
    clock = FakeClock()
    tracking = ExecutionTracking(clock)
    tracking.record(event("r", "run_end"))
    tracking.schedule_animation("r", "k", lambda: None, 1.0)
    tracking.clear()
    assert (len(tracking), tracking.size, clock.pending) == (0, 0, 0)
    assert not tracking.is_run_completed("r")
    tracking.clear_run("r")
