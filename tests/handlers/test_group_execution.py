from __future__ import annotations

from pyapp.handlers.group_execution import GroupExecutionHandler
from tests.live.support import World


class Grouped(World):
    def __init__(self) -> None:
        super().__init__(GroupExecutionHandler())
        self.flow("outer", "inner", "a", "b", inner="outer", a="inner", b="inner")

    def state(self, group: str) -> tuple[str | None, int, int]:
        state = self.stores.groups.get(("r", group))
        assert state is not None
        return state.status, state.done, state.total


def test_groups_glow_while_something_in_them_does() -> None:
    """Both levels, with the minimum of 500 ms, and then as the worst in them."""
    world = Grouped()
    world.hear("start_node", node_id="a", order=0)
    assert world.classes("outer") == world.classes("inner") == {"executing"}
    assert world.state("inner") == ("executing", 0, 2)
    world.hear("end_node", node_id="a", order=0, status="error")
    world.hear("start_node", node_id="b", order=1)
    world.hear("end_node", node_id="b", order=1, status="success")
    assert world.state("inner") == ("error", 2, 2)
    assert world.classes("inner") == {"executing"}
    world.clock.advance(0.5)
    assert world.classes("outer") == world.classes("inner") == {"executed-error"}
    assert world.classes("a") == set(), "nodes are not this handler's"


def test_a_new_round_opens_the_group_again() -> None:
    """A loop's rounds are counted."""
    world = Grouped()
    for order in range(0, 4, 2):
        for offset, node in enumerate(("a", "b")):
            world.hear("start_node", node_id=node, order=order + offset)
            world.hear("end_node", node_id=node, order=order + offset, status="success")
    state = world.stores.groups.get(("r", "inner"))
    assert state is not None and state.rounds == 2


def test_background_runs_change_stores_alone() -> None:
    """Brought to the front, everything is painted from the record."""
    world = Grouped()
    world.hear("start_node", "back", node_id="a", order=0)
    assert world.classes("inner") == set()
    world.stores.front.set("back")
    world.router.repaint(world.tracking.run("back"))
    assert world.classes("inner") == {"executing"}
    world.router.repaint(None)


def test_the_end_of_a_run_settles_its_groups() -> None:
    """What was open is unknown after success, else as the run."""
    world = Grouped()
    world.hear("start_node", node_id="a", order=0)
    world.hear("resume_end", status="paused")
    world.hear("run_end", status="killed")
    assert world.state("inner")[0] == "killed"
    world = Grouped()
    world.hear("start_node", node_id="a", order=0)
    world.hear("end_node", node_id="a", order=0, status="success")
    world.hear("run_end")
    assert world.state("inner")[0] == "unknown"
