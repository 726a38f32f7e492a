"""Events to the lanes that name them; and how the handlers are, in the store that the inspector shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyapp.contract.events import Event
from pyapp.live.handler import EventHandler
from pyapp.live.lane import ASIDE_AFTER
from pyapp.live.router import SLOW_S
from pyapp.run.run import Run
from tests.live.support import World
from tests.live.test_lane import FAULTS


class Witness(EventHandler):
    """Notes what it hears and paints; does what it was told to do about it."""

    events = frozenset({"run_start", "run_end", "start_node"})
    costs = "Nothing is noted."

    def __init__(self, do: Callable[[], None] = lambda: None) -> None:
        self.heard: list[str] = []
        self.painted: list[str | None] = []
        self._do = do

    def handle(self, message: Event, context: Any) -> None:
        self._do()
        self.heard.append(message.event)

    def repaint(self, run: Run | None, context: Any) -> None:
        self.painted.append(run.run_id if run is not None else None)


class Other(Witness):
    pass


class Replayed(Witness):
    """Also hears of what is told again."""

    on_replay = True


class OfExecutions(Witness):
    """Hears of what changed an execution, and of nothing else."""

    events = frozenset({"start_node", "RunContent", "run_end"})
    part = "executions"


def test_a_handler_of_a_part_hears_of_what_changed_it() -> None:
    """Of the events it names; one that is behind is behind on nothing else."""
    witness = OfExecutions()
    world = World(witness)
    world.hear("RunContent", content="x", usage={"input_tokens": 1})
    assert witness.heard == []
    world.hear("start_node", node_id="n")
    world.hear("RunContent", content="x", node_id="n")
    world.hear("RunContent", content="x", node_id="n", usage={"input_tokens": 2})
    assert witness.heard == ["start_node", "RunContent"]
    world.hear("run_end", "other")
    assert witness.heard[2:] == ["run_end"], "the end of a run is everybody's"


def health(world: World, name: str = "Witness") -> Any:
    found = world.stores.health.get(name)
    assert found is not None
    return found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_handler_that_raises_costs_only_itself(fault: BaseException) -> None:
    """Whatever is raised, the other hears this event and the next; it is counted under handler and event."""
    bad, good = Witness(), Other()
    world = World(bad, good)
    world.faults.arm("handler Witness", fault)
    world.hear("run_start")
    world.hear("run_end")
    assert good.heard == ["run_start", "run_end"] and bad.heard == []
    assert (health(world).failures, health(world).streak, health(world).last_event) == (2, 2, "run_end")
    assert type(fault).__name__ in health(world).last_error
    assert health(world, "Other").failures == 0
    assert world.stores.metrics.get("failed") == 2
    assert "[Witness] failed on run_start" in world.console.texts("error")[0]
    world.router.stop()


def test_without_isolation_the_others_would_not_hear() -> None:
    """The negative control: a router that simply calls its handlers loses the second one."""

    def fail() -> None:
        raise ValueError("x")

    bad, good = Witness(fail), Other()
    world = World()
    with pytest.raises(ValueError, match="x"):
        for handler in (bad, good):
            handler.handle(None, world.context)  # type: ignore[arg-type]
    assert good.heard == []


def test_only_who_names_an_event_hears_of_it() -> None:
    """One that nobody names is warned about once for each name."""
    witness = Witness()
    world = World(witness, debug=True)
    for _ in range(3):
        world.hear("ChatHTML", html="")
    world.hear("run_end")
    assert witness.heard == ["run_end"]
    assert len(world.console.texts("warning")) == 1 and "ChatHTML" in world.console.texts("warning")[0]
    assert len(world.console.texts("debug")) == 4


def test_what_is_told_again_reaches_only_who_asked_for_it() -> None:
    witness, replayed = Witness(), Replayed()
    world = World(witness, replayed)
    world.hear("run_start", replayed=True)
    world.hear("run_end")
    assert (witness.heard, replayed.heard) == (["run_end"], ["run_start", "run_end"])


def test_handlers_are_given_what_the_event_touched() -> None:
    touched: list[Any] = []
    world = World(Witness(lambda: touched.append(world.context.touched)))
    world.hear("start_node", node_id="n", order=3)
    world.hear("run_end")
    assert list(touched[0].executions) == [("n", 3)] and not touched[0].ended
    assert touched[1].ended and list(touched[1].executions) == [("n", 3)]


def test_a_handler_set_aside_is_said_with_what_it_costs_and_the_words_go() -> None:
    world = World(Witness())
    world.faults.arm("handler Witness", RuntimeError("broken"))
    for _ in range(ASIDE_AFTER - 1):
        world.hear("run_start")
    assert not health(world).aside and world.stores.notices.get("aside Witness") is None
    world.hear("run_start")
    notice = world.stores.notices.get("aside Witness")
    assert notice is not None and notice.role == "alert" and "Nothing is noted." in notice.text
    assert health(world).aside
    world.faults.mend()
    world.clock.advance(1.0)
    assert world.stores.notices.get("aside Witness") is None
    assert (health(world).aside, health(world).streak, health(world).failures) == (False, 0, ASIDE_AFTER)
    assert world.clock.pending == 0


def test_retry_touches_no_other_handler() -> None:
    """It paints the run in front as well: what a person looks at is right in any case."""
    bad, good = Witness(), Other()
    world = World(bad, good)
    world.hear("run_start")
    world.faults.arm("handler Witness", RuntimeError("broken"), times=1)
    world.hear("run_end", "back")
    world.router.retry("Witness")
    assert set(bad.painted) == {"back", "r"} and good.painted == []
    assert health(world).streak == 0
    world.router.retry("Nobody")


def test_repainting_is_each_handler_s_own_affair() -> None:
    """One that cannot paint keeps no other from it, and paints when it can."""
    bad, good = Witness(), Other()
    world = World(bad, good)
    world.hear("run_start")
    world.faults.arm("repaint Witness", RuntimeError("no paint"), times=1)
    world.router.repaint(world.run)
    assert good.painted == ["r"] and health(world).last_event == "repaint"
    world.router.catch_up()
    assert bad.painted == ["r"] and good.painted == ["r"]


def test_a_slow_handler_is_named() -> None:
    """Blocking the page for 200 ms is reported, and no event is lost; its neighbour is not blamed."""
    slow = Witness(lambda: world.clock.spend(0.2))
    world = World(slow, Other())
    world.hear("run_start")
    assert health(world).slow == 1 and health(world, "Other").slow == 0
    assert "[Witness] was slow on run_start: it blocked the page for 200 ms" in world.console.texts("warning")[0]
    assert slow.heard == ["run_start"]
    world = World(Witness(lambda: world.clock.spend(SLOW_S / 2)))
    world.hear("run_start")
    assert health(world).slow == 0


def test_forgotten_and_stopped_nothing_is_left() -> None:
    world = World(Witness())
    world.faults.arm("handler Witness", RuntimeError("broken"))
    world.hear("run_start")
    world.tracking.clear_run("r")
    world.router.stop()
    assert world.clock.pending == 0
