from __future__ import annotations

from pyapp.contract.flow import Flow, FlowGraph

FLOW = Flow.model_validate(
    {
        "id": "f",
        "nodes": [
            {"id": "g", "path": "a.b.Group"},
            {"id": "a", "handle": "h", "parent": "g"},
            {"id": "b", "label": "l", "handle": "h", "parent": "g", "extra": 1},
            {"id": "a", "handle": "second"},
            {"id": "x", "parent": "y"},
            {"id": "y", "parent": "x"},
            {"id": "lost", "parent": "nowhere"},
        ],
        "edges": [],
    }
)


def test_a_graph_answers_about_its_nodes() -> None:
    """Look-ups by id, parents, children, ancestors, groups; the first of two equal ids counts."""
    graph = FlowGraph(FLOW)
    assert graph.nodes["a"].handle == "h"
    assert graph.node("zzz") is None
    assert graph.children("g") == ["a", "b"]
    assert graph.parent("a") == "g"
    assert list(graph.ancestors("a")) == ["g"]
    assert graph.is_group("g") and not graph.is_group("a")


def test_circles_and_lost_parents_are_cut() -> None:
    """A node whose parent is missing, or is inside itself, stands at the top."""
    top = FlowGraph(FLOW).children(None)
    assert "lost" in top
    assert len({"x", "y"} & set(top)) == 1, "the circle is cut in one place"


def test_ten_thousand_nodes_inside_one_another_are_read_at_once() -> None:
    """Each node is passed once: a deep flow of a hostile server takes no minutes."""
    nodes = [{"id": str(each), "parent": str(each + 1)} for each in range(10_000)]
    graph = FlowGraph(Flow.model_validate({"id": "f", "nodes": nodes}))
    assert graph.children(None) == ["9999"]
    assert sum(1 for _ in graph.ancestors("0")) == 9_999


def test_what_cannot_be_read_loses_only_itself() -> None:
    """A node without an id and an edge without an end are left out; a place beyond all bounds is no place."""
    flow = Flow.model_validate(
        {
            "id": "f",
            "nodes": [{"handle": "h"}, {"id": "n", "position": {"x": float("nan"), "y": 0}, "label": 7}],
            "edges": [{"source": "n"}, {"source": "n", "target": "m"}],
            "input_schema": [{"name": "q", "type": "str"}, {"type": "str"}],
        }
    )
    assert [(node.id, node.position, node.label) for node in flow.nodes] == [("n", None, None)]
    assert [edge.target for edge in flow.edges] == ["m"]
    assert flow.input_schema is not None and [field.name for field in flow.input_schema] == ["q"]


def test_a_text_that_is_none_loses_no_node() -> None:
    nodes = [{"id": "a", "handle": None, "path": None, "parent": ""}, {"id": "b", "handle": 7, "path": "x.Agent"}]
    flow = Flow.model_validate({"id": "f", "name": None, "nodes": nodes})
    assert (flow.name, [(each.title, each.type) for each in flow.nodes]) == ("", [("a", ""), ("b", "Agent")])
    assert FlowGraph(flow).children(None) == ["a", "b"]


def test_titles_and_types() -> None:
    """A label before a handle before an id; the type is the path's last part."""
    nodes = FlowGraph(FLOW).nodes
    assert (nodes["b"].title, nodes["a"].title, nodes["x"].title) == ("l", "h", "x")
    assert (nodes["g"].type, nodes["x"].type) == ("Group", "")
