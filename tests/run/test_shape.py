from __future__ import annotations

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.run.shape import NoShape, Shape


def test_nothing_is_known_of_no_flow() -> None:
    shape: Shape = NoShape()
    assert (shape.parent("n"), shape.children("n"), shape.children(None), shape.groups()) == (None, (), (), ())


def test_a_graph_of_a_flow_is_a_shape() -> None:
    """What the fold asks is what a flow answers."""
    nodes = [{"id": "g", "handle": "g", "path": "x.G"}, {"id": "n", "handle": "n", "path": "x.N", "parent": "g"}]
    shape: Shape = FlowGraph(Flow.model_validate({"id": "f", "nodes": nodes}))
    assert (shape.parent("n"), shape.parent("g"), list(shape.children("g")), list(shape.groups())) == (
        "g",
        None,
        ["n"],
        ["g"],
    )
