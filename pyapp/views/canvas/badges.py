"""BadgesView: the order badges of the run in front, one for each time a node ran, inside the node."""

from __future__ import annotations

from ...stores.rows import node_of
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
        mock = self.stores.mock.get((self.front, mock_id))
        if mock is None:
            node_id = node_of(mock_id)
            self.document.badge(node_id, int(mock_id[len(node_id) + 1 :]))
            return
        told = self.words(f"status.{execution_status(mock)}")
        self.document.badge(
            mock.node_id,
            mock.order,
            data_order=str(mock.order),
            data_run_id=mock.run_id,
            data_status=mock.status,
            title=told,
        )
