from __future__ import annotations

from typing import Any

from pyapp.contract.location import Location, ViewName, Visit
from pyapp.stores.rows import MockNode, RunRow
from pyapp.views.canvas.failure import FailureView, first_fault
from tests.views.canvas.stage import Stage


class Failing(Stage):
    def __init__(self, **flow: Any) -> None:
        super().__init__(**flow)
        self.failure = FailureView(self.context, self.canvas)
        self.paint()

    def row(self, status: Any, run_id: str = "r", **fields: Any) -> None:
        self.stores.runs.set(run_id, RunRow(run_id, status, **fields))
        self.paint()

    def fail(self) -> None:
        self.mock("n0", 0, "success", ended_at=1.0)
        self.mock("n1", 1, "error", ended_at=2.0)
        self.row("error")

    def failed_before(self) -> None:
        """Another run comes to the front, of which only the row is there; a node is chosen."""
        self.stores.selected.set("n3")
        self.row("error", "old")
        self.stores.front.set("old")
        self.paint()

    @property
    def led(self) -> list[str]:
        """To what a person was led; a phone may have stayed where it was."""
        return [each for each in self.zones.led if each != "back"] + self.zones.turned

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
    assert stage.led == ["details"]
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
    assert stage.chosen == [] and stage.led == []


def test_a_failed_run_that_comes_to_the_front_shows_its_fault_when_it_is_known() -> None:
    """What was chosen before it came does not count."""
    stage = Failing()
    stage.failed_before()
    assert stage.chosen == []
    stage.mock("n2", 0, "error", run_id="old")
    assert stage.chosen == ["n2"]
    stage.stores.front.set("r")
    stage.paint()
    assert stage.chosen == ["n2"]


def test_a_run_that_fails_at_no_node_leads_to_itself() -> None:
    """Nothing is chosen, its details are in front; once its events are known, until a node is found to blame."""
    stage = Failing()
    stage.failed_before()
    assert stage.led == [], "nothing is known of it yet"
    stage.row("error", "old", seen=True)
    assert stage.chosen == [None] and stage.led == ["details"] and stage.viewport.wishes[-1][0] != "center"
    stage.stores.selected.set(None)
    stage.mock("n2", 0, "error", run_id="old")
    assert stage.chosen == [None, "n2"] and stage.viewport.wishes[-1][0] == "center"


def test_a_run_that_fails_at_no_node_leaves_a_person_alone_who_chose_one() -> None:
    stage = Failing()
    stage.stores.selected.set("n3")
    stage.row("error", seen=True)
    assert stage.chosen == [] and stage.led == []


class Linked(Failing):
    """Run old is opened by its address, before anything of it is there."""

    def __init__(self, node: str | None, before: str | None = None) -> None:
        super().__init__()
        self.stores.selected.set(before)
        self.stores.front.set("old")
        self.stores.visit.set(Visit(Location("f", "old", node)))
        self.paint()

    def arrive(self) -> None:
        self.mock("n0", 0, "success", run_id="old", ended_at=1.0)
        self.mock("n1", 1, "error", run_id="old", ended_at=2.0)
        self.row("error", "old", seen=True)

    @property
    def centered(self) -> int:
        return sum(wish[0] == "center" for wish in self.viewport.wishes)


def test_a_node_that_the_address_names_goes_before_the_fault() -> None:
    """The link chooses it, early or late; then its details are in front, and it is in the middle."""
    for late in (True, False):
        stage = Linked("n0")
        if late:
            stage.arrive()
            assert "n1" not in stage.chosen and stage.led == ["details"], "told of the run meanwhile"
        stage.stores.selected.set("n0")
        stage.arrive()
        assert stage.chosen[-1] == "n0" and stage.led[-1] == "details" and stage.centered == 1
        stage.stores.selected.set("n3")
        stage.mock("n2", 2, "error", run_id="old", ended_at=0.5)
        assert stage.chosen[-1] == "n0", "a person chose another one"


def test_a_phone_stays_with_what_the_address_names() -> None:
    """Its node, or the timeline: the details are in front where they stand. With another run it is back at the top."""
    looks: tuple[tuple[str | None, ViewName], ...] = (("n1", "canvas"), (None, "timeline"), (None, "canvas"))
    for node, view in looks:
        stage = Linked(node)
        stage.stores.view.set(view)
        stage.stores.selected.set(node)
        stage.arrive()
        stays = node is not None or view == "timeline"
        assert (stage.zones.led, stage.zones.turned) == (([], ["details"]) if stays else (["details"], []))
        stage.stores.front.set("r")
        assert stage.zones.led[-1] == "back"


def test_what_was_chosen_before_is_no_node_of_the_address() -> None:
    """A choice of a run takes along what was chosen: that is not what the run failed at."""
    stage = Linked("n3", before="n3")
    stage.arrive()
    assert stage.chosen == ["n1"]


def test_a_fault_that_is_known_before_its_flow_is_brought_to_the_middle_with_it() -> None:
    """With the flow another panel seems of use: the details are in front all the same."""
    stage = Linked(None)
    graph = stage.stores.graph.get()
    stage.stores.graph.set(None)
    stage.arrive()
    assert stage.chosen == ["n1"] and stage.centered == 0
    stage.stores.selected.set("n1")
    stage.stores.graph.set(graph)
    stage.paint()
    assert stage.centered == 1 and stage.led == ["details", "details"]
    stage.mock("n0", 2, "success", run_id="old")
    assert stage.led == ["details", "details"], "once"


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


def test_a_node_that_was_tried_again_and_succeeded_is_no_fault() -> None:
    """Nor one that is tried again just now; one that failed again is, at its latest execution."""
    again = MockNode("a-1", "a", "a", "r", 1, "success", True, ended_at=2.0)
    cause = fault("z", 3.0)
    assert first_fault([again, fault("a", 1.0), cause]) is cause
    assert first_fault([fault("a", 1.0), again]) is None
    assert first_fault([fault("a", 1.0), MockNode("a-1", "a", "a", "r", 1, "executing", True)]) is None
    last = MockNode("a-1", "a", "a", "r", 1, "error", True, ended_at=4.0)
    assert first_fault([fault("a", 1.0), last]) is last
    assert first_fault([fault("a", 1.0), last, cause]) is cause
