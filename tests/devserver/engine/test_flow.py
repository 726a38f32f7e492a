"""What a flow is, and which graphs make no sense."""

from __future__ import annotations

from typing import Any

import pytest

from devserver.engine.flow import Edge, Flow, Node, Position
from devserver.engine.runs import RunHandle
from pyapp.contract.flow import Flow as PageFlow
from pyapp.contract.flow import FlowGraph


class Idle(Flow):
    async def run(self, run: RunHandle, input: Any) -> None: ...


def test_a_flow_is_told_as_the_page_reads_it() -> None:
    """The page's own model reads what the server tells, with type, group and place."""
    nodes = [Node("g", "x.Group"), Node("a", "x.y.Work", "A", position=Position(1, 2), parent="g")]
    page = PageFlow.model_validate(Idle("f", "F", nodes, [Edge("g", "a")]).json())
    nodes_by_id = FlowGraph(page).nodes
    node = nodes_by_id["a"]
    assert (page.id, page.name, node.type, node.title, node.parent) == ("f", "F", "Work", "A", "g")
    assert node.position is not None and (node.position.x, node.position.y) == (1, 2)
    assert nodes_by_id["g"].handle == "g" and nodes_by_id["g"].parent is None
    assert [(edge.source, edge.target) for edge in page.edges] == [("g", "a")]


@pytest.mark.parametrize(
    ("nodes", "edges", "words"),
    [
        ([Node("a", "x"), Node("a", "y")], [], "two nodes with the same id"),
        ([Node("a", "x")], [Edge("a", "b")], "names a node 'b'"),
        ([Node("a", "x", parent="g")], [], "names a node 'g'"),
        ([Node("a", "x", parent="b"), Node("b", "x", parent="a")], [], "contains itself"),
    ],
)
def test_a_graph_without_sense_is_refused_in_words(nodes: list[Node], edges: list[Edge], words: str) -> None:
    """The mistake shows when the flow is made, not when it runs."""
    with pytest.raises(ValueError, match=words):
        Idle("f", "F", nodes, edges)
