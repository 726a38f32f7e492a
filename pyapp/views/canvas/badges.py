"""BadgesView: the order badges of the run in front, one for each time a node ran, inside the node."""

from __future__ import annotations

from dataclasses import dataclass

from ...ports import Element
from ...stores.rows import MockNode, node_of
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed


@dataclass(slots=True)
class _Strip:
    """The badges of one node, for as long as its element is on the canvas."""

    place: Element
    badges: Keyed[str, MockNode, Drawn]


class BadgesView(View):
    rank = 1

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._strips: dict[str, _Strip] = {}
        self.draws_front(self.stores.mock, self._draw)
        self.follows_canvas()

    def clear(self) -> None:
        for strip in self._strips.values():
            strip.badges.clear()
        self._strips.clear()

    def _draw(self, mock_id: str) -> None:
        strip = self._strip(node_of(mock_id))
        if strip is not None:
            strip.badges.draw(mock_id, self.stores.mock.get((self.front, mock_id)))

    def _strip(self, node_id: str) -> _Strip | None:
        """None for a node that is not on the canvas; its badges are drawn when it appears."""
        strip = self._strips.get(node_id)
        if strip is None or not strip.place.isConnected:
            place = self.document.part(node_id, "badges") or self._own_place(node_id)
            if place is None:
                return None
            badges = Keyed(place, self._make, self._update, order=lambda mock: mock.order)
            strip = self._strips[node_id] = _Strip(place, badges)
        return strip

    def _own_place(self, node_id: str) -> Element | None:
        """A node that somebody else drew has no place for badges: it gets one."""
        node = self.document.node(node_id)
        if node is None:
            return None
        place = self.create("div", "badges")
        node.append(place)
        return place

    def _make(self, mock_id: str, mock: MockNode) -> Drawn:
        order = mock.order
        return Drawn(self.create("span", "execution-order", str(order + 1), data_order=str(order)))

    def _update(self, badge: Drawn, mock: MockNode) -> None:
        badge.element.setAttribute("data-run-id", mock.run_id)
        badge.element.setAttribute("data-status", mock.status)
        badge.element.setAttribute("title", self.words(f"status.{mock.status}"))
