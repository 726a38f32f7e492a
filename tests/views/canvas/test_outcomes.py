from __future__ import annotations

from typing import Any

import pytest

from pyapp.stores.rows import GroupState, RunRow
from pyapp.views.canvas.outcomes import IN_A_FRAME, OutcomesView
from tests.views.canvas.stage import GROUPED, Stage


class Ended(Stage):
    def __init__(self, **flow: Any) -> None:
        super().__init__(**flow)
        self.show(OutcomesView)

    def row(self, status: Any, run_id: str = "r") -> None:
        self.stores.runs.set(run_id, RunRow(run_id, status))
        self.paint()

    def outcomes(self) -> dict[str, str]:
        self.paint()
        return self.marked()

    def marked(self) -> dict[str, str]:
        """As it is now, whatever still waits to be drawn."""
        nodes = self.document.region("canvas").find_all("[data-node-id]")
        marks = {each.attributes["data-node-id"]: each.getAttribute("data-outcome") for each in nodes}
        return {node: mark for node, mark in marks.items() if mark is not None}


def test_what_became_of_each_node_stays_when_the_run_is_over() -> None:
    """While it lives nothing is marked; what never ran says so."""
    stage = Ended()
    stage.mock("n0", 0, "success")
    stage.mock("n1", 1, "error")
    assert stage.outcomes() == {}
    stage.row("error")
    assert stage.outcomes() == {"n0": "success", "n1": "error", "n2": "none", "n3": "none"}
    stage.mock("n1", 1, "killed")
    assert stage.outcomes()["n1"] == "killed", "what comes late counts"


def test_the_next_run_clears_it_and_each_shows_its_own() -> None:
    stage = Ended()
    stage.mock("n0", 0, "success")
    stage.row("success")
    stage.row("executing", "next")
    stage.stores.front.set("next")
    stage.paint()
    assert stage.outcomes() == {}
    stage.stores.front.set("r")
    stage.paint()
    assert stage.outcomes()["n0"] == "success"
    stage.flow()
    assert stage.outcomes()["n0"] == "success", "also on a canvas that was drawn anew"


def test_a_group_is_as_what_is_in_it() -> None:
    stage = Ended(**GROUPED)
    stage.mock("a", 0, "killed")
    stage.stores.groups.set(("r", "g"), GroupState("killed", 1, 2))
    stage.row("killed")
    assert stage.outcomes() == {"g": "killed", "a": "killed", "b": "none", "z": "none"}


def test_of_a_run_that_is_nothing_but_a_row_nothing_is_claimed() -> None:
    stage = Ended()
    stage.row("error")
    assert stage.outcomes() == {}


def test_no_event_of_a_living_run_marks_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pass at its end, however many nodes it has."""
    stage = Ended()
    passes: list[dict[str, str]] = []
    monkeypatch.setattr(stage.document, "mark", lambda name, wanted: passes.append(wanted))
    for order in range(3):
        stage.mock("n0", order)
        stage.mock("n0", order, "success")
    assert passes == []
    stage.row("success")
    assert len(passes) == 1


def test_a_large_flow_is_marked_by_and_by_and_a_run_that_begins_meanwhile_ends_that() -> None:
    """Each mark is a style in the browser: never all nodes of a large flow in one frame."""
    stage = Ended(nodes=[{"id": f"n{number}"} for number in range(3 * IN_A_FRAME)], edges=[])
    stage.mock("n0", 0, "success")
    stage.paint()
    counts: list[int] = []
    stage.stores.runs.set("r", RunRow("r", "success"))
    while len(counts) < 3:
        stage.frames.paint()
        counts.append(len(stage.marked()))
    assert counts == [IN_A_FRAME, 2 * IN_A_FRAME, 3 * IN_A_FRAME]
    stage.row("executing", "next")
    stage.stores.front.set("next")
    stage.frames.paint()
    assert len(stage.marked()) == 2 * IN_A_FRAME
    stage.stores.front.set("r")
    stage.paint()
    assert len(stage.outcomes()) == 3 * IN_A_FRAME and stage.outcomes()["n0"] == "success"
