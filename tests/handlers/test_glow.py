"""The rule of what may be seen when, apart from any handler."""

from __future__ import annotations

from typing import get_args

from pyapp.handlers import glow
from pyapp.run.record import ExecutionStatus
from tests.live.support import World, message


class Shown(World):
    """Node a, whose status a test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.flow("a", "b")
        self.status: ExecutionStatus | None = None

    def show(self, status: ExecutionStatus | None) -> None:
        self.status = status
        glow.show(self.run, "a", lambda: self.status, self.context)


def test_the_classes_are_the_contract_s() -> None:
    """One for each status that has one; unknown has none."""
    named = {status: glow.CLASS_OF[status] for status in get_args(ExecutionStatus)}
    assert named == {
        "executing": "executing",
        "success": "executed-success",
        "error": "executed-error",
        "killed": "executed-killed",
        "unknown": "",
    }
    assert glow.CLASS_OF[None] == "" and set(named.values()) - {""} == set(glow.CLASSES)


def test_an_end_waits_for_the_minimum_and_reads_the_status_then() -> None:
    """At 499 ms not yet, at 500 ms what is true by then."""
    world = Shown()
    world.show("executing")
    world.show("success")
    world.clock.advance(0.499)
    assert world.classes("a") == {"executing"}
    world.status = "error"
    world.clock.advance(0.001)
    assert world.classes("a") == {"executed-error"} and world.clock.pending == 0


def test_a_node_that_is_removed_before_its_timer_costs_nothing() -> None:
    """The timer fires, finds nobody, and is done."""
    world = Shown()
    world.show("executing")
    world.show("success")
    element = world.document.node("a")
    assert element is not None
    element.remove()
    world.clock.advance(1.0)
    assert world.run.animations.shown_for((glow.EXECUTING, "a")) is None and world.clock.pending == 0


def test_the_minimum_counts_from_the_beginning_not_from_the_last_start() -> None:
    world = Shown()
    world.show("executing")
    world.clock.advance(0.4)
    world.show("executing")
    world.clock.advance(0.1)
    world.show("killed")
    assert world.classes("a") == {"executed-killed"}


def test_what_was_never_shown_executing_ends_at_once() -> None:
    world = Shown()
    world.show("success")
    assert world.classes("a") == {"executed-success"} and world.clock.pending == 0
    world.show("unknown")
    assert world.classes("a") == set()


def test_a_run_that_is_over_settles_nothing_more() -> None:
    world = Shown()
    world.show("executing")
    world.show("success")
    world.tracking.take(message("run_end"), 0.0)
    world.clock.advance(1.0)
    assert world.classes("a") == {"executing"}, "whoever ended the run has stripped it"


def test_restoring_keeps_what_is_pending_and_leaves_others_alone() -> None:
    world = Shown()
    world.show("executing")
    world.show("success")
    for node in ("b",):
        element = world.document.node(node)
        assert element is not None
        element.classList.add("executed-error")
    glow.restore(world.run, {"a": "success"}, world.context, but={"b"})
    assert (world.classes("a"), world.classes("b")) == ({"executing"}, {"executed-error"})
    glow.restore(world.run, {"a": "success"}, world.context)
    assert world.classes("b") == set()
    world.clock.advance(0.5)
    assert world.classes("a") == {"executed-success"}


def test_a_glow_that_is_restored_has_its_minimum_from_then() -> None:
    world = Shown()
    glow.restore(world.run, {"a": "executing"}, world.context)
    world.show("success")
    world.clock.advance(0.49)
    assert world.classes("a") == {"executing"}
    world.clock.advance(0.02)
    assert world.classes("a") == {"executed-success"}
