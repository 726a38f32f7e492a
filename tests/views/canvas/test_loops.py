from __future__ import annotations

import re

from pyapp.contract.flow import Flow, FlowGraph
from pyapp.ports import Box
from pyapp.testing.flow import row_layout
from pyapp.views.canvas.loops import Lanes, ways_back
from pyapp.views.canvas.placement import Placement


def at(x: float, y: float = 0.0) -> Box:
    return Box(x, y, 100.0, 50.0)


def places(line: str) -> list[tuple[float, float]]:
    numbers = [float(each) for each in re.findall(r"-?[\d.]+", line)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_it_goes_round_what_stands_between() -> None:
    """From below to below; deeper where something stands there, and beside where the flow runs down."""
    plain = places(Lanes(down=False).way(at(300), at(0), [at(150)]))
    assert plain[0] == (350.0, 50.0) and (50.0, 50.0) in plain
    assert max(y for _, y in plain) == 64.0
    deep = places(Lanes(down=False).way(at(300), at(0), [at(150, 40), at(150, 400)]))
    assert max(y for _, y in deep) == 104.0
    beside = places(Lanes(down=True).way(at(0, 300), at(0, 0), [at(0, 150)]))
    assert beside[0] == (100.0, 325.0) and max(x for x, _ in beside) == 114.0


def test_two_that_go_back_have_a_lane_each() -> None:
    lanes = Lanes(down=False)
    inner, outer = places(lanes.way(at(300), at(150), [])), places(lanes.way(at(450), at(0), []))
    assert max(y for _, y in outer) >= max(y for _, y in inner) + 10


def test_a_node_that_follows_itself_has_a_line_too() -> None:
    line = places(Lanes(down=False).way(at(0), at(0), []))
    assert line[0] == (75.0, 50.0) and (25.0, 50.0) in line


def placed(*edges: tuple[str, str], folded: frozenset[str] = frozenset()) -> Placement:
    nodes = [{"id": "a"}, {"id": "g"}, {"id": "b", "parent": "g"}, {"id": "c", "parent": "g"}, {"id": "d"}]
    flow = {"id": "f", "nodes": nodes, "edges": [{"source": source, "target": target} for source, target in edges]}
    return Placement(FlowGraph(Flow.model_validate(flow)), row_layout, folded)


def test_of_a_flow_each_edge_that_goes_back_has_a_way() -> None:
    """Also out of a group that is folded; not what is hidden in it, nor from a node to the group it is in."""
    edges = (("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "a"))
    assert set(ways_back(placed(*edges), down=False)) == {("c", "b"), ("d", "a")}
    assert set(ways_back(placed(*edges, folded=frozenset({"g"})), down=False)) == {("d", "a")}
    assert ways_back(placed(("g", "b"), ("b", "g")), down=False) == {}
    assert set(ways_back(placed(("c", "c")), down=False)) == {("c", "c")}
    assert ways_back(placed(("c", "c"), folded=frozenset({"g"})), down=False) == {}


def test_what_stands_ahead_is_reached_as_ever() -> None:
    """Where somebody drew the flow from right to left, what goes back goes with the eye."""
    assert ways_back(placed(("d", "a"), ("a", "d")), down=False) == {}
