"""BadgesView: the order badges of the run in front, one for each time a node ran, inside the node."""

from __future__ import annotations

from bisect import bisect, insort

from ...ports import Element
from ...stores.rows import MockNode, node_of
from ..context import View, ViewContext
from ..keyed import Drawn
from ..parts import note
from ..states import execution_status

PLACE = "badges"
"""The part of a node's element in which they stand."""
TIMES = "data-times"
"""How often a node ran, where it ran more than once: only its newest badge is in sight."""


class BadgesView(View):
    """Owns the badges of each node; they stand in the order of its executions, whichever came first."""

    rank = 1
    wipes = True

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._badges: dict[str, Drawn] = {}
        """By mock node, for as long as the node's element is on the canvas."""
        self._rows: dict[str, list[tuple[int, str]]] = {}
        """Node → the order and the mock node of each of its badges, as they stand."""
        self._own: dict[str, Element] = {}
        """Places for badges in nodes that somebody else drew."""
        self.draws_front(self.stores.mock, self._draw)
        self.follows_canvas()
        self.redraw()  # over what an earlier life of Python left there

    def clear(self) -> None:
        self.document.empty(PLACE)
        for node_id, row in self._rows.items():
            if len(row) > 1:
                self._say_times(node_id, 0)
        self._badges.clear()
        self._rows.clear()
        self._own.clear()

    def _draw(self, mock_id: str) -> None:
        mock, badge = self.stores.mock.get((self.front, mock_id)), self._badges.get(mock_id)
        if mock is None:
            if badge is not None:
                self._leave(mock_id, badge)
        elif badge is None:
            self._come(mock)
        else:
            self._update(badge, mock)

    def _come(self, mock: MockNode) -> None:
        """A badge of a node that is not on the canvas is drawn when that appears."""
        node_id, place = mock.node_id, self._place(mock.node_id)
        if place is None:
            return
        status, shown = mock.status, execution_status(mock)
        told = {"data_order": str(mock.order), "data_run_id": mock.run_id, "data_status": status}
        told["title"] = self.words(f"status.{shown}")
        element = self.create("span", "execution-order", str(mock.order + 1), **told)
        self._badges[mock.id] = Drawn(element, (mock.run_id, shown))
        row = self._rows.setdefault(node_id, [])
        if not row or row[-1][0] < mock.order:
            place.append(element)
        else:
            self._badges[row[bisect(row, (mock.order, ""))][1]].element.before(element)
        insort(row, (mock.order, mock.id))
        if len(row) > 1:
            self._say_times(node_id, len(row))

    def _leave(self, mock_id: str, badge: Drawn) -> None:
        node_id = node_of(mock_id)
        badge.element.remove()
        del self._badges[mock_id]
        row = self._rows[node_id] = [each for each in self._rows[node_id] if each[1] != mock_id]
        self._say_times(node_id, len(row))

    def _place(self, node_id: str) -> Element | None:
        place = self.document.part(node_id, PLACE) or self._own.get(node_id)
        if place is None and (node := self.document.node(node_id)) is not None:
            place = self._own[node_id] = self.create("div", PLACE)
            node.append(place)
        return place

    def _say_times(self, node_id: str, times: int) -> None:
        place = self._place(node_id)
        if place is not None:
            note(place, TIMES, str(times) if times > 1 else None)

    def _update(self, badge: Drawn, mock: MockNode) -> None:
        """Another run may have the same execution: its badge is the one that is there."""
        run_id, before = badge.value
        shown = execution_status(mock)
        badge.value = mock.run_id, shown
        if run_id != mock.run_id:
            note(badge.element, "data-run-id", mock.run_id)
        if shown != before:
            note(badge.element, "data-status", mock.status)
            note(badge.element, "title", self.words(f"status.{shown}"))
