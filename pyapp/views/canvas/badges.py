"""BadgesView: the order badges of the run in front, one for each time a node ran, inside the node."""

from __future__ import annotations

from ..context import View, ViewContext
from ..states import execution_status


class BadgesView(View):
    """Says how each execution is; the document keeps its badge, for as long as the node is on the canvas."""

    rank = 1
    wipes = True

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self.draws_front(self.stores.mock, self._draw)
        self.follows_canvas()
        self.redraw()  # over what an earlier life of Python left there

    def clear(self) -> None:
        self.document.empty("badges")

    def _draw(self, mock_id: str) -> None:
        """Another run may have the same execution: its badge is the one that is there."""
        mock, told = self.stores.mock.get((self.front, mock_id)), dict[str, str]()
        node_id, _, order = mock_id.rpartition("-")
        if mock is not None:
            told = {"data_order": order, "data_run_id": mock.run_id, "data_status": mock.status}
            told["title"] = self.words(f"status.{execution_status(mock)}")
        self.document.badge(node_id, int(order), **told)
