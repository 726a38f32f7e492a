"""SummaryView: the moment of the result: how the run in front ended, how long it took, and what took longest."""

from __future__ import annotations

from collections import defaultdict

from ...locale.display import duration
from ...run.record import took
from ...stores.rows import MockNode, RunRow
from ..canvas.failure import first_fault
from ..context import View, ViewContext
from ..parts import Told, note
from ..spending import spending


class SummaryView(View):
    """Owns the strip below the canvas; it is there as long as a run that is over is in front."""

    rank = 4

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("summary")
        self._strip = Told(self._region)
        self._result: str | None = None
        """The node that the button opens; None for the run itself."""
        again = self.shows(self._draw, self.stores.front, self.stores.graph)
        self.follows_row(again)
        for table in (self.stores.mock, self.stores.groups):
            self.follows_front(table, lambda: again() if self._over() else None)
        self.clicks("summary", "data-result", lambda _: self._open())

    def _over(self) -> RunRow | None:
        row = self.stores.runs.get(self.front)
        return row if row is not None and row.over else None

    def clear(self) -> None:
        self._region.replaceChildren()

    def _draw(self) -> None:
        row = self._over()
        self._strip.hide(row is None)
        if row is None:
            self._region.replaceChildren()
            return
        create, words = self.create, self.words
        mocks = list(self.stores.mock.of_run(row.run_id).values())
        note(self._region, "data-status", row.status)
        how = self._how(row, mocks)
        parts = [
            self.parts.status_icon(row.status),
            create("strong", f"summary-how status-{row.status}", how, title=how),
            create("span", "facts", " · ".join(filter(None, self._facts(row, mocks)))),
        ]
        self._result = self._result_of(row, mocks)
        failed = row.status == "error"
        if failed or self._result is not None or row.content not in (None, ""):
            key = "summary.open_fault" if failed else "summary.open"
            parts.append(self.parts.button(words(key), "chevron-right", "quiet summary-open", data_result=""))
        self._region.replaceChildren(*parts)

    def _how(self, row: RunRow, mocks: list[MockNode]) -> str:
        """Succeeded in 4.0 s; Failed at Parse them after 2.1 s."""
        seconds = took(row.since, row.ended_at)
        time = "" if seconds is None else duration(self.words, seconds)
        fault = first_fault(mocks) if row.status == "error" else None
        if fault is not None:
            name = self.context.title(fault.node_id, row.run_id, fault.handle)
            return self.words("summary.fault_after" if time else "summary.fault", name=name, time=time)
        return self.words(f"summary.{row.status}" if time else f"status.{row.status}", time=time)

    def _facts(self, row: RunRow, mocks: list[MockNode]) -> list[str]:
        queued = (took(row.started_at, row.began_at) or 0.0) if row.began_at is not None else 0.0
        facts = [self.words(row.lacks), self.context.tally.over(row), self._longest(row.run_id, mocks)]
        if queued >= 1:
            facts.append(self.words("details.queued", time=duration(self.words, queued)))
        return [*facts, *spending(self.words, row.spent, models=False)]

    def _longest(self, run_id: str, mocks: list[MockNode]) -> str:
        """The step that took longest, all its executions together; nothing where there is only one to choose from."""
        groups, times = self.stores.groups.of_run(run_id), defaultdict[str, list[float]](list)
        for mock in mocks:
            if mock.duration_s is not None and mock.node_id not in groups:
                times[mock.node_id].append(mock.duration_s)
        if len(times) < 2:
            return ""
        node_id, seconds = max(times.items(), key=lambda each: sum(each[1]))
        time = duration(self.words, sum(seconds))
        return self.words("summary.longest", name=self.context.title(node_id, run_id), count=len(seconds), time=time)

    def _result_of(self, row: RunRow, mocks: list[MockNode]) -> str | None:
        """Where a run failed, if at a node; else the node that gave something last."""
        if row.status == "error":
            fault = first_fault(mocks)
            return fault.node_id if fault is not None else None
        given = [mock for mock in mocks if mock.ended and mock.output not in (None, "")]
        last = max(given, key=lambda mock: (mock.ended_at or 0.0, mock.order), default=None)
        return last.node_id if last is not None else None

    def _open(self) -> None:
        row = self._over()
        if row is not None and row.status == "success" and self._result is not None:
            self.context.platform.zones.reveal("output")
        else:
            self.context.platform.zones.reveal("details")
        self.commands.choose_node(self._result)
