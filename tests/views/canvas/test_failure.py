from __future__ import annotations

from typing import Any

from pyapp.stores.rows import MockNode, RunRow
from pyapp.views.canvas.failure import FailureView, first_fault
from tests.views.canvas.stage import Stage


class Failing(Stage):
    def __init__(self, **flow: Any) -> None:
        super().__init__(**flow)
        self.failure = FailureView(self.context, self.canvas)
        self.paint()

    def row(self, status: Any, run_id: str = "r") -> None:
        self.stores.runs.set(run_id, RunRow(run_id, status))
        self.paint()

    def fail(self) -> None:
        self.mock("n0", 0, "success", ended_at=1.0)
        self.mock("n1", 1, "error", ended_at=2.0)
        self.row("error")

    @property
    def chosen(self) -> list[object]:
        return [arguments[0] for name, arguments in self.commands.calls if name == "choose_node"]


def test_a_run_that_fails_leads_to_its_fault() -> None:
    """Once: chosen, in the middle, its details open."""
    stage = Failing()
    stage.mock("n1", 1, "error", ended_at=2.0)
    assert stage.chosen == [], "the run goes on"
    stage.fail()
    assert stage.chosen == ["n1"] and stage.viewport.wishes[-1][0] == "center"
    assert stage.zones.revealed == ["details"]
    stage.mock("n2", 2, "error", ended_at=3.0)
    assert stage.chosen == ["n1"]
    stage.stores.selected.set("n1")
    stage.mock("n0", 0, "error", ended_at=1.0)
    assert stage.chosen == ["n1", "n0"], "what comes late may show that something failed before"
    stage.stores.selected.set("n0")
    stage.row("killed")
    assert stage.chosen == ["n1", "n0", None], "it did not fail, after all"


def test_a_person_who_chose_something_else_is_left_alone() -> None:
    stage = Failing()
    stage.stores.selected.set("n3")
    stage.fail()
    assert stage.chosen == [] and stage.zones.revealed == []


def test_a_failed_run_that_comes_to_the_front_shows_its_fault_when_it_is_known() -> None:
    """What was chosen before it came does not count."""
    stage = Failing()
    stage.stores.selected.set("n3")
    stage.row("error", "old")
    stage.stores.front.set("old")
    stage.paint()
    assert stage.chosen == []
    stage.mock("n2", 0, "error", run_id="old")
    assert stage.chosen == ["n2"]
    stage.stores.front.set("r")
    stage.paint()
    assert stage.chosen == ["n2"]


def test_what_ended_well_or_was_stopped_leads_nowhere() -> None:
    stage = Failing()
    stage.mock("n1", 0, "error")
    stage.row("success")
    stage.row("killed")
    assert stage.chosen == []


def fault(node: str, ended_at: float, **fields: Any) -> MockNode:
    return MockNode(f"{node}-0", node, node, "r", 0, "error", True, ended_at=ended_at, **fields)


def test_the_first_fault_is_what_failed_first_and_was_reported() -> None:
    """Not the group round it, nor what only ended with the run; an agent that works itself counts as itself."""
    inner = fault("a", 2.0, parent="g")
    assert first_fault([fault("g", 1.0), inner, fault("z", 3.0), fault("lost", 0.5, implied=True)]) is inner
    team = fault("g", 1.0, type="Team")
    assert first_fault([team, inner]) is team
    assert first_fault([MockNode("n-0", "n", "n", "r", 0, "success", True)]) is None
