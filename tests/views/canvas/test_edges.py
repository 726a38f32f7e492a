from __future__ import annotations

from pyapp.stores.rows import GroupState
from tests.views.canvas.stage import GROUPED, Stage


def test_edges_show_where_the_run_came_from() -> None:
    """Active into what executes, passed into what ran; an edge from what did not run is left alone."""
    stage = Stage(**GROUPED)
    stage.mock("z", 5)
    assert stage.flows() == [None, None, None]
    stage.mock("a", 0, "success")
    stage.mock("b", 1)
    assert stage.flows() == ["active", "active", "active"]
    with stage.stores.batch():
        stage.mock("z", 5, "success")
        stage.mock("b", 1, "success")
    stage.paint()
    assert stage.flows() == ["passed", "passed", "passed"]
    stage.stores.front.set(None)
    stage.paint()
    assert stage.flows() == [None, None, None]
    assert stage.errors == []


def test_edges_that_end_at_a_group_follow_it() -> None:
    """Active while the group executes, passed after, whatever the depth of what runs in it; not before its source."""
    stage = Stage(
        nodes=[{"id": "s"}, {"id": "g"}, {"id": "h", "parent": "g"}, {"id": "a", "parent": "h"}, {"id": "z"}],
        edges=[{"source": "s", "target": "g"}, {"source": "g", "target": "z"}],
    )
    stage.stores.groups.set(("r", "g"), GroupState("executing", 0, 1))
    stage.paint()
    assert stage.flows() == [None, None], "nothing is known of where it came from"
    stage.mock("s", 0, "success")
    stage.mock("a", 1)
    assert stage.flows() == ["active", None]
    stage.stores.groups.set(("r", "g"), GroupState("success", 1, 1))
    stage.stores.groups.set(("back", "g"), GroupState("executing", 0, 1))
    stage.paint()
    assert stage.flows() == ["passed", None]
    stage.mock("z", 2)
    assert stage.flows() == ["passed", "active"]
    stage.stores.canvas.set(stage.stores.canvas.get() + 1)
    stage.paint()
    assert stage.flows() == ["passed", "active"], "drawn anew, the same"
    assert stage.errors == []


def test_an_edge_into_a_failure_says_so() -> None:
    stage = Stage(**GROUPED)
    stage.mock("a", 0, "success")
    stage.mock("b", 1, "error")
    assert "failed" in stage.flows()
