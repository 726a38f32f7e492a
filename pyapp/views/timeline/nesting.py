"""Nesting: which bar each bar stands in. Pure; whatever the order in which bars come, the answer is the same.

A bar in a node stands in that execution of it which began last before the bar did, else in the first one; where the
node has no bar at all, in the run's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from .bars import RUN, Bar

Place = tuple[float, int, str]
"""When a bar began, its order and its key: what the bars of a node are sorted by."""
LAST = 1 << 62


class Nesting:
    """Owns where every bar stands. The work of a change is that of the bars which stand elsewhere from then on."""

    def __init__(self) -> None:
        self._bars: dict[str, Bar] = {}
        self._holders: dict[str, list[Place]] = {}
        """node → its executions, or its one bar as a group; tools hold nothing."""
        self._inside: dict[str, list[Place]] = {}
        """node → what stands in it."""

    def put(self, bar: Bar) -> Iterator[str]:
        """A bar is new, or another than before; the keys of those that stand elsewhere now, its own among them."""
        before = self._bars.get(bar.key)
        if before is not None:
            if _place(before) == _place(bar) and (before.inside, before.node_id) == (bar.inside, bar.node_id):
                self._bars[bar.key] = bar
                return
            yield from self.drop(bar.key)
        self._bars[bar.key] = bar
        insort(self._inside.setdefault(bar.inside, []), _place(bar))
        yield bar.key
        if holds(bar):
            insort(self._holders.setdefault(bar.node_id, []), _place(bar))
            yield from self._reached(bar)

    def drop(self, key: str) -> Iterator[str]:
        """A bar is gone; the keys of those that stood in it."""
        bar = self._bars.pop(key, None)
        if bar is None:
            return
        _take(self._inside, bar.inside, _place(bar))
        if holds(bar):
            stood = list(self._reached(bar))
            _take(self._holders, bar.node_id, _place(bar))
            yield from stood

    def parent(self, key: str) -> str | None:
        """The bar it stands in; None for the run's own."""
        bar = self._bars[key]
        if bar.key == RUN:
            return None
        holders = self._holders.get(bar.inside)
        if not holders:
            return RUN
        return holders[max(0, bisect_right(holders, (bar.since, LAST, "")) - 1)][2]

    def clear(self) -> None:
        self._bars.clear()
        self._holders.clear()
        self._inside.clear()

    def _reached(self, bar: Bar) -> Iterator[str]:
        """What stands in it: what began with it or later, before the next of its node; all before, in the first."""
        inside, holders = self._inside.get(bar.node_id), self._holders[bar.node_id]
        if not inside:
            return
        place = bisect_left(holders, _place(bar))
        first = bisect_left(inside, (holders[place][0],)) if place else 0
        last = bisect_left(inside, (holders[place + 1][0],)) if place + 1 < len(holders) else len(inside)
        for _, _, key in inside[first:last]:
            yield key


def holds(bar: Bar) -> bool:
    """Whether others can stand in it."""
    return bar.kind in ("node", "group")


def _place(bar: Bar) -> Place:
    return bar.since, bar.order, bar.key


def _take(lists: dict[str, list[Place]], name: str, place: Place) -> None:
    known = lists[name]
    del known[bisect_left(known, place)]
    if not known:
        del lists[name]
