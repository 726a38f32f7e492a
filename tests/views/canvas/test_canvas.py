from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.ports import Box
from pyapp.testing.dom import FakeElement
from pyapp.testing.flow import FLOW
from pyapp.views.canvas.canvas import CanvasView
from pyapp.views.canvas.placing import AT_ONCE
from pyapp.views.canvas.sheets import SHEET
from tests.views.canvas.stage import GROUPED, Stage
from tests.views.support import Gallery

NESTED = [
    {"id": "g", "path": "x.Group", "label": "Group"},
    {"id": "a", "path": "x.SearchAgent", "handle": "finder", "parent": "g"},
    {"id": "b", "path": "x.Thing", "parent": "g"},
    {"id": "c", "path": "x.Write"},
]
EDGES = [{"source": "a", "target": "b"}, {"source": "b", "target": "c"}, {"source": "c", "target": "nowhere"}]


def test_each_node_is_one_element_with_its_name() -> None:
    """One element an id, with type, label and a place for badges; then the handlers are asked to paint."""
    gallery = Gallery()
    gallery.show(CanvasView)
    assert "Loading the flow" in gallery.region("canvas").textContent
    gallery.flow()
    canvas = gallery.region("canvas")
    assert [each.attributes["data-node-id"] for each in canvas.find_all("[data-node-id]")] == ["n0", "n1", "n2", "n3"]
    node = canvas.find("[data-node-id=n0]")
    assert node.textContent == "node 0" and "Step" in node.attributes["aria-label"]
    assert node.attributes["tabindex"] == "0"
    assert gallery.document.part("n0", "badges") is not None
    assert gallery.drawn == 1
    gallery.flow(nodes=[], edges=[])
    assert "no nodes" in canvas.textContent


def test_groups_contain_their_nodes() -> None:
    """A child's element is inside its group's; edges to nowhere are left out."""
    gallery = Gallery()
    gallery.show(CanvasView)
    gallery.flow(nodes=NESTED, edges=EDGES)
    canvas = gallery.region("canvas")
    group = canvas.find("[data-node-id=g]")
    assert group.classList.contains("group")
    assert {each.attributes["data-node-id"] for each in group.find_all("[data-node-id]")} == {"a", "b"}
    assert len(canvas.find_all(".edge")) == 2
    assert gallery.errors == []


def test_a_click_or_a_key_chooses_a_node() -> None:
    """Enter and space do as a click; the chosen node is marked, also on a canvas drawn anew."""
    gallery = Gallery()
    gallery.show(CanvasView)
    gallery.flow()
    canvas = gallery.region("canvas")
    node = canvas.find("[data-node-id=n1]")
    gallery.press(node.find(".node-title"))
    gallery.document.fire("keydown", node, key="Enter")
    gallery.document.fire("keydown", node, key="x")
    gallery.paint()
    assert gallery.commands.calls == [("choose_node", ("n1",))] * 2
    gallery.stores.selected.set("n1")
    gallery.paint()
    assert node.classList.contains("selected")
    gallery.stores.selected.set("n2")
    gallery.paint()
    assert not node.classList.contains("selected")
    gallery.flow(name="again")
    assert canvas.find("[data-node-id=n2]").classList.contains("selected")
    gallery.stores.selected.set(None)
    gallery.paint()
    assert canvas.find_all(".selected") == []


def test_without_a_flow_it_says_what_became_of_it() -> None:
    """On its way; not to be had, as long as the notice says so; then there."""
    gallery = Gallery()
    gallery.show(CanvasView)
    canvas = gallery.region("canvas")
    gallery.stores.notices.alert("choice", "The flow could not be loaded.")
    gallery.paint()
    assert "could not be loaded yet" in canvas.textContent
    gallery.stores.notices.delete("choice")
    gallery.paint()
    assert "Loading the flow" in canvas.textContent
    gallery.flow()
    gallery.stores.notices.alert("choice", "Too late.")
    gallery.paint()
    assert len(canvas.find_all("[data-node-id]")) == 4
    assert gallery.errors == []


def test_the_focus_stays_on_the_group_that_folds() -> None:
    """The canvas is drawn anew; whoever folds by keyboard can unfold at once."""
    gallery = Gallery()
    gallery.show(CanvasView)
    gallery.flow(nodes=NESTED, edges=EDGES)
    canvas = gallery.region("canvas")
    gallery.press(canvas.find("[data-fold]"))
    gallery.stores.folded.set(frozenset({"g"}))
    gallery.paint()
    assert canvas.find("[data-node-id=g]").focused
    gallery.stores.folded.set(frozenset())
    gallery.paint()
    assert not canvas.find("[data-node-id=g]").focused, "nobody pressed it"


def low_layout(sizes: dict[str, tuple[float, float]], edges: Any) -> dict[str, Box]:
    """Groups end at one line, so that one that folds comes down."""
    return {name: Box(0.0, 500.0 - size[1] if name == "g" else 0.0, *size) for name, size in sizes.items()}


def test_what_is_folded_stays_where_it_is_on_the_screen() -> None:
    """The window is told how far the group has moved in the world; of nothing else."""
    gallery = Gallery()
    gallery.context.platform = replace(gallery.context.platform, layout=low_layout)
    view = gallery.show(CanvasView)
    gallery.flow(nodes=NESTED, edges=[])
    before = view.placed
    gallery.press(gallery.region("canvas").find("[data-fold]"))
    gallery.stores.folded.set(frozenset({"g"}))
    gallery.paint()
    assert before is not None and view.placed is not None
    down = view.placed.absolute("g").y - before.absolute("g").y
    right = view.placed.absolute("g").x - before.absolute("g").x
    assert down != 0 and list(gallery.viewport.wishes[-1])[3:] == [right, down]
    gallery.stores.folded.set(frozenset())
    gallery.paint()
    assert list(gallery.viewport.wishes[-1])[3:] == [], "nobody pressed it"


def test_a_closed_view_draws_no_more() -> None:
    """No listener is left."""
    gallery = Gallery()
    view = gallery.show(CanvasView)
    view.close()
    gallery.flow()
    assert gallery.document.listeners == 0
    assert gallery.region("canvas").find_all("[data-node-id]") == []


def test_a_group_folds_to_the_size_of_a_node() -> None:
    """What is in it stays in it, unseen; edges end at the group; a second press unfolds it."""
    stage = Stage(**GROUPED)
    canvas = stage.region("canvas")

    def group() -> FakeElement:
        return canvas.find("[data-node-id=g]")

    wide = group().style.properties["width"]
    stage.press(group().find("[data-fold]"))
    assert ("fold", ("g",)) in stage.commands.calls
    stage.stores.folded.set(frozenset({"g"}))
    stage.paint()
    assert group().classList.contains("folded")
    assert group().style.properties["width"] != wide
    assert [each.attributes["data-node-id"] for each in group().find_all("[data-node-id]")] == ["a", "b"]
    assert len(canvas.find_all(".edge")) == 2, "the edge inside the group is not drawn"
    assert group().find("[data-fold]").attributes["aria-expanded"] == "false"
    stage.stores.folded.set(frozenset())
    stage.paint()
    assert group().style.properties["width"] == wide
    assert stage.errors == []


def test_a_flow_is_told_once_when_it_is_drawn() -> None:
    """What watches the canvas for nodes of somebody else does not hear of the page's own."""
    gallery = Gallery()
    gallery.show(CanvasView)
    gallery.flow()
    assert gallery.drawn == 1
    gallery.stores.graph.set(None)
    assert gallery.drawn == 2, "its nodes are gone, too"
    gallery.flow()
    assert gallery.drawn == 3
    gallery.document.add_nodes("x")
    assert gallery.drawn == 4


def test_nodes_of_somebody_else_stay() -> None:
    """Without a flow of its own, the page empties nothing and says nothing beside them; a flow takes their place."""
    gallery = Gallery()
    gallery.show(CanvasView)
    canvas = gallery.region("canvas")
    gallery.document.add_nodes("x", "y")
    gallery.stores.notices.alert("other", "Something.")
    gallery.paint()
    assert [each.attributes["data-node-id"] for each in canvas.children] == ["x", "y"]
    gallery.stores.notices.alert("choice", "The flow could not be loaded.")
    gallery.paint()
    assert len(canvas.find_all("[data-node-id]")) == 2
    gallery.flow()
    assert gallery.document.node("x") is None and gallery.document.node("n0") is not None
    assert gallery.errors == []


def test_the_canvas_is_one_stop_of_tab() -> None:
    """The node that had the focus last, also on a canvas drawn anew; arrows walk, and other keys are not ours."""
    gallery = Gallery()
    gallery.show(CanvasView)
    gallery.flow()
    canvas = gallery.region("canvas")

    def stops() -> list[str]:
        return [each.attributes["data-node-id"] for each in canvas.find_all("[tabindex=0]")]

    assert stops() == ["n0"]
    assert gallery.document.fire("keydown", canvas.find("[data-node-id=n0]"), key="ArrowRight")
    assert canvas.find("[data-node-id=n1]").focused
    gallery.document.fire("focusin", canvas.find("[data-node-id=n1]"))
    assert stops() == ["n1"]
    assert not gallery.document.fire("keydown", canvas.find("[data-node-id=n1]"), key="x")
    gallery.flow(name="again")
    assert stops() == ["n1"]
    gallery.flow(nodes=NESTED, edges=EDGES)
    assert stops() == ["g"]
    assert gallery.errors == []


def test_enter_opens_a_folded_group() -> None:
    stage = Stage(**GROUPED)
    stage.stores.folded.set(frozenset({"g"}))
    stage.paint()
    stage.document.fire("keydown", stage.region("canvas").find("[data-node-id=g]"), key="Enter")
    stage.document.fire("keydown", stage.region("canvas").find("[data-node-id=g]"), key="-")
    assert stage.commands.calls == [("fold", ("g",))], "it is folded already"
    stage.document.fire("keydown", stage.region("canvas").find("[data-node-id=g]"), key="+")
    assert stage.commands.calls == [("fold", ("g",))] * 2


def test_an_edge_that_closes_a_loop_is_marked_and_goes_round() -> None:
    """A node that follows itself has one too."""
    gallery = Gallery()
    gallery.show(CanvasView)
    back = [{"source": "n2", "target": "n0"}, {"source": "n3", "target": "n3"}]
    gallery.flow(**{**FLOW, "edges": [*FLOW["edges"], *back]})
    edges = gallery.document.region("canvas").find_all(".edge")
    ways = [edge.attributes.get("data-way") for edge in edges]
    assert ways == [None, None, None, "back", "back"] and gallery.errors == []
    assert all("Q" in edge.attributes["d"] for edge in edges[3:])


LARGE: dict[str, Any] = {
    "id": "large",
    "nodes": [{"id": f"n{each}", "position": {"x": each * 300.0, "y": 0.0}} for each in range(AT_ONCE * 4)],
    "edges": [{"source": f"n{each}", "target": f"n{each + 1}"} for each in range(AT_ONCE * 4 - 1)],
}


def test_a_large_flow_comes_in_several_frames() -> None:
    """The first nodes at once, the rest while a person can act; then states are painted, once, on all of it."""
    gallery = Gallery()
    gallery.show(CanvasView)
    gallery.clock.tick_s = 0.004
    gallery.stores.graph.set(FlowGraph(Flow.model_validate(LARGE)))
    gallery.stores.selected.set(f"n{AT_ONCE * 3}")
    seen = []
    while gallery.frames.paint():
        nodes = gallery.document.region("canvas").find_all("[data-node-id]")
        seen.append((len(nodes), gallery.stores.canvas.get()))
    assert AT_ONCE <= seen[0][0] <= AT_ONCE * 2 and seen[0][1] == 0, "nothing is painted on a part of it"
    assert seen[-1] == (AT_ONCE * 4, 1)
    steps = [after - before for (before, _), (after, _) in pairwise(seen)]
    assert max(steps) < AT_ONCE, "no frame draws all of the rest"
    canvas = gallery.region("canvas")
    assert len(canvas.find_all(".edge")) == AT_ONCE * 4 - 1
    assert canvas.find(f"[data-node-id=n{AT_ONCE * 3}]").classList.contains("selected")
    *drawn, last = canvas.find(".world").children
    in_order = [node.attributes["data-node-id"] for sheet in drawn for node in sheet.children]
    assert in_order == [each["id"] for each in LARGE["nodes"]]
    assert {len(sheet.children) for sheet in drawn} == {SHEET}, "where one changes, the others of its sheet are painted"
    assert last.classList.contains("edges"), "no node lies over some edges only"
    assert gallery.errors == []


def test_another_flow_ends_what_was_still_to_come() -> None:
    """Chosen in the middle of a large one: nothing of that comes any more."""
    gallery = Gallery()
    gallery.show(CanvasView)
    gallery.clock.tick_s = 0.004
    gallery.stores.graph.set(FlowGraph(Flow.model_validate(LARGE)))
    gallery.frames.paint()
    gallery.frames.paint()
    gallery.flow()
    assert len(gallery.region("canvas").find_all("[data-node-id]")) == 4
    assert len(gallery.region("canvas").find_all(".edge")) == 3
    assert gallery.errors == []
