"""FailureView: a run that failed leads to its fault: the node is chosen, in the middle of the canvas, its details open.

Only where the person has not chosen another node since the run came to the front, or began there.
"""

from __future__ import annotations

from collections.abc import Collection

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
        self._chose: str | None = None
        """The fault that was chosen for the person."""
        self._again = self.shows(self._look, self.stores.graph)
        self.owns(self.stores.front.listen(self._front_changed))
        self.follows(self.stores.runs, lambda keys: self._again() if self.front in keys else None)
        self.follows(self.stores.mock, lambda keys: self._again() if self._failed() else None)

    def _front_changed(self, _: str | None) -> None:
        self._before, self._chose = self.stores.selected.get(), None
        self._again()

    def _failed(self) -> bool:
        row = self.stores.runs.get(self.front)
        return row is not None and row.status == "error"

    def _look(self) -> None:
        """At its end, or when a failed run comes to the front, as soon as it is known where; and if that changes."""
        mocks = self.stores.mock.of_run(self.front).values() if self._failed() else ()
        fault = first_fault(mocks)
        wanted = fault.node_id if fault is not None else None
        if wanted == self._chose or self.stores.selected.get() not in (self._before, self._chose):
            return
        self._chose = wanted
        if wanted is None:
            self.commands.choose_node(self._before)
            return
        self.context.platform.zones.reveal("details")
        self.commands.choose_node(wanted)
        self._canvas.center(wanted)


def first_fault(mocks: Collection[MockNode]) -> MockNode | None:
    """What failed first, and was reported; a group only where nothing in it did."""
    failed = [mock for mock in mocks if mock.status == "error"]
    groups = {mock.parent for mock in mocks}

    def place(mock: MockNode) -> tuple[bool, bool, float, int]:
        holds = mock.node_id in groups and not is_agent(mock.type)
        return mock.implied, holds, mock.ended_at or 0.0, mock.order

    return min(failed, key=place, default=None)
