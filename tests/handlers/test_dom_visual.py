from __future__ import annotations

from pyapp.handlers.dom_visual import DOMVisualHandler
from tests.live.support import World


class Drawn(World):
    """A world in which run r is in front and one handler draws."""

    def __init__(self) -> None:
        super().__init__(DOMVisualHandler())
        self.flow("a", "b")

    def start(self, node: str = "a", order: int = 0, run_id: str = "r") -> None:
        self.hear("start_node", run_id, node_id=node, order=order)

    def end(self, node: str = "a", order: int = 0, status: str = "success", run_id: str = "r") -> None:
        self.hear("end_node", run_id, node_id=node, order=order, status=status)


def test_a_start_glows_at_once_and_takes_old_borders_off() -> None:
    """+ executing, − every executed-*, in the same task."""
    world = Drawn()
    node = world.document.node("a")
    assert node is not None
    node.classList.add("executed-error")
    world.start()
    assert world.classes("a") == {"executing"}


def test_the_glow_lasts_for_its_minimum() -> None:
    """An end within 500 ms waits for them; later it shows at once."""
    world = Drawn()
    world.start()
    world.clock.advance(0.2)
    world.end()
    world.clock.advance(0.29)
    assert world.classes("a") == {"executing"}
    world.clock.advance(0.02)
    assert world.classes("a") == {"executed-success"}
    world.start(order=1)
    world.clock.advance(0.6)
    world.end(order=1, status="killed")
    assert world.classes("a") == {"executed-killed"}


def test_a_second_start_cancels_the_pending_end() -> None:
    """The node goes on glowing, and the old timer is gone."""
    world = Drawn()
    world.start()
    world.end()
    world.start(order=1)
    assert world.clock.pending == 0
    world.clock.advance(5.0)
    assert world.classes("a") == {"executing"}


def test_two_executions_at_once_glow_until_both_ended() -> None:
    """One end of two changes nothing."""
    world = Drawn()
    world.start()
    world.start(order=1)
    world.clock.advance(1.0)
    world.end()
    assert world.classes("a") == {"executing"}
    world.end(order=1, status="error")
    assert world.classes("a") == {"executed-error"}


def test_a_start_behind_its_own_end_does_not_glow() -> None:
    """Reordered without numbers: nothing is left executing."""
    world = Drawn()
    world.end()
    world.start()
    assert world.classes("a") == {"executed-success"}


def test_the_end_of_a_run_clears_at_once_whatever_was_pending() -> None:
    """No glow, no border, no timer."""
    world = Drawn()
    world.start()
    world.start("b", 1)
    world.end("b", 1)
    world.hear("run_end")
    assert world.classes("a") == world.classes("b") == set()
    world.clock.advance(5.0)
    assert world.classes("a") == world.classes("b") == set()
    world.start(order=9)
    assert world.classes("a") == set(), "a straggler does not glow"


def test_a_background_run_touches_no_class() -> None:
    """Nor does its end."""
    world = Drawn()
    world.start()
    world.start("b", 0, "back")
    world.end("b", 0, "error", "back")
    world.hear("run_end", "back")
    world.clock.advance(5.0)
    assert (world.classes("a"), world.classes("b")) == ({"executing"}, set())


def test_a_missing_node_is_no_error_and_is_drawn_when_it_appears() -> None:
    """State is kept; the element gets the right class at the next painting."""
    world = Drawn()
    world.start("later")
    world.end("later", status="error")
    world.clock.advance(1.0)
    assert world.stores.metrics.get("failed") == 0
    world.document.add_nodes("later")
    world.router.repaint(world.run)
    assert world.classes("later") == {"executed-error"}


def test_a_node_that_is_replaced_between_start_and_timer_gets_the_class() -> None:
    """The element is looked up when the timer fires."""
    world = Drawn()
    world.start()
    world.end()
    old = world.document.node("a")
    assert old is not None
    old.remove()
    world.document.add_nodes("a")
    world.clock.advance(1.0)
    assert world.classes("a") == {"executed-success"}


def test_repainting_shows_the_present_state_and_keeps_what_is_pending() -> None:
    """A canvas drawn anew looks as before; the minimum is not cut short."""
    world = Drawn()
    world.start()
    world.start("b", 1)
    world.end("b", 1)
    run = world.run
    world.router.repaint(run)
    assert (world.classes("a"), world.classes("b")) == ({"executing"}, {"executing"})
    world.clock.advance(0.5)
    assert world.classes("b") == {"executed-success"}
    world.router.repaint(world.tracking.run("other"))
    assert world.classes("b") == {"executed-success"}, "not in front: nothing changes"
    world.router.repaint(None)
    assert world.classes("a") == world.classes("b") == set()


def test_a_pause_marks_the_waiting_node_beside_its_glow() -> None:
    """waiting comes with the pause and goes with the resume, or with the node's end."""
    world = Drawn()
    world.start()
    world.start("gone", 1)
    world.hear("AgentPaused", requirements=[])
    assert world.classes("a") == {"executing", "waiting"}
    world.router.repaint(world.run)
    assert world.classes("a") == {"executing", "waiting"}
    world.hear("resume_start")
    assert world.classes("a") == {"executing"}
    world.hear("AgentPaused", requirements=[], node_id="a")
    world.clock.advance(1.0)
    world.end()
    assert world.classes("a") == {"executed-success"}


def test_catching_up_draws_nothing_yet() -> None:
    """While missed events are applied the canvas waits for the one painting at their end."""
    world = Drawn()
    world.run.catching_up = True
    world.start()
    assert world.classes("a") == set()


def test_groups_are_left_to_their_own_handler() -> None:
    """A node that contains others gets no class here."""
    world = Drawn()
    world.flow("g", "c", c="g")
    world.start("g")
    world.router.repaint(world.run)
    assert world.classes("g") == set()
