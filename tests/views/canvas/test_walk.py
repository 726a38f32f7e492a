from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.testing.flow import FLOW, row_layout
from pyapp.views.canvas.placement import Placement
from pyapp.views.canvas.walk import ARROWS, walk
from tests.views.canvas.stage import GROUPED

IDS = st.sampled_from("abcdef")
EDGES = st.lists(st.tuples(IDS, IDS), max_size=12)


def placed(flow: dict[str, Any], folded: frozenset[str] = frozenset()) -> Placement:
    return Placement(FlowGraph(Flow.model_validate({"id": "f", **flow})), row_layout, folded)


def test_right_follows_an_edge_and_left_goes_back() -> None:
    row = placed(FLOW)
    assert walk(row, "n0", "ArrowRight") == "n1" and walk(row, "n1", "ArrowLeft") == "n0"
    assert walk(row, "n3", "ArrowRight") is None and walk(row, "n0", "ArrowLeft") is None
    assert (walk(row, "n1", "Home"), walk(row, "n1", "End")) == ("n0", "n3")


def test_right_leads_on_out_of_a_loop() -> None:
    """Not back along the edge that closes it."""
    back = [{"source": "n2", "target": "n0"}, {"source": "n3", "target": "n3"}]
    row = placed({**FLOW, "edges": [*FLOW["edges"], *back]})
    assert walk(row, "n2", "ArrowRight") == "n3" and walk(row, "n3", "ArrowRight") is None
    assert walk(row, "n0", "ArrowLeft") is None


def test_a_group_is_entered_and_left() -> None:
    """From the group to its first node, from its last node on along the group's edge; folded it is one node."""
    grouped = placed(GROUPED)
    assert walk(grouped, "g", "ArrowRight") == "a"
    assert walk(grouped, "a", "ArrowLeft") == "g" and walk(grouped, "a", "ArrowRight") == "b"
    assert walk(grouped, "b", "ArrowRight") == "z"
    folded = placed(GROUPED, frozenset({"g"}))
    assert walk(folded, "g", "ArrowRight") == "z" and walk(folded, "z", "ArrowLeft") == "g"


@given(EDGES, st.dictionaries(IDS, IDS, max_size=4), st.frozensets(IDS, max_size=2))
def test_every_node_is_reached_and_none_that_is_hidden(
    edges: list[tuple[str, str]], parents: dict[str, str], folded: frozenset[str]
) -> None:
    """Whatever the flow: from anywhere, arrows lead to each node that is seen, and nowhere else."""
    nodes = [{"id": each, "parent": parents.get(each)} for each in "abcdef"]
    flow = placed({"nodes": nodes, "edges": [{"source": a, "target": b} for a, b in edges]}, folded)
    seen = {each for each in flow.boxes if flow.visible(each) == each}
    for start in seen:
        reached, ahead = {start}, [start]
        while ahead:
            now = ahead.pop()
            steps = {walk(flow, now, key) for key in (*ARROWS, "Home")}
            ahead += [each for each in steps if each is not None and each not in reached]
            reached |= {each for each in steps if each is not None}
        assert reached == seen
