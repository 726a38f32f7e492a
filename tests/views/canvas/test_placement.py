from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.testing.flow import row_layout
from pyapp.views.canvas.placement import GAP, GROUP_HEAD, MARGIN, Placement


def graph(*nodes: dict[str, Any], edges: list[tuple[str, str]] | None = None) -> FlowGraph:
    pairs = [{"source": source, "target": target} for source, target in edges or []]
    return FlowGraph(Flow.model_validate({"id": "f", "nodes": list(nodes), "edges": pairs}))


def node(node_id: str, parent: str | None = None, at: tuple[float, float] | None = None) -> dict[str, Any]:
    position = None if at is None else {"x": at[0], "y": at[1]}
    return {"id": node_id, "parent": parent, "position": position}


def test_given_positions_are_kept_but_for_the_margin() -> None:
    """Distances stay; the whole is moved so that nothing is cut off."""
    boxes = Placement(graph(node("a", at=(-50, 10)), node("b", at=(250, 110))), row_layout).boxes
    assert (boxes["a"].x, boxes["a"].y) == (MARGIN, MARGIN)
    assert (boxes["b"].x - boxes["a"].x, boxes["b"].y - boxes["a"].y) == (300, 100)


def test_a_missing_position_hands_the_level_to_the_layout() -> None:
    """Edges are lifted to the level: what goes from inside a group goes from the group."""
    asked: list[list[tuple[str, str]]] = []

    def layout(sizes: dict[str, tuple[float, float]], edges: list[tuple[str, str]]) -> Any:
        asked.append(edges)
        return row_layout(sizes, edges)

    flow = graph(
        node("g"),
        node("in", "g", (0, 0)),
        node("out"),
        edges=[("in", "out"), ("in", "out"), ("in", "g"), ("out", "gone")],
    )
    placed = Placement(flow, layout)
    boxes, (width, height) = placed.boxes, placed.size
    assert asked == [[("g", "out")]]
    assert boxes["in"].y == GROUP_HEAD
    inside = placed.absolute("in")
    assert (inside.x, inside.y) == (boxes["g"].x + boxes["in"].x, boxes["g"].y + boxes["in"].y)
    assert width > boxes["out"].x + boxes["out"].width
    assert height > boxes["g"].height


def test_what_stands_behind_a_group_makes_room() -> None:
    """Given positions were drawn for a smaller group: the next column and the next row move, all alike."""
    flow = graph(
        node("g", at=(0, 0)),
        *(node(f"in{number}", "g", (number * 230, number * 100)) for number in range(3)),
        node("next", at=(300, 20)),
        node("after", at=(600, 900)),
        node("below", at=(10, 150)),
    )
    boxes = Placement(flow, row_layout).boxes
    assert boxes["next"].x == boxes["g"].x + boxes["g"].width + GAP
    assert boxes["below"].y == boxes["g"].y + boxes["g"].height + GAP
    assert boxes["after"].x - boxes["next"].x == 300, "columns keep their distance"
    folded = Placement(flow, row_layout, {"g"}).boxes
    assert folded["next"] == boxes["next"] and folded["below"] == boxes["below"], "folding moves nothing else"


def test_what_is_new_goes_on_the_way_of_what_stands() -> None:
    """Whatever way the layout would take now."""
    chain = [node("a", at=(0, 0)), node("b", at=(0, 100))]
    standing = Placement(graph(*chain, edges=[("a", "b")]), row_layout)
    grown = graph(*chain, node("c"), edges=[("a", "b"), ("b", "c")])
    boxes = Placement(grown, row_layout, standing=standing).boxes
    assert boxes["c"].x == boxes["b"].x and boxes["c"].y > boxes["b"].y
    alone = Placement(graph(chain[0]), row_layout)
    boxes = Placement(graph(chain[0], node("b"), edges=[("a", "b")]), row_layout, standing=alone).boxes
    assert boxes["b"].x > boxes["a"].x and boxes["b"].y == boxes["a"].y


def test_an_empty_flow_has_a_size() -> None:
    """Nothing to place is no error."""
    placed = Placement(graph(), row_layout)
    boxes, (width, height) = placed.boxes, placed.size
    assert boxes == {} and width > 0 and height > 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 9)), max_size=10))
def test_children_are_inside_their_group(pairs: list[tuple[int, int]]) -> None:
    """Whatever the tree, circles included: every node has a box, and no child leaves its group's."""
    flow = graph(*(node(f"n{index}", None if parent < 0 else f"n{parent}") for index, parent in pairs))
    placed = Placement(flow, row_layout)
    boxes, (width, height) = placed.boxes, placed.size
    assert set(boxes) == set(flow.nodes)
    for node_id, box in boxes.items():
        parent = flow.parent(node_id)
        room = (boxes[parent].width, boxes[parent].height) if parent is not None else (width, height)
        assert box.x >= 0 and box.y >= 0
        assert box.x + box.width <= room[0] and box.y + box.height <= room[1]
