from __future__ import annotations

from typing import Any

from pyapp.run.spent import Spent
from pyapp.stores.rows import GroupState, RunRow
from pyapp.views.runs.summary import SummaryView
from tests.views.support import Gallery


class Ended(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.flow()
        self.show(SummaryView)
        self.stores.front.set("r")

    def over(self, status: Any = "success", **fields: Any) -> str:
        times = {"started_at": 1.0, "began_at": 1.0, "ended_at": 5.0, **fields}
        self.stores.runs.set("r", RunRow("r", status, **times))
        return self.region("summary").textContent

    @property
    def did(self) -> list[tuple[str, tuple[Any, ...]]]:
        self.press(self.region("summary").find("[data-result]"))
        return self.commands.calls


def test_there_is_none_while_a_run_lives() -> None:
    gallery = Ended()
    assert gallery.region("summary").hidden
    gallery.over()
    assert not gallery.region("summary").hidden
    gallery.over("executing")
    assert gallery.region("summary").hidden and gallery.region("summary").textContent == ""


def test_it_says_how_it_ended_and_what_took_longest() -> None:
    gallery = Ended()
    gallery.mock("n0", 0, "success", started_at=1.0, ended_at=2.0, output="first")
    gallery.mock("n1", 1, "success", started_at=2.0, ended_at=5.0, output="last")
    text = gallery.over(spent=Spent(100, 20, {"EUR": 0.5}))
    assert "Succeeded in 4.0 s" in text and "2 done · 2 not needed" in text
    assert "longest: node 1, 3.0 s" in text and "100 tokens in, 20 out" in text and "0.50 EUR" in text
    assert gallery.did == [("choose_node", ("n1",))] and gallery.zones.revealed == ["output"]


def test_it_says_that_something_is_lacking() -> None:
    """Then nobody knows what was not needed."""
    gallery = Ended()
    gallery.mock("n0", 0, "success")
    text = gallery.over(lacks="runs.cut")
    assert "Incomplete: the server did not keep" in text and "1 done" in text and "needed" not in text


def test_what_took_longest_is_the_step_that_took_most_in_all() -> None:
    """Of a loop all rounds together, though each of them was short; a run of one step has none that took longest."""
    gallery = Ended()
    gallery.mock("n0", 0, "success", started_at=1.0, ended_at=3.0)
    assert "longest" not in gallery.over()
    for order in range(1, 4):
        gallery.mock("n1", order, "success", started_at=3.0 + order, ended_at=4.5 + order)
    gallery.mock("n2", 4, "success", started_at=1.0, ended_at=9.0)
    gallery.stores.groups.set(("r", "n2"), GroupState("success", 1, 1))
    assert "longest: node 1 × 3, 4.5 s" in gallery.over(ended_at=9.0)


def test_a_group_that_is_heard_of_last_is_not_counted() -> None:
    gallery = Ended()
    gallery.mock("n0", 0, "success")
    gallery.mock("n1", 1, "success")
    assert "2 done" in gallery.over()
    gallery.stores.groups.set(("r", "n1"), GroupState("success", 1, 1))
    assert "1 done" in gallery.region("summary").textContent


def test_a_failure_is_named_and_opened() -> None:
    gallery = Ended()
    gallery.mock("n0", 0, "success", output="first")
    gallery.mock("n1", 1, "error", error="no")
    text = gallery.over("error")
    assert "Failed at node 1 after 4.0 s" in text and "1 done · 1 failed · 2 not reached" in text
    assert gallery.did == [("choose_node", ("n1",))] and gallery.zones.revealed == ["details"]


def test_a_failure_at_no_node_is_opened_as_the_runs_own() -> None:
    gallery = Ended()
    gallery.mock("n0", 0, "success", output="first")
    text = gallery.over("error", error="out of money")
    assert "Failed after 4.0 s" in text and "Open the failure" in text
    assert gallery.did == [("choose_node", (None,))] and gallery.zones.revealed == ["details"]


def test_time_in_the_queue_stands_apart() -> None:
    text = Ended().over("killed", started_at=1.0, began_at=10.0, ended_at=23.0)
    assert "Stopped after 13 s" in text and "9.0 s queued" in text


def test_without_steps_the_runs_own_result_is_opened() -> None:
    gallery = Ended()
    gallery.over(started_at=None, began_at=None)
    assert not gallery.region("summary").find_all("[data-result]")
    assert gallery.over(content="all").startswith("Succeeded in")
    assert gallery.did == [("choose_node", (None,))] and gallery.zones.revealed == ["details"]
