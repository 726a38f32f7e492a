"""RunsView: a row for each run, newest first; a click brings a run to the front."""

from __future__ import annotations

from ..clock import Timer
from ..ports import DomEvent, Element
from ..stores.runs import RunRow
from .context import View, ViewContext
from .parts import duration, empty, status_icon

TICK_S = 1.0


class RunsView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._list = self.document.create("ul", "rows")
        self._empty = empty(self.document, self.words("runs.empty"))
        self.document.region("runs").replaceChildren(self._list, self._empty)
        self._rows: dict[str, Element] = {}
        self._times: dict[str, Element] = {}
        self._front: str | None = None
        self._live: set[str] = set()
        self._timer: Timer | None = None
        self.owns(self.stores.runs.subscribe(self._changed))
        self.owns(self.stores.front.subscribe(self._front_changed))
        self.on("runs", "click", "[data-run-id]", self._show)
        self.owns(self._stop)

    def _changed(self, changed: set[str]) -> None:
        for run_id in changed:
            row = self.stores.runs.get(run_id)
            if row is None:
                self._forget(run_id)
            else:
                self._draw(row)
        self._empty.hidden = bool(self._rows)
        self._tick()

    def _draw(self, row: RunRow) -> None:
        element = self._rows.get(row.run_id)
        if element is None:
            element = self._rows[row.run_id] = self.document.create("li", "run", data_run_id=row.run_id)
            self._list.prepend(element)
            self._mark(row.run_id)
        (self._live.discard if row.over else self._live.add)(row.run_id)
        element.setAttribute("data-status", row.status)
        element.setAttribute("data-unread", "true" if row.unread else "false")
        element.replaceChildren(self._inside(row))

    def _inside(self, row: RunRow) -> Element:
        inside = self.document.create("button", "run-row", type="button")
        name = self.document.create("span", "run-name", row.name or self.words("runs.name"))
        short = self.document.create("code", "run-id", row.run_id[:8], title=row.run_id)
        time = self._times[row.run_id] = self.document.create("span", "run-time", self._time(row))
        words = self.words("status.stopping" if row.stopping else f"status.{row.status}")
        said = self.document.create("span", f"run-status status-{row.status}", words)
        inside.append(status_icon(self.document, row.status), name, short, said, time)
        if row.unread:
            inside.append(self.document.create("span", "unread", self.words("runs.unread")))
        detail = row.reason or row.error
        if detail:
            inside.append(self.document.create("span", "run-detail", detail[:300]))
        return inside

    def _time(self, row: RunRow) -> str:
        if row.started_at is None:
            return ""
        end = row.ended_at if row.over else self.context.clock.wall()
        return "" if end is None else duration(self.words, end - row.started_at)

    def _front_changed(self, run_id: str | None) -> None:
        before, self._front = self._front, run_id
        self._mark(before)
        self._mark(run_id)

    def _mark(self, run_id: str | None) -> None:
        element = self._rows.get(run_id) if run_id is not None else None
        if element is not None and run_id == self._front:
            element.setAttribute("aria-current", "true")
        elif element is not None:
            element.removeAttribute("aria-current")

    def _tick(self) -> None:
        """Durations of runs that live go on; the work grows with those alone."""
        self._stop()
        for run_id in self._live:
            row = self.stores.runs.get(run_id)
            if row is not None:
                self._times[run_id].textContent = self._time(row)
        if self._live:
            self._timer = self.context.clock.call_later(TICK_S, self._tick)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _forget(self, run_id: str) -> None:
        element = self._rows.pop(run_id, None)
        self._times.pop(run_id, None)
        self._live.discard(run_id)
        if element is not None:
            element.remove()

    def _show(self, event: DomEvent) -> None:
        run_id = event.attribute("data-run-id")
        if run_id is not None:
            self.context.commands.show_run(run_id)
