"""The views that draw on the canvas beside its nodes: feet, edges, bar, minimap, folding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyapp.contract.flow import Flow
from pyapp.stores.groups import GroupState
from pyapp.stores.mock import MockNode
from pyapp.stores.runs import RunRow
from pyapp.testing.dom import FakeElement
from pyapp.views.canvas.canvas import CanvasView
from pyapp.views.canvas.canvas_bar import CanvasBarView
from pyapp.views.canvas.edges import EdgesView
from pyapp.views.canvas.minimap import MinimapView
from pyapp.views.canvas.node_feet import NodeFeetView
from tests.views.support import Gallery

GROUPED: dict[str, Any] = {
    "nodes": [{"id": "g"}, {"id": "a", "parent": "g"}, {"id": "b", "parent": "g"}, {"id": "z"}],
    "edges": [{"source": "a", "target": "b"}, {"source": "g", "target": "z"}, {"source": "b", "target": "z"}],
}


class Stage(Gallery):
    """A canvas with every view on it."""

    def __init__(self, **flow: Any) -> None:
        super().__init__()
        self.canvas = CanvasView(self.context)
        self.views = [view(self.context, self.canvas) for view in (EdgesView, CanvasBarView, MinimapView)]
        self.feet = NodeFeetView(self.context)
        self.flow(**flow)
        self.stores.runs.set("r", RunRow("r", "executing"))
        self.stores.front.set("r")

    def mock(self, node: str, order: int = 0, status: str = "executing", run_id: str = "r", **more: Any) -> None:
        made = MockNode(f"{node}-{order}", node, node, run_id, order, status, True, **more)  # type: ignore[arg-type]
        self.stores.mock.set((run_id, made.id), made)

    def foot(self, node: str) -> str:
        part = self.document.part(node, "node-foot")
        assert part is not None
        return part.textContent

    def flows(self) -> list[str | None]:
        return [edge.getAttribute("data-flow") for edge in self.region("canvas").find_all(".edge")]

    def state(self) -> tuple[str | None, str]:
        found = self.region("canvas-bar").find(".canvas-state")
        return found.getAttribute("data-state"), found.textContent


def test_a_node_says_for_how_long_it_has_run() -> None:
    """Each second while it executes, its duration after; the latest execution counts; then nothing ticks."""
    stage = Stage()
    stage.mock("n0", since=stage.clock.now())
    stage.clock.advance(2.0)
    assert stage.foot("n0") == "2.0 s"
    stage.mock("n0", status="success", duration_s=2.5)
    assert stage.foot("n0") == "2.5 s"
    stage.mock("n0", 1, since=stage.clock.now())
    stage.mock("n0", 0, status="success", duration_s=9.0)
    assert stage.foot("n0") == "0.0 s"
    stage.mock("n0", 1, status="unknown")
    assert (stage.foot("n0"), stage.clock.pending) == ("", 0)
    stage.mock("n1", run_id="back", since=0.0)
    assert stage.foot("n1") == ""
    stage.mock("nowhere")
    stage.stores.front.set("back")
    assert stage.foot("n0") == "" and stage.foot("n1") != ""
    stage.feet.close()
    assert stage.clock.pending == 0
    assert stage.errors == []


def test_a_node_names_the_tools_at_work() -> None:
    """Each name once; gone when they ended."""
    stage = Stage()
    stage.stores.tools.set(("r", "n0"), ("search", "search", "read"))
    stage.stores.tools.set(("back", "n0"), ("other",))
    assert stage.foot("n0") == "search, read"
    stage.stores.tools.delete(("r", "n0"))
    assert stage.foot("n0") == ""


def test_a_group_says_how_far_it_is() -> None:
    """Done of total, rounds, failures; its time goes on, then stands."""
    stage = Stage(**GROUPED)
    key = ("r", "g")
    stage.stores.groups.set(key, GroupState("executing", 1, 2, 1, 3, stage.clock.now()))
    assert stage.foot("g") == "0.0 s1 of 2 · round 31 failed"
    stage.stores.groups.set(key, GroupState("error", 2, 2, 0, 1, 0.0, 4.0))
    assert stage.foot("g") == "4.0 s2 of 2"
    node = stage.document.node("g")
    assert node is not None
    node.find(".node-foot").replaceChildren()
    stage.stores.canvas.set(stage.stores.canvas.get() + 1)
    assert stage.foot("g") == "4.0 s2 of 2", "a canvas that was drawn anew says it too"
    stage.stores.groups.set(key, GroupState(None, 0, 0))
    assert stage.foot("g") == ""


def test_edges_show_where_the_run_came_from() -> None:
    """Active into what executes, passed into what ran; an edge from what did not run is left alone."""
    stage = Stage(**GROUPED)
    stage.mock("z", 5)
    assert stage.flows() == [None, None, None]
    stage.mock("a", 0, "success")
    stage.mock("b", 1)
    assert stage.flows() == ["active", None, None]
    with stage.stores.batch():
        stage.mock("z", 5, "success")
        stage.mock("b", 1, "success")
    assert stage.flows() == ["passed", "passed", "passed"]
    stage.stores.front.set(None)
    assert stage.flows() == [None, None, None]
    assert stage.errors == []


def test_edges_that_end_at_a_group_follow_it() -> None:
    """Active while the group executes, passed after, whatever the depth of what runs in it; not before its source."""
    stage = Stage(
        nodes=[{"id": "s"}, {"id": "g"}, {"id": "h", "parent": "g"}, {"id": "a", "parent": "h"}, {"id": "z"}],
        edges=[{"source": "s", "target": "g"}, {"source": "g", "target": "z"}],
    )
    stage.stores.groups.set(("r", "g"), GroupState("executing", 0, 1))
    assert stage.flows() == [None, None], "nothing is known of where it came from"
    stage.mock("s", 0, "success")
    stage.mock("a", 1)
    assert stage.flows() == ["active", None]
    stage.stores.groups.set(("r", "g"), GroupState("success", 1, 1))
    stage.stores.groups.set(("back", "g"), GroupState("executing", 0, 1))
    assert stage.flows() == ["passed", None]
    stage.mock("z", 2)
    assert stage.flows() == ["passed", "active"]
    stage.stores.canvas.set(stage.stores.canvas.get() + 1)
    assert stage.flows() == ["passed", "active"], "drawn anew, the same"
    assert stage.errors == []


def test_groups_are_not_counted_as_nodes() -> None:
    """A group with events of its own: between nodes is when no node in it runs."""
    stage = Stage(**GROUPED)
    stage.mock("g", 0)
    assert stage.state() == ("between", "Between nodes · 0 done")
    stage.mock("a", 1)
    assert stage.state() == ("executing", "1 running · 0 done")
    stage.mock("a", 1, "success")
    stage.mock("g", 0, "success")
    assert stage.state() == ("between", "Between nodes · 1 done")


def test_following_what_is_folded_shows_its_group() -> None:
    """The middle is the folded group's, not that of a node nobody sees."""
    stage = Stage(**GROUPED)
    stage.stores.folded.set(frozenset({"g"}))
    stage.document.press(stage.region("canvas-bar").find("[data-bar=follow]"))
    stage.mock("b", 0)
    box = stage.canvas.boxes["g"]
    assert stage.viewport.wishes[-1] == ("center", box.x + box.width / 2, box.y + box.height / 2)


def test_the_bar_says_what_happens() -> None:
    """Nothing, running, between nodes, paused, over: in words and as data."""
    stage = Stage()
    assert stage.state() == ("between", "Between nodes · 0 done")
    stage.mock("n0")
    assert stage.state() == ("executing", "1 running · 0 done")
    stage.mock("n0", status="success")
    assert stage.state()[0] == "between"
    stage.stores.runs.set("r", RunRow("r", "paused"))
    assert stage.state() == ("paused", "Paused · 1 done")
    stage.stores.runs.set("r", RunRow("r", "success"))
    assert stage.state() == ("over", "1 done")
    stage.stores.runs.set("other", RunRow("other", "executing"))
    stage.stores.front.set(None)
    assert stage.state() == ("none", "")


def test_zoom_fit_and_follow_are_a_persons() -> None:
    """Nothing moves by itself; with the switch on, the newest executing node comes to the middle."""
    stage = Stage()
    wishes = stage.viewport.wishes
    assert [wish[0] for wish in wishes] == ["show"]
    bar = stage.region("canvas-bar")
    for name in ("in", "out", "fit"):
        stage.document.press(bar.find(f"[data-bar={name}]"))
    assert [wish[0] for wish in wishes[1:]] == ["zoom", "zoom", "fit"]
    stage.mock("n0")
    assert len(wishes) == 4
    follow = bar.find("[data-bar=follow]")
    stage.document.press(follow)
    assert follow.attributes["aria-pressed"] == "true"
    with stage.stores.batch():
        stage.mock("n2", 2)
        stage.mock("n1", 1)
    assert wishes[-1][0] == "center" and len(wishes) == 5
    stage.mock("nowhere", 9)
    stage.document.press(follow)
    stage.mock("n3", 10)
    assert len(wishes) == 5


def test_a_large_flow_has_a_map() -> None:
    """Statuses as on the canvas, of the run in front; a small flow has none."""
    stage = Stage()
    region = stage.region("minimap")
    assert region.hidden
    stage.flow(nodes=[{"id": f"n{number}"} for number in range(20)], edges=[])
    marks = region.find_all(".minimap-node")
    assert not region.hidden and len(marks) == 20
    stage.mock("n3", status="error")
    stage.mock("nowhere")
    statuses = [mark.getAttribute("data-status") for mark in region.find_all(".minimap-node")]
    assert statuses.count("error") == 1
    stage.stores.front.set("back")
    assert {mark.getAttribute("data-status") for mark in region.find_all(".minimap-node")} == {None}
    assert stage.errors == []


def test_a_very_large_flow_glows_without_moving() -> None:
    """More nodes than a person can follow do not pulse."""
    stage = Stage(nodes=[{"id": f"n{number}"} for number in range(301)], edges=[])
    assert stage.region("canvas").find(".world").classList.contains("many")
    stage.flow()
    assert not stage.region("canvas").find(".world").classList.contains("many")


def test_a_folded_group_has_its_state_on_the_map() -> None:
    """What is in it is not on the map; the group is, coloured as it stands."""
    nodes = [{"id": "g"}, *({"id": f"n{number}", "parent": "g"} for number in range(12))]
    stage = Stage(nodes=nodes, edges=[])
    region = stage.region("minimap")
    stage.mock("g", 0)
    stage.stores.groups.set(("r", "g"), GroupState("error", 12, 12, 1))
    stage.stores.groups.set(("back", "g"), GroupState("executing", 0, 12))
    stage.stores.folded.set(frozenset({"g"}))
    assert region.find_all(".minimap-node") == []
    assert [mark.getAttribute("data-status") for mark in region.find_all(".minimap-folded")] == ["error"]
    assert stage.errors == []


def test_a_group_folds_to_the_size_of_a_node() -> None:
    """What is in it stays in it, unseen; edges end at the group; a second press unfolds it."""
    stage = Stage(**GROUPED)
    canvas = stage.region("canvas")

    def group() -> FakeElement:
        return canvas.find("[data-node-id=g]")

    wide = group().style.properties["width"]
    stage.document.press(group().find("[data-fold]"))
    assert ("fold", ("g",)) in stage.commands.calls
    stage.stores.folded.set(frozenset({"g"}))
    assert group().classList.contains("folded")
    assert group().style.properties["width"] != wide
    assert [each.attributes["data-node-id"] for each in group().find_all("[data-node-id]")] == ["a", "b"]
    assert len(canvas.find_all(".edge")) == 2, "the edge inside the group is not drawn"
    assert group().find("[data-fold]").attributes["aria-expanded"] == "false"
    stage.stores.folded.set(frozenset())
    assert group().style.properties["width"] == wide
    assert stage.errors == []


def test_rows_of_other_flows_do_not_disturb() -> None:
    """A flow without anything has neither map nor edges."""
    stage = Stage()
    stage.stores.graph.set(None)
    stage.mock("n0")
    stage.stores.runs.set("r", replace(RunRow("r", "success")))
    assert Flow(id="x").nodes == []
    assert stage.errors == []
