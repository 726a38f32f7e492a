from __future__ import annotations

from pyapp.contract.events import Requirement
from pyapp.run.record import Wanted
from pyapp.stores.cards import Card
from pyapp.stores.rows import MockNode, RunRow
from pyapp.views.context import View, ViewContext
from tests.views.support import Gallery


class Notes(View):
    """A view that notes what it is asked to draw."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self.log: list[object] = []
        self.mark = self.draws(self.stores.runs, lambda key, row: self.log.append((key, row and row.status)))
        self.draws_front(self.stores.tools, lambda name: self.log.append(name))
        self.again = self.shows(lambda: self.log.append("shown"), self.stores.graph, self.stores.selected)

    def clear(self) -> None:
        self.log.append("clear")

    def settle(self) -> None:
        self.log.append("settle")

    def drawn(self) -> list[object]:
        """What it drew since this was asked last."""
        log, self.log = self.log, []
        return log


def test_what_is_there_is_drawn_first_then_what_changes() -> None:
    """Never in the task of the change; keys in the order of their change, each once; None for one that is gone."""
    gallery = Gallery()
    gallery.stores.runs.set("a", RunRow("a", "executing"))
    view = Notes(gallery.context)
    assert view.log == []
    gallery.paint()
    assert view.drawn() == [("a", "executing"), "shown", "settle"]
    gallery.stores.runs.set("b", RunRow("b", "executing"))
    gallery.stores.runs.set("a", RunRow("a", "success"))
    gallery.stores.runs.delete("b")
    gallery.stores.selected.set("n")
    gallery.stores.selected.set("m")
    assert view.log == []
    gallery.paint()
    assert view.drawn() == [("b", None), ("a", "success"), "shown", "settle"]
    view.again()
    view.mark(["a"])
    gallery.paint()
    assert view.drawn() == [("a", "success"), "shown", "settle"]


def test_the_run_in_front_is_drawn_alone() -> None:
    """Another one in front: what was drawn of the last is asked for once more, also if nothing is kept of it."""
    gallery = Gallery()
    view = gallery.show(Notes)
    gallery.stores.tools.set(("r", "x"), ("t",))
    gallery.stores.tools.set(("s", "y"), ("t",))
    gallery.paint()
    view.drawn()
    gallery.stores.front.set("r")
    gallery.paint()
    assert view.drawn() == ["x", "settle"]
    with gallery.stores.batch():
        gallery.stores.front.set("s")
        gallery.stores.tools.delete_run("r")
    gallery.paint()
    assert view.drawn() == ["x", "y", "settle"]
    gallery.stores.front.set(None)
    gallery.paint()
    assert view.drawn() == ["y", "settle"]  # of the one before nothing is left to be asked for


def test_drawn_anew_it_begins_with_nothing() -> None:
    """Everything the stores have, after a clear; a closed view draws no more."""
    gallery = Gallery()
    gallery.stores.runs.set("a", RunRow("a", "executing"))
    view = gallery.show(Notes)
    view.drawn()
    view.redraw()
    gallery.paint()
    assert view.drawn() == ["clear", ("a", "executing"), "shown", "settle"]
    view.close()
    gallery.stores.runs.delete("a")
    gallery.paint()
    assert view.drawn() == [] and gallery.frames.pending == 0


def test_it_is_broken_and_mended_by_its_name() -> None:
    """Its draws pass through the seam."""
    gallery = Gallery()
    view = gallery.show(Notes)
    view.drawn()
    gallery.faults.arm("view Notes", ValueError("torn"))
    gallery.stores.runs.set("a", RunRow("a", "executing"))
    gallery.paint()
    assert view.drawn() == ["settle"]
    gallery.faults.mend()
    gallery.advance(1.0)
    assert ("a", "executing") in view.drawn()
    health = gallery.stores.view_health.get("Notes")
    assert health is not None and (health.failures, health.streak) == (1, 0)


def test_a_node_is_named_by_the_flow_of_its_run_alone() -> None:
    """Two flows share ids; of one that is not on the canvas its events say the name, or nobody does."""
    gallery = Gallery()
    gallery.flow()
    for run_id, flow_id in (("own", "demo"), ("other", "elsewhere"), ("bare", None)):
        gallery.stores.runs.set(run_id, RunRow(run_id, "paused", flow_id=flow_id))
    context = gallery.context
    assert [context.named("n1", each) for each in ("own", "bare", "new")] == ["node 1"] * 3
    assert (context.named("n1", "other"), context.title("n1", "other"), context.graph_of("other")) == ("", "n1", None)
    gallery.stores.mock.set(("other", "n1-0"), MockNode("n1-0", "n1", "Pay out", "other", 0, "executing", True))
    assert context.named("n1", "other") == context.title("n1", "other", "else") == "Pay out"


def test_a_flow_that_made_way_for_another_still_names_the_nodes_of_its_runs() -> None:
    """Also where the run itself only knows their ids."""
    gallery = Gallery()
    gallery.flow()
    gallery.stores.runs.set("r", RunRow("r", "paused", flow_id="demo"))
    gallery.mock("n1")
    gallery.stores.graph.set(None)
    assert gallery.context.named("n1", "r") == "node 1"
    gallery.flow(id="elsewhere", nodes=[{"id": "n1", "label": "another"}], edges=[])
    assert gallery.context.named("n1", "r") == "node 1"


def test_what_a_run_of_another_flow_waits_for_bears_no_name_of_this_one() -> None:
    gallery = Gallery()
    gallery.flow()
    card = Card("r", Wanted(Requirement(id="q", kind="confirmation"), "n1"))
    gallery.stores.interactions.set(card.key, card)
    gallery.stores.runs.set("r", RunRow("r", "paused", flow_id="elsewhere"))
    assert gallery.context.asked_of("r") == "Waiting for you"
    gallery.stores.runs.set("r", RunRow("r", "paused", flow_id="demo"))
    assert gallery.context.asked_of("r") == "Waiting for you: node 1"


def test_of_a_run_that_has_next_to_nothing_all_is_wiped_where_a_view_says_so() -> None:
    """One over as much is drawn over what was there, so that nothing flashes."""

    class Wiped(Notes):
        wipes = True

        def __init__(self, context: ViewContext) -> None:
            View.__init__(self, context)
            self.log: list[object] = []
            self.draws_nodes(lambda node: self.log.append(node))

    gallery = Gallery()
    view = gallery.show(Wiped)
    for run_id, nodes in (("r", "abcd"), ("s", "cde"), ("t", "f")):
        for order, node in enumerate(nodes):
            gallery.mock(node, order, run_id=run_id)
    gallery.paint()
    view.drawn()
    drawn = []
    for run_id in "rst":
        gallery.stores.front.set(run_id)
        gallery.paint()
        drawn.append(view.drawn())
    assert drawn == [[*"abcd", "settle"], [*"abcde", "settle"], ["clear", "f", "settle"]]
