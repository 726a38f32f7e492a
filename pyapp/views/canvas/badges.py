"""BadgesView: the order badges of the run in front, one for each time a node ran, inside the node."""

from __future__ import annotations

from ...stores.rows import MockNode, node_of
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from ..parts import Told, note
from ..states import execution_status

TIMES = "data-times"
"""How often a node ran, where it ran more than once: only its newest badge is in sight."""


Strip = tuple[Keyed[str, MockNode, Drawn], Told]
"""The badges of a node, and where they stand."""


class BadgesView(View):
    rank = 1
    wipes = True

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._strips: dict[str, Strip] = {}
        """By node, for as long as its element is on the canvas."""
        self.draws_front(self.stores.mock, self._draw)
        self.follows_canvas()
        self.redraw()  # over what an earlier life of Python left there

    def clear(self) -> None:
        self.document.empty("badges")
        for _, place in self._strips.values():
            place.note(TIMES, None)
        self._strips.clear()

    def _draw(self, mock_id: str) -> None:
        node_id = node_of(mock_id)
        strip = self._strips.get(node_id) or self._strip(node_id)
        if strip is not None:
            badges, place = strip
            badges.draw(mock_id, self.stores.mock.get((self.front, mock_id)))
            times = len(badges)
            place.note(TIMES, str(times) if times > 1 else None)

    def _strip(self, node_id: str) -> Strip | None:
        """None for a node that is not on the canvas; its badges are drawn when it appears."""
        node, place = self.document.node(node_id), self.document.part(node_id, "badges")
        if node is None:
            return None
        if place is None:  # somebody else drew it
            place = self.create("div", "badges")
            node.append(place)
        badges = Keyed(place, self._make, self._update, order=lambda mock: mock.order)
        strip = self._strips[node_id] = badges, Told(place, bare=True)
        return strip

    def _make(self, mock_id: str, mock: MockNode) -> Drawn:
        status, shown = mock.status, execution_status(mock)
        told = {"data_order": str(mock.order), "data_run_id": mock.run_id, "data_status": status}
        told["title"] = self.words(f"status.{shown}")
        return Drawn(self.create("span", "execution-order", str(mock.order + 1), **told), (mock.run_id, shown))

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
