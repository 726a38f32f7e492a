from __future__ import annotations

from dataclasses import replace

from pyapp.stores.rows import MockNode, RunRow
from pyapp.views.runs.runs import RunsView
from tests.views.support import Gallery


class Listed(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.view = self.show(RunsView)

    def put(self, row: RunRow) -> None:
        self.stores.runs.set(row.run_id, row)
        self.paint()

    def order(self) -> list[str]:
        return [each.attributes["data-run-id"] for each in self.region("runs").find_all("[data-run-id]")]


def test_rows_are_newest_first_and_say_what_is() -> None:
    """Status in words and as data; the reason of a doubt; the unread mark; the one in front."""
    gallery = Listed()
    region = gallery.region("runs")
    assert "appear here" in region.textContent, "without a flow there is nothing to play"
    gallery.flow()
    assert "No runs yet" in region.textContent
    assert not region.find(".empty").hidden
    gallery.put(RunRow("a", "executing", name="First"))
    gallery.put(RunRow("b", "unverified", reason="The link is lost.", unread=True))
    assert gallery.order() == ["b", "a"]
    assert region.find(".empty").hidden
    row = region.find("[data-run-id=b]")
    assert (row.attributes["data-status"], row.attributes["data-unread"]) == ("unverified", "true")
    assert "Not confirmed" in row.textContent and "The link is lost." in row.textContent and "New" in row.textContent
    gallery.stores.front.set("a")
    gallery.paint()
    assert region.find("[data-run-id=a]").attributes["aria-current"] == "true"
    gallery.stores.front.set("b")
    gallery.paint()
    assert "aria-current" not in region.find("[data-run-id=a]").attributes
    gallery.put(RunRow("a", "error", error="boom", stopping=True))
    assert "Stopping" in region.textContent and "boom" in region.textContent


def test_progress_is_done_of_total() -> None:
    """Steps that ended of the steps there are; without its flow how they ended; at success nothing needs saying."""
    gallery = Listed()
    gallery.flow()
    gallery.put(RunRow("a", "executing"))
    gallery.put(RunRow("b", "executing", flow_id="other"))

    def far(run_id: str) -> str:
        return gallery.region("runs").find(f"[data-run-id={run_id}]").find(".run-progress").textContent

    def end(run_id: str, node: str, order: int, status: str = "success") -> None:
        mock = MockNode(f"{node}-{order}", node, node, run_id, order, status, True)  # type: ignore[arg-type]
        gallery.stores.mock.set((run_id, mock.id), mock)
        gallery.paint()

    end("a", "n0", 0, "executing")
    assert far("a") == ""
    end("a", "n0", 0)
    end("a", "n0", 1, "error")
    end("b", "n0", 0)
    end("nobody", "n0", 0)
    assert (far("a"), far("b")) == ("1 of 4", "1 done")
    end("a", "n1", 2)
    assert far("a") == "2 of 4"
    bar = gallery.region("runs").find("[data-run-id=a]").find(".run-bar")
    assert (bar.hidden, bar.attributes["value"], bar.attributes["max"]) == (False, "2", "4")
    gallery.put(RunRow("a", "error"))
    assert far("a") == "1 done · 1 failed · 2 not reached"
    gallery.put(RunRow("a", "success"))
    assert far("a") == ""
    assert gallery.region("runs").find("[data-run-id=a]").find(".run-bar").hidden, "only while it lives"
    gallery.flow(id="other")
    assert (far("a"), far("b")) == ("", "1 of 4")
    assert gallery.errors == []


def test_failed_runs_come_first_where_a_person_wants_so() -> None:
    """By a switch; new runs come behind the failed ones; switched back, the newest is first."""
    gallery = Listed()
    for run_id, status in (("a", "success"), ("b", "error"), ("c", "executing")):
        gallery.put(RunRow(run_id, status))  # type: ignore[arg-type]
    assert gallery.order() == ["c", "b", "a"]
    switch = gallery.region("runs-bar").find("[data-sort]")
    gallery.press(switch)
    assert gallery.order() == ["b", "c", "a"]
    gallery.put(RunRow("d", "executing"))
    assert gallery.order() == ["b", "d", "c", "a"]
    gallery.put(RunRow("c", "error"))
    assert gallery.order() == ["c", "b", "d", "a"]
    gallery.press(switch)
    assert gallery.order() == ["d", "c", "b", "a"]
    assert gallery.errors == []


def test_a_row_that_changes_keeps_its_button() -> None:
    """And with it the focus of whoever is there; sorting is offered once there is something to sort."""
    gallery = Listed()
    switch = gallery.region("runs-bar").find("[data-sort]")
    gallery.put(RunRow("a", "executing"))
    button = gallery.region("runs").find(".run-row")
    gallery.put(RunRow("a", "error", error="boom"))
    assert gallery.region("runs").find(".run-row") is button and switch.hidden
    gallery.put(RunRow("b", "executing"))
    assert not switch.hidden


def test_durations_go_on_while_a_run_lives() -> None:
    """Each second, for live runs alone; an ended run keeps its time; one without a start has none."""
    gallery = Listed()
    start = gallery.clock.wall()
    gallery.put(RunRow("live", "executing", started_at=start))
    gallery.put(RunRow("done", "success", started_at=start, ended_at=start + 75))
    gallery.put(RunRow("bare", "queued"))
    region = gallery.region("runs")
    gallery.advance(3.0)
    assert region.find("[data-run-id=live]").find(".run-time").textContent == "3.0 s"
    assert region.find("[data-run-id=done]").find(".run-time").textContent == "1 min 15 s"
    assert region.find("[data-run-id=bare]").find(".run-time").textContent == ""
    gallery.put(replace(RunRow("live", "killed"), started_at=start))
    gallery.put(RunRow("bare", "success"))
    assert gallery.clock.pending == 0, "nobody lives, nothing ticks"


def test_a_click_brings_a_run_and_a_forgotten_one_leaves() -> None:
    """A click anywhere in the row; deleted rows leave nothing, a closed view no timer."""
    gallery = Listed()
    gallery.put(RunRow("a", "executing", started_at=1.0))
    gallery.press(gallery.region("runs").find(".run-row"))
    assert gallery.commands.calls == [("show_run", ("a",))]
    gallery.put(RunRow("b", "executing"))
    gallery.stores.runs.delete("a")
    gallery.paint()
    assert gallery.order() == ["b"]
    gallery.view.close()
    assert (gallery.clock.pending, gallery.document.listeners) == (0, 0)
    assert gallery.errors == []


def test_the_newest_start_is_first_whoever_came_first() -> None:
    """A row of which the start is not known counts as the newest; it goes to its place when it is."""
    gallery = Listed()
    with gallery.stores.batch():
        for number in (3, 0, 7, 1, 5, 2, 6, 4):
            gallery.stores.runs.set(f"r{number}", RunRow(f"r{number}", "success", started_at=float(number)))
    assert gallery.order() == [f"r{number}" for number in range(7, -1, -1)]
    gallery.put(RunRow("x", "queued"))
    gallery.put(RunRow("nan", "success", started_at=float("nan")))
    assert gallery.order()[:3] == ["nan", "x", "r7"]
    gallery.put(RunRow("x", "success", started_at=2.5, ended_at=float("inf")))
    assert gallery.order()[5:8] == ["r3", "x", "r2"]
    assert gallery.errors == []


def test_a_history_told_anew_forgets_the_old_progress() -> None:
    """What is no more in the store is not counted."""
    gallery = Listed()
    gallery.flow()
    gallery.put(RunRow("r", "executing"))
    for order in range(3):
        gallery.mock(f"n{order}", order, "success")
    gallery.stores.mock.delete_run("r")
    gallery.mock("n0", 0, "success")
    assert gallery.region("runs").find(".run-progress").textContent == "1 of 4"


def test_an_incomplete_run_says_so() -> None:
    """In words, beside its status."""
    gallery = Listed()
    gallery.put(RunRow("r", "success", incomplete=True))
    text = gallery.region("runs").textContent
    assert "Succeeded" in text and "Incomplete" in text
