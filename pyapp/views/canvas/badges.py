"""BadgesView: the order badges of the run in front, one for each time a node ran, inside the node."""

from __future__ import annotations

from ...ports import Element
from ...stores.mock import MockKey, MockNode
from ..context import View, ViewContext


class BadgesView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._badges: dict[str, Element] = {}
        self.owns(self.stores.mock.listen(self._changed))
        self.owns(self.stores.front.listen(lambda _: self._redraw()))
        self.owns(self.stores.canvas.subscribe(lambda _: self._redraw()))

    def _redraw(self) -> None:
        """Another run, or another canvas: all badges anew."""
        for badge in self._badges.values():
            badge.remove()
        self._badges.clear()
        for mock in self.stores.mock.of_run(self.stores.front.get()).values():
            self._draw(mock)

    def _changed(self, keys: set[MockKey]) -> None:
        front = self.stores.front.get()
        for key in sorted((key for key in keys if key[0] == front), key=self._order):
            mock = self.stores.mock.get(key)
            if mock is not None:
                self._draw(mock)
            elif key[1] in self._badges:
                self._badges.pop(key[1]).remove()

    def _order(self, key: MockKey) -> int:
        mock = self.stores.mock.get(key)
        return mock.order if mock is not None else -1

    def _draw(self, mock: MockNode) -> None:
        badge = self._badges.get(mock.id)
        if badge is None or not badge.isConnected:
            place = self.document.part(mock.node_id, "badges") or self.document.node(mock.node_id)
            if place is None:
                return  # the node is not on the canvas; drawn when it appears
            badge = self._badges[mock.id] = self.document.create(
                "span",
                "execution-order",
                str(mock.order + 1),
                data_order=str(mock.order),
                data_run_id=mock.run_id,
            )
            place.append(badge)
        badge.setAttribute("data-status", mock.status)
        badge.setAttribute("title", self.words(f"status.{mock.status}"))
