from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.contract.location import Look, Looked
from pyapp.stores.link import Away
from pyapp.stores.rows import GroupState, RunRow
from pyapp.testing.timeline import ShownBar
from pyapp.views.timeline.timeline import TimelineView
from tests.views.support import Gallery

NESTED = FlowGraph(Flow.model_validate({"id": "f", "nodes": [{"id": "g"}, {"id": "a", "parent": "g"}, {"id": "b"}]}))


class Shown(Gallery):
    def __init__(self) -> None:
        super().__init__()
        self.view = self.show(TimelineView)
        self.stores.graph.set(NESTED)
        self.stores.front.set("r")
        self.timeline.look()
        self.paint()

    @property
    def bars(self) -> dict[str, ShownBar]:
        self.paint()
        assert self.errors == []
        return self.timeline.bars

    def tool(self, key: str, **fields: Any) -> None:
        self.message(key, kind="tool", **fields)


def test_executions_calls_and_the_run_are_bars_in_one_another() -> None:
    gallery = Shown()
    gallery.stores.runs.set("r", RunRow("r", "executing", name="Clerk", started_at=0.0, began_at=0.5))
    gallery.mock("g", 0, started_at=1.0)
    gallery.mock("a", 1, "error", started_at=2.0, ended_at=3.0)
    gallery.tool("tool/1", name="look", node_id="a", started_at=2.5)
    gallery.message("text/1", "Words.", node_id="a")
    assert gallery.timeline.tree() == {} and gallery.bars
    assert gallery.timeline.tree() == {
        "": ["run"], "run": ["node/g-0"], "node/g-0": ["node/a-1"], "node/a-1": ["tool/1"],
    }  # fmt: skip
    assert (gallery.bars["run"].name, gallery.bars["run"].began_at) == ("Clerk", 0.5)
    assert (gallery.bars["node/a-1"].status, gallery.bars["node/a-1"].ended_at) == ("error", 3.0)
    assert gallery.timeline.last["live"] is True


def test_a_silent_group_has_a_bar_until_it_speaks() -> None:
    """Its own executions take the place of what was concluded from those in it."""
    gallery = Shown()
    gallery.stores.groups.set(("r", "g"), GroupState("executing", 0, 1, started_at=2.0))
    gallery.mock("a", 1, started_at=2.0)
    assert set(gallery.bars) == {"group/g", "node/a-1"} and gallery.bars["node/a-1"].parent == "group/g"
    gallery.mock("g", 0, started_at=1.0)
    assert set(gallery.bars) == {"node/g-0", "node/a-1"} and gallery.bars["node/a-1"].parent == "node/g-0"
    gallery.stores.mock.delete(("r", "g-0"))
    assert gallery.bars["node/a-1"].parent == "group/g"


def test_while_nobody_looks_nothing_is_told() -> None:
    """And nothing is drawn; when somebody does, all is told anew."""
    gallery = Shown()
    gallery.mock("a", 0, started_at=1.0)
    assert gallery.bars
    gallery.timeline.look(away=True)
    gallery.paint()
    taken = gallery.timeline.taken
    gallery.mock("b", 1, started_at=2.0)
    gallery.stores.mock.delete(("r", "a-0"))
    gallery.paint()
    assert gallery.timeline.taken == taken and set(gallery.timeline.bars) == {"node/a-0"}
    gallery.timeline.look()
    assert set(gallery.bars) == {"node/b-1"}


def test_one_frame_is_one_crossing() -> None:
    """However many bars changed in it; words that stream are none."""
    gallery = Shown()
    gallery.paint()
    before = gallery.timeline.taken
    for order in range(10):
        gallery.mock("a", order, started_at=float(order))
    gallery.frames.paint()
    assert gallery.timeline.taken == before + 1 and len(gallery.timeline.last["bars"]) == 10
    before = gallery.timeline.taken
    for _ in range(5):
        gallery.message("text/1", "more")
        gallery.frames.paint()
    assert gallery.timeline.taken == before


def test_a_bar_chooses_its_node_everywhere_and_the_chosen_one_is_told() -> None:
    gallery = Shown()
    gallery.mock("a", 0, started_at=1.0)
    gallery.paint()
    gallery.timeline.choose("a")
    gallery.timeline.choose("")
    assert gallery.commands.calls == [("choose_node", ("a",)), ("choose_node", (None,))]
    gallery.stores.selected.set("a")
    gallery.paint()
    assert gallery.timeline.last["chosen"] == "a"


def test_another_run_or_flow_is_told_anew() -> None:
    gallery = Shown()
    gallery.mock("a", 0, started_at=1.0)
    gallery.mock("b", 0, run_id="s", started_at=1.0)
    assert set(gallery.bars) == {"node/a-0"}
    gallery.stores.front.set("s")
    assert set(gallery.bars) == {"node/b-0"}
    gallery.stores.graph.set(FlowGraph(Flow.model_validate({"id": "f", "nodes": [{"id": "b", "label": "Bee"}]})))
    assert gallery.bars["node/b-0"].name == "Bee"


def test_nodes_that_are_in_one_another_stand_at_the_top() -> None:
    """What their events say cannot be; whichever is heard of first."""
    for order in (("x", "y"), ("y", "x")):
        gallery = Shown()
        for node in order:
            gallery.mock(node, "xy".index(node), started_at=1.0, parent="y" if node == "x" else "x")
            gallery.paint()
        assert [bar.parent for bar in gallery.bars.values()] == ["run", "run"]


def test_a_node_whose_group_is_known_only_later_is_in_it_with_all_its_executions() -> None:
    gallery = Shown()
    gallery.mock("g", 0, started_at=1.0)
    gallery.mock("b", 1, started_at=2.0)
    gallery.mock("b", 2, started_at=3.0)
    assert {gallery.bars[each].parent for each in ("node/b-1", "node/b-2")} == {"run"}
    gallery.mock("b", 3, started_at=4.0, parent="g")
    assert {gallery.bars[f"node/b-{order}"].parent for order in (1, 2, 3)} == {"node/g-0"}


def test_it_says_what_the_page_writes_and_lets_go() -> None:
    gallery = Shown()
    assert gallery.timeline.words["fit"].startswith("Show")
    gallery.view.close()
    assert (gallery.document.listeners, gallery.frames.pending) == (0, 0)


def test_how_it_is_looked_at_is_told_once_and_heard() -> None:
    """What a person does there is not told back; what an address wants is told before its run is there."""
    gallery = Shown()
    gallery.stores.looked.set(Looked("r", Look("cut", (1.0, 2.0))))
    gallery.paint()
    assert gallery.timeline.wanted == {"run": "r", "scale": "cut", "span": [1.0, 2.0], "critical": False}
    gallery.timeline.wanted = {}
    gallery.timeline.move(run="r", scale="time", span=None, critical=True)
    looked = Looked("r", Look(critical=True))
    assert gallery.commands.calls == [("look", (looked,))]
    gallery.stores.looked.set(looked)
    gallery.paint()
    assert gallery.timeline.wanted == {} and gallery.errors == []


def test_of_a_run_that_nothing_is_heard_of_the_time_stands() -> None:
    """Its bars grow no further, until it is heard of; in doubt they are striped from its last word on, as ever."""
    gallery = Shown()
    row = RunRow("r", "executing", started_at=gallery.now())
    gallery.stores.runs.set("r", row)
    gallery.paint()
    assert gallery.timeline.last["stands"] is False
    gallery.stores.away.set("r", Away(gallery.now() + 5.0))
    gallery.advance(9.0)
    assert (gallery.timeline.last["stands"], gallery.timeline.last["now"]) == (True, gallery.now() - 4.0)
    gallery.stores.runs.set("r", replace(row, status="unverified"))
    gallery.paint()
    assert (gallery.timeline.last["stands"], gallery.timeline.last["now"]) == (False, gallery.now())
    gallery.stores.runs.set("r", row)
    gallery.stores.away.delete("r")
    gallery.paint()
    assert (gallery.timeline.last["stands"], gallery.timeline.last["now"]) == (False, gallery.now())
