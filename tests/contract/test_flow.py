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
    assert {"x", "lost"} <= set(top)
    assert list(FlowGraph(FLOW).ancestors("y")) in ([], ["x"])


def test_titles_and_types() -> None:
    """A label before a handle before an id; the type is the path's last part."""
    nodes = FLOW.index()
    assert (nodes["b"].title, nodes["a"].title, nodes["x"].title) == ("l", "h", "x")
    assert (nodes["g"].type, nodes["x"].type) == ("Group", "")
