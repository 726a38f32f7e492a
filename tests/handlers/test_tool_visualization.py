from __future__ import annotations

from typing import Any

from pyapp.handlers.tool_visualization import MAX_NAMED, ToolVisualizationHandler
from tests.live.support import World


class Drawn(World):
    def __init__(self) -> None:
        super().__init__(ToolVisualizationHandler())
        self.flow("a")

    def tool(self, event: str, name: str = "look", **fields: Any) -> None:
        self.hear(event, node_id="a", tool_name=name, **fields)


def test_a_tool_rings_for_two_seconds_at_least() -> None:
    """An early end waits; a late one shows at once."""
    world = Drawn()
    world.tool("start_tool")
    assert world.classes("a") == {"executing-tool"}
    world.clock.advance(0.5)
    world.tool("end_tool")
    world.clock.advance(1.4)
    assert world.classes("a") == {"executing-tool"}
    world.clock.advance(0.2)
    assert world.classes("a") == set()
    world.tool("start_tool")
    world.clock.advance(3.0)
    world.tool("TeamToolCallCompleted")
    assert world.classes("a") == set()


def test_overlapping_calls_ring_until_the_last_ended() -> None:
    """With and without ids."""
    world = Drawn()
    world.tool("start_tool", tool_call_id="x")
    world.tool("start_tool")
    world.clock.advance(3.0)
    world.tool("end_tool", tool_call_id="x")
    assert world.classes("a") == {"executing-tool"}
    world.tool("end_tool")
    assert world.classes("a") == set()


def test_a_new_call_cancels_the_pending_end() -> None:
    """The ring goes on."""
    world = Drawn()
    world.tool("start_tool")
    world.tool("end_tool")
    world.tool("start_tool", "other")
    world.clock.advance(5.0)
    assert world.classes("a") == {"executing-tool"}
    assert world.clock.pending == 0


def test_an_end_without_a_start_rings_nothing() -> None:
    """Nor does a start behind its own end, a call in the background, or one after the end."""
    world = Drawn()
    world.tool("end_tool", tool_call_id="x")
    world.tool("start_tool", tool_call_id="x")
    world.hear("start_tool", "back", node_id="a")
    assert world.classes("a") == set()
    world.hear("run_end")
    world.tool("start_tool")
    assert world.classes("a") == set()


def test_the_end_of_the_run_takes_the_ring_away() -> None:
    """At once; the end of a run in the background does not."""
    world = Drawn()
    world.tool("start_tool")
    world.hear("run_end", "back")
    assert world.classes("a") == {"executing-tool"}
    world.hear("run_end")
    assert world.classes("a") == set()


def test_repainting_shows_what_is_open_or_pending() -> None:
    """Present state; a node that is not on the canvas is no error."""
    world = Drawn()
    world.tool("start_tool")
    world.hear("start_tool", node_id="gone")
    world.hear("start_node", node_id="quiet")
    run = world.run
    world.router.repaint(run)
    assert world.classes("a") == {"executing-tool"}
    world.tool("end_tool")
    world.hear("end_tool", node_id="gone")
    world.router.repaint(run)
    assert world.classes("a") == {"executing-tool"}, "its minimum is not over"
    world.clock.advance(2.1)
    assert world.classes("a") == set()
    world.tool("start_tool")
    world.router.repaint(world.tracking.run("back"))
    assert world.classes("a") == {"executing-tool"}
    world.router.repaint(None)
    assert world.classes("a") == set()
    assert world.stores.metrics.get("failed") == 0


def test_thousands_at_work_cost_no_more_than_some() -> None:
    """The oldest are named; each further one costs no look at all of them."""
    world = Drawn()
    for number in range(MAX_NAMED + 5):
        world.tool("start_tool", f"tool {number}", tool_call_id=f"t{number}")
    names = world.stores.tools.get(("r", "a"))
    assert names == tuple(f"tool {number}" for number in range(MAX_NAMED))
