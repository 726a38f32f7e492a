"""Loops: the way of each edge that goes back, round the boxes between its ends. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ...ports import Box
from .curves import is_ahead
from .cycles import Edge
from .placement import Placement

CLEAR = 14.0
"""How far a line that goes back stays from what it goes round."""
MOST = 50
"""So many lines go round, the shortest first: each looks at every box. Others cross what is between their ends."""
BEND = 10.0
ARROW = 5.0


def ways_back(placed: Placement, *, down: bool) -> dict[Edge, str]:
    """The lines of the edges that go back, where they do so on the canvas too; the shortest next to the nodes."""
    graph = placed.graph
    ends = {
        edge: (placed.absolute(placed.visible(edge[0])), placed.absolute(placed.visible(edge[1])))
        for edge in placed.back
        if set(edge) <= placed.boxes.keys()
    }
    lanes, found = Lanes(down=down), {}
    for (source, target), (begin, end) in sorted(ends.items(), key=lambda each: _apart(*each[1]))[:MOST]:
        above = {*graph.ancestors(source), *graph.ancestors(target)}
        hidden = begin == end and (source != target or placed.visible(source) != source)
        if hidden or source in above or target in above or is_ahead(begin, end, down=down):
            continue
        around = [
            placed.absolute(each) for each in placed.boxes
            if each not in above and each not in (source, target) and placed.visible(each) == each
        ]  # fmt: skip
        found[source, target] = lanes.way(begin, end, around)
    return found


def _apart(begin: Box, end: Box) -> float:
    return abs(begin.x - end.x) + abs(begin.y - end.y)


class Lanes:
    """Owns the lanes in which lines go back: below what stands between, or beside it where the flow runs down."""

    def __init__(self, *, down: bool) -> None:
        self._down = down
        self._taken: list[Box] = []

    def way(self, source: Box, target: Box, others: Sequence[Box]) -> str:
        """The line from one box back to another, or to itself, with a tip; `others` are not to be crossed."""
        turn = _turned if self._down else _same
        begin, end = turn(source), turn(target)
        lane = self._free(begin, end, [turn(each) for each in (*others, *self._taken)])
        x1, x2 = begin.x + begin.width / 2, end.x + end.width / 2
        if source == target:
            x1, x2 = x1 + begin.width / 4, x2 - begin.width / 4
        self._taken.append(turn(Box(min(x1, x2), lane - 1, abs(x1 - x2), 2)))
        return self._line((x1, begin.y + begin.height), (x2, end.y + end.height), lane)

    def _free(self, begin: Box, end: Box, others: Sequence[Box]) -> float:
        """Where a lane between two boxes meets nothing."""
        left, right = min(begin.x, end.x), max(begin.x + begin.width, end.x + end.width)
        between = sorted((each for each in others if each.x < right and each.x + each.width > left), key=_bottom)
        lane = max(_bottom(begin), _bottom(end)) + CLEAR
        for each in between:
            if each.y - CLEAR / 2 < lane < _bottom(each) + CLEAR / 2:
                lane = _bottom(each) + CLEAR
        return lane

    def _line(self, begin: tuple[float, float], end: tuple[float, float], lane: float) -> str:
        x1, (x2, y2) = begin[0], end
        bend = min(BEND, abs(x1 - x2) / 2) * (1 if x2 < x1 else -1)
        places = [
            begin, (x1, lane - BEND), (x1, lane), (x1 - bend, lane),
            (x2 + bend, lane), (x2, lane), (x2, lane - BEND), end,
            (x2 - ARROW, y2 + ARROW), end, (x2 + ARROW, y2 + ARROW),
        ]  # fmt: skip
        said = [f"{y:.1f} {x:.1f}" if self._down else f"{x:.1f} {y:.1f}" for x, y in places]
        return "M{} L{} Q{} {} L{} Q{} {} L{} M{} L{} L{}".format(*said)


def _bottom(box: Box) -> float:
    return box.y + box.height


def _same(box: Box) -> Box:
    return box


def _turned(box: Box) -> Box:
    """Across for down: what is to the right of it counts as below."""
    return Box(box.y, box.x, box.height, box.width)
