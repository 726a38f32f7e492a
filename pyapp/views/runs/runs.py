"""RunsView: a row for each run, newest first; a click brings a run to the front."""

from __future__ import annotations

from ...clock import Timer
from ...contract.flow import FlowGraph
from ...ports import DomEvent, Element
from ...stores.mock import MockKey
from ...stores.runs import RunRow
from ..context import View, ViewContext
from ..parts import duration, empty, status_icon

TICK_S = 1.0


class RunsView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._list = self.document.create("ul", "rows")
        self._empty = empty(self.document, self.words("runs.empty"))
        self.document.region("runs").replaceChildren(self._list, self._empty)
        self._rows: dict[str, Element] = {}
        self._buttons: dict[str, Element] = {}
        self._times: dict[str, Element] = {}
        self._done: dict[str, set[str]] = {}
        """By run: the nodes that have ended, as far as the page has heard."""
        self._progress: dict[str, Element] = {}
        self._bars: dict[str, Element] = {}
        self._errors_first = False
        self._sort = self.document.create(
            "button", "quiet", self.words("runs.errors_first"), type="button", data_sort="errors", aria_pressed="false"
        )
        self.document.region("runs-bar").replaceChildren(self._sort)
        self._front: str | None = None
        self._live: set[str] = set()
        self._timer: Timer | None = None
        self.owns(self.stores.runs.subscribe(self._changed))
        self.owns(self.stores.front.subscribe(self._front_changed))
        self.owns(self.stores.mock.listen(self._mock_changed))
        self.owns(self.stores.graph.subscribe(self._graph_changed))
        self.on("runs", "click", "[data-run-id]", self._show)
        self.on("runs-bar", "click", "[data-sort]", lambda _: self._toggle_sort())
        self.owns(self._stop)

    def _changed(self, changed: set[str]) -> None:
        for run_id in changed:
            row = self.stores.runs.get(run_id)
            if row is None:
                self._forget(run_id)
            else:
                self._draw(row)
        self._empty.hidden = bool(self._rows)
        self._sort.hidden = len(self._rows) < 2 and not self._errors_first
        self._tick()

    def _graph_changed(self, graph: FlowGraph | None) -> None:
        """Another flow: other numbers of nodes; and without one there is nothing to play."""
        self._empty.textContent = self.words("runs.empty" if graph is not None else "runs.no_flow")
        for run_id in self._rows:
            self._say_progress(run_id)

    def _draw(self, row: RunRow) -> None:
        element = self._rows.get(row.run_id)
        if element is None:
            element = self._rows[row.run_id] = self.document.create("li", "run", data_run_id=row.run_id)
            button = self._buttons[row.run_id] = self.document.create("button", "run-row", type="button")
            element.append(button)
            self._place(element, row)
            self._mark(row.run_id)
        elif self._errors_first and element.getAttribute("data-status") != row.status:
            self._place(element, row)
        (self._live.discard if row.over else self._live.add)(row.run_id)
        element.setAttribute("data-status", row.status)
        element.setAttribute("data-unread", "true" if row.unread else "false")
        self._buttons[row.run_id].replaceChildren(*self._inside(row))
        self._say_progress(row.run_id)

    def _inside(self, row: RunRow) -> list[Element]:
        """What the row's button says; the button itself stays, and with it the focus."""
        name = self.document.create("span", "run-name", row.name or self.words("runs.name"))
        short = self.document.create("code", "run-id", row.run_id[:8], title=row.run_id)
        time = self._times[row.run_id] = self.document.create("span", "run-time", self._time(row))
        words = self.words("status.stopping" if row.stopping else f"status.{row.status}")
        said = self.document.create("span", f"run-status status-{row.status}", words)
        progress = self._progress[row.run_id] = self.document.create("span", "run-progress")
        inside = [status_icon(self.document, row.status), name, short, progress, said, time]
        if row.unread:
            inside.append(self.document.create("span", "unread", self.words("runs.unread")))
        detail = row.reason or row.error
        if detail:
            inside.append(self.document.create("span", "run-detail", detail[:300]))
        bar = self._bars[row.run_id] = self.document.create("progress", "run-bar", aria_hidden="true")
        return [*inside, bar]

    def _place(self, element: Element, row: RunRow) -> None:
        """Newest first; where a person wants so, failed runs before all others."""
        element.setAttribute("data-status", row.status)
        if self._errors_first and row.status != "error":
            failed = [each for run_id, each in self._rows.items() if self._failed(run_id) and each is not element]
            if failed:
                self._list.append(element)  # behind the failed ones, then before the older of the rest
                rest = [each for run_id, each in self._rows.items() if not self._failed(run_id) and each is not element]
                if rest:
                    rest[-1].before(element)
                return
        self._list.prepend(element)

    def _failed(self, run_id: str) -> bool:
        row = self.stores.runs.get(run_id)
        return row is not None and row.status == "error"

    def _toggle_sort(self) -> None:
        """A person chose: failed runs first, or simply the newest."""
        self._errors_first = not self._errors_first
        self._sort.setAttribute("aria-pressed", "true" if self._errors_first else "false")
        ordered = list(self._rows.items())
        if self._errors_first:
            ordered.sort(key=lambda item: self._failed(item[0]))
        for _, element in ordered:
            self._list.prepend(element)

    def _mock_changed(self, keys: set[MockKey]) -> None:
        """A node ended: its run's progress, and nothing else of the row."""
        for run_id, mock_id in keys:
            mock = self.stores.mock.get((run_id, mock_id))
            graph = self.stores.graph.get()
            if mock is not None and mock.ended and not (graph is not None and graph.is_group(mock.node_id)):
                self._done.setdefault(run_id, set()).add(mock.node_id)
        for run_id in {run_id for run_id, _ in keys}:
            self._say_progress(run_id)

    def _say_progress(self, run_id: str) -> None:
        """Nodes done of the nodes there are; nothing where the flow is another one, or nothing is done."""
        row, progress = self.stores.runs.get(run_id), self._progress.get(run_id)
        if row is None or progress is None:
            return
        done, graph = len(self._done.get(run_id, ())), self.stores.graph.get()
        known = graph is not None and done > 0 and row.flow_id in (None, graph.flow.id)
        total = graph.leaves if graph is not None and known else 0
        progress.textContent = self.words("runs.progress", done=min(done, total), total=total) if known else ""
        bar = self._bars[run_id]
        bar.hidden = row.over or not known
        bar.setAttribute("max", str(max(total, 1)))
        bar.setAttribute("value", str(min(done, total)))

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
        self._progress.pop(run_id, None)
        self._buttons.pop(run_id, None)
        self._bars.pop(run_id, None)
        self._done.pop(run_id, None)
        self._live.discard(run_id)
        if element is not None:
            element.remove()

    def _show(self, event: DomEvent) -> None:
        run_id = event.attribute("data-run-id")
        if run_id is not None:
            self.context.commands.show_run(run_id)
