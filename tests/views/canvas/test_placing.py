from __future__ import annotations

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.testing.flow import row_layout
from pyapp.views.canvas.placing import AT_ONCE, Placing


def graph(nodes: int) -> FlowGraph:
    return FlowGraph(Flow.model_validate({"id": "f", "nodes": [{"id": f"n{number}"} for number in range(nodes)]}))


def test_a_small_flow_is_placed_at_once() -> None:
    placed = Placing(row_layout).place(graph(AT_ONCE), frozenset())
    assert placed is not None and len(placed.boxes) == AT_ONCE


def test_a_large_flow_is_placed_when_it_is_first_asked_for_and_there_the_second_time() -> None:
    placing, large = Placing(row_layout), graph(AT_ONCE + 1)
    assert placing.place(large, frozenset()) is None
    placed = placing.place(large, frozenset())
    assert placed is not None and placed.graph is large and len(placed.boxes) == AT_ONCE + 1


def test_another_flow_or_another_fold_is_placed_anew() -> None:
    placing, large, other = Placing(row_layout), graph(AT_ONCE + 1), graph(AT_ONCE + 2)
    assert placing.place(large, frozenset()) is None
    assert placing.place(other, frozenset()) is None
    assert placing.place(other, frozenset({"n1"})) is None
    placed = placing.place(other, frozenset({"n1"}))
    assert placed is not None and placed.graph is other and placed.folded == {"n1"}
