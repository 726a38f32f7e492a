from __future__ import annotations

from pyapp.stores.rows import GroupState
from tests.views.canvas.stage import GROUPED, Stage


def test_a_node_says_for_how_long_it_has_run() -> None:
    """Each second while it executes, its duration after; the latest execution counts; then nothing ticks."""
    stage = Stage()
    stage.mock("n0", started_at=stage.now())
    stage.advance(2.0)
    assert stage.foot("n0") == "2.0 s"
    stage.mock("n0", status="success", started_at=0.0, ended_at=2.5)
    assert stage.foot("n0") == "2.5 s"
    stage.mock("n0", 1, started_at=stage.now())
    stage.mock("n0", 0, status="success", started_at=0.0, ended_at=9.0)
    assert stage.foot("n0") == "0.0 s"
    stage.mock("n0", 1, status="unknown")
    assert (stage.foot("n0"), stage.clock.pending) == ("", 0)
    stage.mock("n1", run_id="back", started_at=0.0)
    assert stage.foot("n1") == ""
    stage.mock("nowhere")
    stage.stores.front.set("back")
    stage.paint()
    assert stage.foot("n0") == "" and stage.foot("n1") != ""
    stage.feet.close()
    assert stage.clock.pending == 0
    assert stage.errors == []


def test_a_node_names_the_tools_at_work() -> None:
    """Each name once; gone when they ended."""
    stage = Stage()
    stage.stores.tools.set(("r", "n0"), ("search", "search", "read"))
    stage.stores.tools.set(("back", "n0"), ("other",))
    stage.paint()
    assert stage.foot("n0") == "search, read"
    stage.stores.tools.delete(("r", "n0"))
    stage.paint()
    assert stage.foot("n0") == ""


def test_a_group_says_how_far_it_is() -> None:
    """Done of total, rounds, failures; its time goes on, then stands."""
    stage = Stage(**GROUPED)
    key = ("r", "g")
    stage.stores.groups.set(key, GroupState("executing", 1, 2, 1, 3, stage.now()))
    stage.paint()
    assert stage.foot("g") == "0.0 sround 31 failed"
    stage.stores.groups.set(key, GroupState("error", 2, 2, 0, 1, 0.0, 4.0))
    stage.paint()
    assert stage.foot("g") == "4.0 s2 of 2"
    node = stage.document.node("g")
    assert node is not None
    node.find(".node-foot").replaceChildren()
    stage.stores.canvas.set(stage.stores.canvas.get() + 1)
    stage.paint()
    assert stage.foot("g") == "4.0 s2 of 2", "a canvas that was drawn anew says it too"
    stage.stores.groups.set(key, GroupState(None, 0, 0))
    stage.paint()
    assert stage.foot("g") == ""
