"""FailureView: a run that failed leads to its fault: the node is chosen, in the middle of the canvas, its details open.

Without a fault to any node the run itself is what Details tell of, and where the address names a node, that one. Only
where the person has not chosen another node since the run came to the front, or began there.
"""

from __future__ import annotations

from collections.abc import Collection

from ...contract.flow import is_agent
from ...stores.rows import MockNode, RunRow
from ..context import View, ViewContext
from .canvas import CanvasView


class FailureView(View):
    rank = 4

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._before: str | None = None
        """What was chosen when the run came to the front; or what the address names."""
        self._came = True
        """The run came to the front just now: the address was not looked at yet."""
        self._named = False
        self._led = False
        """The person was led to where it failed."""
        self._chose: str | None = None
        """The fault that was chosen for the person; None for the run itself."""
        self._placed = False
        """The flow was on the canvas by then: before, nothing can be brought to its middle."""
        self._again = self.shows(self._look, self.stores.graph, self.stores.canvas)
        self.owns(self.stores.front.listen(self._front_changed))
        self.owns(self.stores.selected.listen(lambda _: self._again() if self._named else None))
        self.follows_row(self._again)
        self.follows_front(self.stores.mock, lambda: self._again() if self._failed() else None)

    def _front_changed(self, _: str | None) -> None:
        if self._led:
            self.context.platform.zones.leadBack()
        self._before, self._led, self._chose = self.stores.selected.get(), False, None
        self._came, self._named, self._placed = True, False, False
        self._again()

    def _read_address(self) -> None:
        """A link, a reload or the way back names a node; a choice of a run takes along what was chosen before."""
        place = self.stores.visit.get().location
        self._came = False
        if place.run == self.front and place.node not in (None, self._before):
            self._before, self._named = place.node, True

    def _failed(self) -> RunRow | None:
        row = self.stores.runs.get(self.front)
        return row if row is not None and row.status == "error" else None

    def _look(self) -> None:
        """At its end, or when a failed run comes to the front, as soon as it is known where; and if that changes."""
        if self._came:
            self._read_address()
        row, placed = self._failed(), self._canvas.placed is not None
        wanted = self._wanted(row) if row is not None else None
        leads = row is not None and (row.seen or wanted is not None)
        told = leads == self._led and wanted == self._chose and (self._placed or not (leads and placed))
        if told or self.stores.selected.get() not in (self._before, self._chose):
            return
        self._led, self._chose, self._placed = leads, wanted, placed
        if not leads:
            self.commands.choose_node(self._before)
            return
        zones = self.context.platform.zones
        (zones.turnTo if self._looks_at_it() else zones.lead)("details")
        self.commands.choose_node(wanted)
        if wanted is not None:
            self._canvas.center(wanted)

    def _looks_at_it(self) -> bool:
        """The address names what stands over the details on a phone, which stays there: its node, or the timeline."""
        return self._named or self.stores.view.get() == "timeline"

    def _wanted(self, row: RunRow) -> str | None:
        """Where a person is led: a node that the address names is chosen elsewhere, as soon as it is there."""
        if self._named:
            return self._before if self._before in (self.stores.selected.get(), self._chose) else None
        fault = first_fault(self.stores.mock.of_run(row.run_id).values())
        return fault.node_id if fault is not None else None


def first_fault(mocks: Collection[MockNode]) -> MockNode | None:
    """Of the nodes whose latest execution failed: the first that was reported; a group only where nothing in it did."""
    latest = {mock.node_id: mock for mock in sorted(mocks, key=lambda mock: mock.order)}
    failed = [mock for mock in latest.values() if mock.status == "error"]
    groups = {mock.parent for mock in mocks}

    def place(mock: MockNode) -> tuple[bool, bool, float, int]:
        holds = mock.node_id in groups and not is_agent(mock.type)
        return mock.implied, holds, mock.ended_at or 0.0, mock.order

    return min(failed, key=place, default=None)
