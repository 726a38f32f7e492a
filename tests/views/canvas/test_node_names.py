from __future__ import annotations

from pyapp.stores.rows import GroupState
from pyapp.views.canvas.node_names import NodeNamesView
from tests.views.canvas.stage import GROUPED, Stage


def label(stage: Stage, node_id: str) -> str | None:
    element = stage.document.node(node_id)
    assert element is not None
    return element.getAttribute("aria-label")


def test_a_node_is_called_by_how_it_is() -> None:
    """Its state, for how long, which step; a time that goes on is left out. Of another run, by that run."""
    stage = Stage()
    view = NodeNamesView(stage.context)
    stage.paint()
    plain = label(stage, "n0")
    assert plain is not None and "," not in plain
    stage.mock("n0", 2, started_at=stage.now())
    assert label(stage, "n0") == f"{plain}, Running, Step 3"
    stage.mock("n0", 2, status="error", started_at=0.0, ended_at=4.5)
    assert label(stage, "n0") == f"{plain}, Failed after 4.5 s, Step 3"
    stage.mock("n0", 3, status="unknown")
    assert label(stage, "n0") == f"{plain}, Not reported, Step 4"
    stage.stores.front.set("back")
    stage.paint()
    assert label(stage, "n0") == plain
    stage.mock("nowhere", run_id="back")
    view.close()
    assert stage.errors == []


def test_a_node_that_waits_for_a_person_does_not_run() -> None:
    """As in the details, and for as long: a wait that is over says nothing."""
    stage = Stage()
    NodeNamesView(stage.context)
    stage.paint()
    plain = label(stage, "n0")
    stage.mock("n0", 0, waits=((1.0, 2.0), (3.0, None)))
    assert label(stage, "n0") == f"{plain}, Waiting for you, Step 1"
    stage.mock("n0", 0, waits=((1.0, 2.0), (3.0, 4.0)))
    assert label(stage, "n0") == f"{plain}, Running, Step 1"


def test_a_group_is_called_by_what_is_in_it() -> None:
    stage = Stage(**GROUPED)
    NodeNamesView(stage.context)
    stage.paint()
    plain = label(stage, "g")
    stage.stores.groups.set(("r", "g"), GroupState("executing", 1, 2))
    stage.paint()
    assert label(stage, "g") == f"{plain}, Running"
    stage.stores.groups.set(("r", "g"), GroupState("success", 2, 2, started_at=0.0, ended_at=2.0))
    stage.paint()
    assert label(stage, "g") == f"{plain}, Succeeded after 2.0 s"
    stage.flow(**GROUPED)
    stage.paint()
    assert label(stage, "g") == f"{plain}, Succeeded after 2.0 s"
