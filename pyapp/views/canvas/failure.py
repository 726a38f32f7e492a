"""FailureView: a run that failed leads to its fault: the node is chosen, in the middle of the canvas, its details open.

Only where the person has not chosen another node since the run came to the front, or began there.
"""

from __future__ import annotations

from ...contract.flow import is_agent
from ...stores.rows import MockNode
from ..context import View, ViewContext
from .canvas import CanvasView


class FailureView(View):
    rank = 4

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._before: str | None = None
        """What was chosen when the run came to the front."""
        self._told = False
        """The fault of the run in front was shown, or was not to be."""
        again = self.shows(self._look, self.stores.graph)
        self.owns(self.stores.front.listen(self._front_changed))
        self.follows(self.stores.runs, lambda keys: again() if self.front in keys else None)
        self.follows(self.stores.mock, lambda keys: again() if not self._told and self._failed() else None)
        self._again = again

    def _front_changed(self, run_id: str | None) -> None:
        self._before, self._told = self.stores.selected.get(), False
        self._again()

    def _failed(self) -> bool:
        row = self.stores.runs.get(self.front)
        return row is not None and row.status == "error"

    def _look(self) -> None:
        """At its end, or when a run that failed comes to the front, as soon as it is known where."""
        if self._told or not self._failed():
            return
        fault = first_fault(list(self.stores.mock.of_run(self.front).values()))
        if fault is None:
            return
        self._told = True
        if self.stores.selected.get() == self._before:
            self.context.platform.zones.reveal("details")
            self.commands.choose_node(fault.node_id)
            self._canvas.center(fault.node_id)


def first_fault(mocks: list[MockNode]) -> MockNode | None:
    """What failed first, and was reported; a group only where nothing in it did."""
    failed = [mock for mock in mocks if mock.status == "error"]
    groups = {mock.parent for mock in mocks}

    def place(mock: MockNode) -> tuple[bool, bool, float, int]:
        holds = mock.node_id in groups and not is_agent(mock.type)
        return mock.implied, holds, mock.ended_at or 0.0, mock.order

    return min(failed, key=place, default=None)
