from __future__ import annotations

from typing import Any

import pytest

from pyapp.handlers.group_execution import GroupExecutionHandler
from pyapp.settings import Settings
from pyapp.testing.page import FakePage
from tests.live.support import World, closed, ev, passes


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


AT_WORK, DONE = {"status": "executing", "orders": [0]}, {"status": "success", "orders": [0]}
NESTED = {
    "id": "demo",
    "name": "Demo",
    "nodes": [
        {"id": "outer", "handle": "outer", "path": "x.G"},
        {"id": "g", "handle": "g", "path": "x.G", "parent": "outer"},
        {"id": "a", "handle": "a", "path": "x.C", "parent": "g"},
        {"id": "b", "handle": "b", "path": "x.C", "parent": "g"},
    ],
    "edges": [],
}


@pytest.mark.parametrize(
    ("results", "group", "outer"),
    [
        ({"a": AT_WORK}, "executing", "executing"),
        ({"a": DONE}, "executing", "executing"),
        ({"a": DONE, "b": DONE}, "executed-success", "executed-success"),
        ({"a": {"status": "error", "orders": [0]}, "b": DONE}, "executed-error", "executed-error"),
        ({"g": AT_WORK}, "executing", "executing"),
        ({"g": AT_WORK, "a": DONE, "b": DONE}, "executing", "executing"),
        ({"g": DONE, "a": DONE}, "executed-success", "executed-success"),
    ],
)
async def test_what_only_the_server_tells_of_it_glows_too(results: dict[str, Any], group: str, outer: str) -> None:
    """By the same rules as of events; and events win wherever they speak."""
    page = FakePage(Settings(ws="ws://portal.test/ws", api="http://portal.test/api", flow="demo", run="r"))
    page.http.answer("GET", "/flows/demo", NESTED)
    page.http.answer("GET", "/runs/r", {"run_id": "r", "status": "executing", "flow_id": "demo", "results": results})
    await page.open()
    await passes(page, 1)
    assert (page.classes("g"), page.classes("outer")) == ({group}, {outer})
    state = page.app.stores.groups.get(("r", "g"))
    assert state is not None and state.started_at is None
    page.receive(ev("start_node", node_id="b", order=3))
    assert page.classes("g") == page.classes("outer") == {"executing"}
    await closed(page)
