from __future__ import annotations

from typing import Any

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.testing.dom import FakeElement
from pyapp.testing.flow import row_layout
from pyapp.views.canvas.growing import can_grow
from pyapp.views.canvas.placement import Placement
from tests.views.canvas.stage import Stage

Json = dict[str, Any]
CHAIN: Json = {"unfolds": True, "nodes": [{"id": "a"}, {"id": "b"}], "edges": [{"source": "a", "target": "b"}]}


def stage(**flow: Any) -> Stage:
    made = Stage(**{**CHAIN, **flow})
    made.paint()
    return made


def more(*nodes: Json, edges: list[Json] | None = None) -> Json:
    return {**CHAIN, "nodes": [*CHAIN["nodes"], *nodes], "edges": [*CHAIN["edges"], *(edges or [])]}


def element(made: Stage, node_id: str) -> FakeElement:
    return made.region("canvas").find(f"[data-node-id={node_id}]")


def place(made: Stage, node_id: str) -> tuple[str, str]:
    at = element(made, node_id).style.properties
    return at["left"], at["top"]


def test_what_stands_stays_the_same_element_in_the_same_place() -> None:
    """The classes of what executes, what it says, and the window onto it stay."""
    made = stage()
    before = {each: (element(made, each), place(made, each)) for each in "ab"}
    made.flow(**more({"id": "c"}, edges=[{"source": "b", "target": "c"}]))
    made.paint()
    assert {each: (element(made, each), place(made, each)) for each in "ab"} == before
    assert element(made, "c").attributes["data-grown"] == "new"
    assert [wish[0] for wish in made.viewport.wishes] == ["show", "grow"]
    assert len(made.region("canvas").find_all(".edge")) == 2 and len(made.region("canvas").find_all(".edges")) == 1
    assert made.errors == []


def test_a_node_that_becomes_a_group_is_made_anew_with_what_is_in_it() -> None:
    made = stage()
    other, drawn = element(made, "a"), made.drawn
    made.flow(**more({"id": "c", "parent": "b"}))
    made.paint()
    group = element(made, "b")
    assert group.classList.contains("group") and group.attributes["data-grown"] == "again"
    assert group.find("[data-node-id=c]") is element(made, "c") and element(made, "a") is other
    assert made.drawn == drawn + 1, "who paints on nodes does so anew"
    made.flow(**more({"id": "c", "parent": "b"}, {"id": "d", "parent": "b"}))
    made.paint()
    assert element(made, "b") is group and group.find("[data-node-id=d]") is element(made, "d")


def test_a_name_that_is_learnt_is_shown() -> None:
    made = stage()
    made.flow(**{**CHAIN, "nodes": [{"id": "a", "label": "Desk"}, {"id": "b"}]})
    made.paint()
    assert element(made, "a").textContent.startswith("Desk")


def test_the_node_that_tab_reaches_keeps_the_focus() -> None:
    made = stage()
    element(made, "a").focus()
    made.flow(**more({"id": "c", "parent": "a"}))
    made.paint()
    assert element(made, "a").focused and element(made, "a").attributes["tabindex"] == "0"


def test_when_a_graph_is_more_of_what_is_drawn() -> None:
    def graph(*nodes: tuple[str, str | None], unfolds: bool = True, name: str = "f") -> FlowGraph:
        listed = [{"id": each, "parent": parent} for each, parent in nodes]
        return FlowGraph(Flow.model_validate({"id": name, "unfolds": unfolds, "nodes": listed}))

    drawn = Placement(graph(("a", None), ("b", None)), row_layout)
    more_of_it = graph(("b", None), ("a", None), ("c", "a"))
    assert can_grow(drawn, more_of_it, frozenset())
    assert not can_grow(None, more_of_it, frozenset()) and not can_grow(drawn, None, frozenset())
    assert not can_grow(drawn, more_of_it, frozenset("a")), "what is folded is drawn anew"
    for other in (
        graph(("a", None), ("c", None)), graph(("a", None), ("b", "a")), graph(("a", None), ("b", None), name="g"),
        graph(("a", None), ("b", None), unfolds=False),
    ):  # fmt: skip
        assert not can_grow(drawn, other, frozenset())
