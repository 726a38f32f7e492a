from __future__ import annotations

from pyapp.stores.rows import GroupState, RunRow
from pyapp.views.canvas.node_names import NodeNamesView
from pyapp.views.canvas.outcomes import OutcomesView
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


def test_what_was_not_reached_says_so_once_the_run_is_over() -> None:
    """By the same rule as its mark; of a run that is nothing but a row nothing is claimed, until something is known."""
    stage = Stage()
    stage.show(OutcomesView)
    NodeNamesView(stage.context)
    stage.paint()
    plain = label(stage, "n3")
    stage.mock("n0", 0, "error")
    assert label(stage, "n3") == plain
    for status, said in (("error", "Not reached"), ("success", "Not needed")):
        stage.stores.runs.set("r", RunRow("r", status))  # type: ignore[arg-type]
        stage.paint()
        assert label(stage, "n3") == f"{plain}, {said}"
    stage.mock("n3", 1, "success")
    assert label(stage, "n3") == f"{plain}, Succeeded, Step 2", "what comes late counts"
    stage.flow()
    assert label(stage, "n2") == f"{label(stage, 'n2')}".split(",")[0] + ", Not needed", "on a canvas drawn anew, too"
    stage.stores.runs.set("listed", RunRow("listed", "killed"))
    stage.stores.front.set("listed")
    stage.paint()
    assert label(stage, "n3") == plain
    stage.mock("n0", 0, "killed", run_id="listed")
    assert label(stage, "n3") == f"{plain}, Not reached"
    stage.stores.runs.set("next", RunRow("next", "executing"))
    stage.stores.front.set("next")
    stage.paint()
    assert label(stage, "n3") == plain and stage.errors == []


def test_what_was_named_and_never_began_after_all_is_called_as_all_others() -> None:
    """A history that is told anew has it no more: whichever of the two that write names comes first."""
    for views in ((OutcomesView, NodeNamesView), (NodeNamesView, OutcomesView)):
        stage = Stage()
        for view in views:
            stage.show(view)
        stage.paint()
        plain = label(stage, "n0")
        stage.mock("n0", 0, "success")
        stage.mock("n1", 1, "success")
        assert label(stage, "n0") == f"{plain}, Succeeded, Step 1"
        stage.stores.runs.set("r", RunRow("r", "error"))
        stage.stores.mock.delete_run("r")
        stage.mock("n1", 0, "error")
        assert label(stage, "n0") == f"{plain}, Not reached"
        stage.stores.runs.set("r", RunRow("r", "success"))
        stage.paint()
        assert label(stage, "n0") == f"{plain}, Not needed"
        stage.stores.runs.set("next", RunRow("next", "executing"))
        stage.stores.front.set("next")
        stage.paint()
        assert label(stage, "n0") == plain and stage.errors == []


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
