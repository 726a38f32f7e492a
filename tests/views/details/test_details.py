from __future__ import annotations

from typing import Any

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.run.spent import Spent
from pyapp.stores.rows import GroupState, LogLine, RunLog, RunRow
from pyapp.views.bounds import MAX_CHARS
from pyapp.views.details.details import MAX_LINES, DetailsView
from tests.views.support import Gallery, write


class Detailed(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.flow()
        self.view = self.show(DetailsView)
        self.put("executing")
        self.stores.front.set("r")
        self.paint()

    def put(self, status: Any, **fields: Any) -> None:
        self.stores.runs.set("r", RunRow("r", status, **fields))
        self.paint()

    def choose(self, node: str | None) -> None:
        self.stores.selected.set(node)
        self.paint()

    @property
    def text(self) -> str:
        return self.region("details").textContent

    def shown(self, group: str) -> int:
        return len(self.region("details").find(f".details-{group}").children)


def test_without_a_choice_it_is_about_the_whole_run() -> None:
    gallery = Detailed()
    gallery.put("executing", given={"topic": "lanes"})
    assert "The whole run" in gallery.text and "lanes" in gallery.text and "Nothing yet." in gallery.text
    gallery.put(
        "error", given="lanes", content="all", error="Trace\nIt broke.", spent=Spent(3, 4), started_at=1.0,
        began_at=10.0, ended_at=12.0,
    )  # fmt: skip
    assert all(each in gallery.text for each in ("9.0 s queued", "2.0 s", "all", "It broke.", "3 tokens in, 4 out"))
    gallery.stores.front.set(None)
    gallery.paint()
    assert "Start or choose a run" in gallery.text and "lanes" not in gallery.text


def test_it_follows_the_choice_and_draws_nothing_else() -> None:
    gallery = Detailed()
    gallery.mock("n0", 0, "success", input="in", output="out")
    gallery.mock("n1", 1, "success", output="another")
    gallery.choose("n0")
    assert "in" in gallery.text and "out" in gallery.text and "another" not in gallery.text
    gallery.mock("n0", 2, "executing", input="second")
    gallery.mock("n0", 0, "success", output="other run", run_id="back")
    assert gallery.shown("runs") == 2 and "second" in gallery.text and "other run" not in gallery.text
    orders = [each.attributes["data-order"] for each in gallery.region("details").find_all(".execution")]
    assert orders == ["2", "0"], "the newest first"
    gallery.choose("n1")
    assert "another" in gallery.text and "second" not in gallery.text
    assert gallery.errors == []


def test_a_node_that_only_ended_with_its_run_shows_what_that_failed_of() -> None:
    """As soon as the run says it; not at a node that was stopped with it, nor over an error of its own."""
    gallery = Detailed()
    gallery.mock("n0", 0, "error", implied=True)
    gallery.choose("n0")
    assert "worker lost" not in gallery.text
    gallery.put("error", error="worker lost")
    assert "worker lost" in gallery.text and "ended with its run" in gallery.text
    gallery.mock("n0", 0, "killed", implied=True)
    assert "worker lost" not in gallery.text
    gallery.mock("n0", 0, "error", error="mine")
    assert "mine" in gallery.text and "worker lost" not in gallery.text


def test_a_step_that_never_ran_says_so() -> None:
    """Not yet, while the run goes on; once it is over, what became of it; never while more may be known of it."""
    gallery = Detailed()
    gallery.choose("n1")

    def said() -> str:
        return gallery.region("details").find(".details-head").textContent

    assert said() == "Has not run yet"
    gallery.put("error")
    assert said() == "", "of this run nothing but a row is known"
    gallery.mock("n0", 0, "error")
    assert said() == "Not reached"
    gallery.put("success")
    assert said() == "Not needed"
    gallery.stores.runs.set("r", RunRow("r", "success", lacks="runs.cut"))
    assert said().startswith("Incomplete: the server")
    gallery.put("success")
    gallery.choose("n0")
    assert said() == ""
    gallery.choose("n1")
    gallery.mock("n1", 1)
    assert said() == ""
    gallery.stores.runs.set("other", RunRow("other", "executing"))
    gallery.stores.front.set("other")
    assert said() == "Has not run yet", "what it did in another run is no matter here"
    gallery.stores.runs.set("other", RunRow("other", "executing", flow_id="elsewhere"))
    assert said() == "", "in another flow the id means nothing"


def test_a_group_says_how_it_is_and_how_far() -> None:
    """One that no event of its own speaks of: what is in it ran, and nothing else says so here."""
    gallery = Detailed()
    gallery.stores.groups.set(("r", "g"), GroupState("executing", 1, 3, 0, 1, 1.0, None))
    gallery.choose("g")
    assert "Running · 1 of 3" in gallery.text
    gallery.stores.groups.set(("r", "g"), GroupState("error", 3, 3, 1, 1, 1.0, 3.0))
    gallery.paint()
    assert "Failed · 3 of 3 · 1 failed" in gallery.text and "Running" not in gallery.text
    gallery.stores.groups.set(("r", "g"), GroupState(None, 0, 3))
    gallery.paint()
    assert gallery.region("details").find(".details-head").textContent == ""


def test_what_is_open_stays_while_the_run_goes_on() -> None:
    """An event of another node draws nothing anew; one of this node only what changed."""
    gallery = Detailed()
    gallery.mock("n0", 0, "success", output={"a": {"b": 1}})
    gallery.choose("n0")
    before = gallery.region("details").find(".execution")
    gallery.mock("n1", 1)
    gallery.mock("n0", 2)
    gallery.paint()
    assert before.isConnected and gallery.shown("runs") == 2


def test_tool_calls_are_the_nodes_own_and_grow() -> None:
    gallery = Detailed()
    mine = gallery.message("tool/a", kind="tool", name="search", node_id="n0")
    gallery.message("tool/b", kind="tool", name="read", node_id="n1")
    gallery.message("m", "words", node_id="n0")
    gallery.choose("n0")
    assert gallery.shown("tools") == 1 and "search" in gallery.text and "read" not in gallery.text
    write(mine, status="success", result="found it", ended_at=3.0)
    gallery.stores.chat.show(mine)
    assert "found it" in gallery.text
    gallery.press(gallery.region("details").find("[data-choose]"))
    assert gallery.commands.calls == [("choose_node", (None,))]
    gallery.choose(None)
    assert gallery.shown("tools") == 0 and gallery.region("details").find("[data-choose]").hidden


def test_answers_stay_at_their_node_and_with_the_run() -> None:
    gallery = Detailed()
    requirement = Requirement.model_validate({"id": "q", "kind": "confirmation", "prompt": "Go on?"})
    gallery.stores.answered.set(("r", "q"), Wanted(requirement, "n0", answer={"confirmed": True}))
    assert "Go on?" in gallery.text and "Approved" in gallery.text
    gallery.choose("n1")
    assert "Go on?" not in gallery.text
    gallery.choose("n0")
    assert "Go on?" in gallery.text


def test_log_lines_of_the_node_come_as_they_are_written() -> None:
    gallery = Detailed()
    gallery.choose("n0")
    log = RunLog().extended([LogLine(1.0, "info", "mine", "n0"), LogLine(1.0, "info", "theirs", "n1")])
    gallery.stores.logs.set("r", log)
    assert "mine" in gallery.text and "theirs" not in gallery.text
    gallery.stores.logs.set("r", log.extended([LogLine(2.0, "info", f"x{n}", "n0") for n in range(MAX_LINES + 5)]))
    assert gallery.shown("lines") == MAX_LINES and "mine" not in gallery.text and f"x{MAX_LINES + 4}" in gallery.text


def test_lines_that_are_sought_are_drawn_however_old_they_are() -> None:
    """In their places, with the newest; another search takes them away, and another node has its own."""
    gallery = Detailed()
    gallery.choose("n0")
    lines = [LogLine(1.0, "info", f"line {n}.", "n0" if n % 2 else "n1") for n in range(4 * MAX_LINES)]
    log = RunLog().extended(lines)
    gallery.stores.logs.set("r", log)
    gallery.paint()
    find, told = gallery.region("details").find("[data-find]"), gallery.region("details").find(".find-told")

    def seek(text: str) -> tuple[int, str]:
        gallery.document.fire("input", find, value=text)
        gallery.paint()
        return gallery.shown("lines"), told.textContent

    assert seek("LINE 7.") == (MAX_LINES + 1, "1 match")
    place = gallery.region("details").find(".details-lines")
    assert "line 7." in place.children[0].textContent and "line 1199." in place.children[-1].textContent
    gallery.stores.logs.set("r", log.extended([LogLine(2.0, "info", "line 7. again", "n0")]))
    gallery.paint()
    assert told.textContent == "2 matches", "what comes is searched as it comes"
    assert seek("line 8.") == (MAX_LINES, "No match")
    gallery.choose("n1")
    assert (gallery.shown("lines"), told.textContent) == (MAX_LINES + 1, "1 match")
    assert seek("") == (MAX_LINES, "")


def test_of_what_went_wrong_all_is_searched() -> None:
    """Of a step, of a call and of the whole run, however long their traces are."""
    gallery, trace = Detailed(), "x\n" * MAX_CHARS + "needle\n" + "y\n" * MAX_CHARS + "the end"
    gallery.mock("n0", 0, "error", error=trace)
    gallery.message("tool/a", kind="tool", name="search", node_id="n0", status="error", error=trace)
    gallery.put("error", error=trace)
    find, told = gallery.region("details").find("[data-find]"), gallery.region("details").find(".find-told")
    for node, many in (("n0", "2 matches"), (None, "1 match")):
        gallery.choose(node)
        gallery.document.fire("input", find, value="needle")
        gallery.paint()
        assert told.textContent == many


def test_a_person_searches_and_switches_forms() -> None:
    gallery = Detailed()
    gallery.mock("n0", 0, "success", output=[{"a": 1}, {"a": 2}])
    gallery.choose("n0")
    region = gallery.region("details")
    find = region.find("[data-find]")
    gallery.document.fire("input", find, value=" x ")
    assert gallery.document.searched == [("details", "x")]
    assert region.find(".find-told").textContent == "No match"
    gallery.press(region.find("[data-act=large]"))
    gallery.document.fire("input", gallery.region("large").find("[data-find]"), value="1")
    assert gallery.document.searched[-1] == ("large", "1")
    assert gallery.region("large").find(".find-told").textContent == "1 match"
    gallery.press(region.find("[data-act=tree]"))
    assert region.find_all(".tree")
