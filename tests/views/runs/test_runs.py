from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from pyapp.contract.events import Requirement
from pyapp.contract.flow import Flow
from pyapp.locale.display import day_of
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card, requirement_key
from pyapp.stores.listing import Paging, RunsFilter
from pyapp.stores.rows import GroupState, MockNode, RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.runs.runs import RunsView
from tests.views.support import Gallery


class Listed(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.view = self.show(RunsView)

    def put(self, row: RunRow) -> None:
        self.stores.runs.set(row.run_id, row)
        self.paint()

    def want(self, **wanted: Any) -> None:
        self.stores.runs_filter.set(RunsFilter(**wanted))
        self.paint()

    def row(self, run_id: str) -> FakeElement:
        return self.region("runs").find(f"[data-run-id={run_id}]")

    def seen(self) -> list[str]:
        """The rows that are in sight."""
        rows = self.region("runs").find_all("[data-run-id]")
        return [each.attributes["data-run-id"] for each in rows if not each.hidden]

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
    assert "Status unknown" in row.textContent and "The link is lost." in row.textContent and "New" in row.textContent
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
    """New runs come behind the failed ones; the current row stays in sight; back again, the newest is first."""
    gallery = Listed()
    for run_id, status in (("a", "success"), ("b", "error"), ("c", "executing")):
        gallery.put(RunRow(run_id, status))  # type: ignore[arg-type]
    gallery.stores.front.set("a")
    gallery.paint()
    gallery.row("a").scrolled_to = False
    assert gallery.order() == ["c", "b", "a"]
    gallery.want(errors_first=True)
    assert gallery.order() == ["b", "c", "a"] and gallery.row("a").scrolled_to
    gallery.put(RunRow("d", "executing"))
    assert gallery.order() == ["b", "d", "c", "a"]
    gallery.put(RunRow("c", "error"))
    assert gallery.order() == ["c", "b", "d", "a"]
    gallery.want()
    assert gallery.order() == ["d", "c", "b", "a"]
    assert gallery.errors == []


def test_what_is_not_wanted_stays_in_the_list_out_of_sight() -> None:
    """Order and marks stay as they are; when nothing is left it says so, and offers all of them."""
    gallery = Listed()
    gallery.flow()
    for number, (run_id, flow) in enumerate((("a", "demo"), ("b", "other"), ("c", "demo"))):
        gallery.put(RunRow(run_id, "success", flow, started_at=float(number), input=f"input of {run_id}"))
    gallery.stores.front.set("b")
    gallery.want(this_flow=True)
    assert gallery.order() == ["c", "b", "a"] and gallery.seen() == ["c", "a"]
    assert gallery.row("b").attributes["aria-current"] == "true"
    gallery.put(RunRow("d", "executing", "other", started_at=9.0))
    assert gallery.seen() == ["c", "a"]
    gallery.flow(id="other")
    assert gallery.seen() == ["d", "b"], "the flow on the canvas is another one"
    gallery.want(text="OF A")
    assert gallery.seen() == ["a"]
    region = gallery.region("runs")
    assert region.find("[data-runs=all]").hidden and region.find(".empty").hidden
    gallery.want(text="nobody", errors_first=True)
    assert gallery.seen() == [] and "No run matches" in region.textContent
    gallery.press(region.find("[data-runs=all]"))
    assert gallery.commands.calls[-1] == ("filter_runs", (RunsFilter(errors_first=True),))
    gallery.stores.runs.delete("a")
    gallery.want()
    assert gallery.seen() == ["d", "c", "b"] and gallery.errors == []


def test_older_runs_are_asked_for_by_a_button() -> None:
    """While they are on their way, and where it failed, it says so."""
    gallery = Listed()
    gallery.put(RunRow("a", "success"))
    older = gallery.region("runs").find("[data-runs=older]")
    assert older.hidden
    gallery.stores.paging.set(Paging(more=True))
    gallery.paint()
    gallery.press(older)
    assert gallery.commands.calls == [("older_runs", ())]
    gallery.stores.paging.set(Paging(asking=True))
    gallery.paint()
    assert not older.hidden and older.attributes["aria-busy"] == "true"
    gallery.stores.paging.set(Paging(more=True, problem="It did not answer."))
    gallery.paint()
    assert "It did not answer." in gallery.region("runs").textContent
    gallery.stores.paging.set(Paging())
    gallery.paint()
    assert older.hidden and "It did not" not in gallery.region("runs").textContent


def test_what_was_not_searched_is_said() -> None:
    """The page searches what it has: while there are older runs nobody can say that none matches."""
    gallery = Listed()
    gallery.put(RunRow("a", "success"))
    gallery.want(text="moon")
    said = gallery.region("runs").find(".empty")
    assert said.textContent == "No run matches."
    gallery.stores.paging.set(Paging(more=True))
    gallery.paint()
    assert said.textContent == "The only run searched does not match. There are older ones." and not said.hidden
    gallery.put(RunRow("b", "success"))
    assert said.textContent.startswith("None of the 2 runs searched")
    gallery.stores.paging.set(Paging())
    gallery.paint()
    assert said.textContent == "No run matches."
    gallery.put(RunRow("c", "success", input="the moon"))
    assert said.hidden and gallery.errors == []


def test_a_run_is_stopped_or_run_again_from_its_row() -> None:
    """And is not brought to the front by that."""
    gallery = Listed()
    gallery.put(RunRow("live", "executing"))
    gallery.put(RunRow("done", "error"))

    def shown(run_id: str) -> list[str]:
        buttons = gallery.row(run_id).find_all("[data-row-action]")
        return [each.attributes["data-row-action"] for each in buttons if not each.hidden]

    gallery.put(RunRow("lost", "unverified", "demo"))
    gallery.put(RunRow("nope", "unverified"))
    assert (shown("live"), shown("done")) == (["stop"], ["again", "reuse"])
    assert shown("lost") == ["stop", "again", "reuse"], "nobody knows whether it goes on"
    assert shown("nope") == [], "nobody knows that it is"
    gallery.press(gallery.row("live").find("[data-row-action=stop]"))
    gallery.press(gallery.row("done").find("[data-row-action=again]"))
    gallery.press(gallery.row("done").find("[data-row-action=reuse]"))
    assert gallery.commands.calls == [("stop", ("live",)), ("again", ("done",)), ("reuse", ("done",))]
    gallery.put(RunRow("live", "executing", stopping=True))
    assert gallery.row("live").find("[data-row-action=stop]").disabled


def test_a_run_that_asks_says_what_for() -> None:
    """Whatever its status is; the node by its name, once that is known."""
    gallery = Listed()
    gallery.put(RunRow("r", "executing"))
    assert gallery.row("r").attributes["data-asks"] == "false"
    wanted = Wanted(Requirement.model_validate({"id": "q", "kind": "confirmation"}), "n1")
    gallery.stores.interactions.set(requirement_key("r", "q"), Card("r", wanted=wanted))
    gallery.stores.interactions.set(requirement_key("x", "q"), Card("x", wanted=wanted))
    gallery.flow()
    row = gallery.row("r")
    assert row.attributes["data-asks"] == "true" and "Waiting for you: node 1" in row.textContent
    assert row.attributes["data-status"] == "executing"
    gallery.stores.interactions.set(requirement_key("r", "q"), Card("r", wanted=wanted, state="sent"))
    gallery.paint()
    assert gallery.row("r").attributes["data-asks"] == "false"
    gallery.put(RunRow("r", "paused"))
    assert "Waiting for you" in gallery.row("r").textContent and gallery.errors == []


def test_of_several_things_the_one_asked_first_is_named() -> None:
    """By its place among them, not by when its card came: asked again, it is the last one."""
    gallery = Listed()
    gallery.flow()
    gallery.put(RunRow("r", "paused"))
    for name, node, serial in (("p", "n1", 3), ("q", "n2", 2)):
        wanted = Wanted(Requirement.model_validate({"id": name, "kind": "confirmation"}), node, serial=serial)
        gallery.stores.interactions.set(requirement_key("r", name), Card("r", wanted=wanted))
    assert "Waiting for you: node 2" in gallery.row("r").textContent


def test_a_round_is_counted_whoever_tells_of_it_last() -> None:
    """The group may come behind the executions in it: its handler was set aside."""
    gallery = Listed()
    gallery.flow()
    gallery.put(RunRow("r", "executing"))
    gallery.stores.groups.set(("r", "g"), GroupState("executing", 0, 1, rounds=2))
    assert gallery.row("r").find(".run-progress").textContent == "round 2"


def test_yesterday_is_named_once_it_is_today() -> None:
    """A page that is kept open over night."""
    gallery = Listed()
    gallery.put(RunRow("a", "success", started_at=gallery.now()))
    started = gallery.row("a").find(".run-start")
    assert started.textContent.count(":") == 2
    gallery.clock.advance(24 * 3600.0)
    gallery.stores.today.set(day_of(gallery.now()))
    gallery.paint()
    assert started.textContent.count(":") == 1 and started.attributes["title"].count("-") == 2


def test_a_row_that_changes_keeps_its_button() -> None:
    """And with it the focus of whoever is there."""
    gallery = Listed()
    gallery.put(RunRow("a", "executing"))
    button = gallery.region("runs").find(".run-row")
    gallery.put(RunRow("a", "error", error="boom"))
    assert gallery.region("runs").find(".run-row") is button


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


def test_a_failed_run_says_what_went_wrong_not_where() -> None:
    gallery = Listed()
    gallery.put(RunRow("r", "error", error='Traceback (most recent call last):\n  File "a.py"\nValueError: no'))
    assert gallery.region("runs").find(".run-detail").textContent == "ValueError: no"


def test_an_incomplete_run_says_so() -> None:
    """In words, beside its status."""
    gallery = Listed()
    gallery.put(RunRow("r", "success", lacks="runs.incomplete"))
    text = gallery.region("runs").textContent
    assert "Succeeded" in text and "Incomplete" in text


def test_the_current_row_is_sought_when_all_rows_have_their_place() -> None:
    """In a list too long for one frame it would be sought where it does not stand any more."""
    gallery = Listed()
    for number in range(60):
        gallery.put(RunRow(f"r{number}", "error" if number == 0 else "success", started_at=float(number)))
    gallery.stores.front.set("r5")
    gallery.paint()
    moved: list[str] = []
    gallery.row("r5").scrollIntoView = lambda: moved.extend(gallery.order()[:1])  # type: ignore[method-assign]
    moments = count(2000.0, 0.005)
    gallery.clock.now = lambda: next(moments)  # type: ignore[method-assign]
    gallery.want(errors_first=True)
    assert moved == ["r0"]


def test_in_a_strangers_frame_a_row_has_no_button_that_acts() -> None:
    """Its input can still be read into the field: that starts nothing."""
    gallery = Gallery(may_act=False)
    gallery.show(RunsView)
    gallery.stores.runs.set("lives", RunRow("lives", "executing"))
    gallery.stores.runs.set("over", RunRow("over", "success"))
    gallery.paint()
    buttons = gallery.region("runs").find_all("[data-row-action]")
    assert [each.attributes["data-row-action"] for each in buttons if not each.hidden] == ["reuse"]


def test_the_search_finds_what_stands_in_the_row() -> None:
    """A listed run bears the name of its flow, not one of its own; a listed flow that comes later is found, too."""
    gallery = Listed()
    gallery.put(RunRow("a", "success", "bills"))
    gallery.put(RunRow("b", "success", "demo"))
    gallery.want(text="invoices")
    assert gallery.seen() == []
    gallery.stores.flows.set((Flow(id="bills", name="Invoices of the month"),))
    gallery.paint()
    assert gallery.seen() == ["a"]
