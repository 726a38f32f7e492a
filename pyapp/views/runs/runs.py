"""RunsView: a row for each run, newest first; a click brings a run to the front."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from math import inf, isfinite

from ...ports import Element
from ...stores.rows import RunRow
from ..context import View, ViewContext
from ..keyed import Keyed
from ..parts import Told, note
from ..ticker import Elapsed

DETAIL_CHARS = 300


@dataclass(slots=True)
class _Row:
    """One row on the page. Its button stays, and with it the focus."""

    element: Element
    button: Element
    progress: Told
    bar: Told
    elapsed: Elapsed


class RunsView(View):
    rank = 3

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        rows, self._empty = self.create("ul", "rows"), Told(self.create("p", "empty"))
        self.document.region("runs").replaceChildren(rows, self._empty.element)
        self._list: Keyed[str, RunRow, _Row] = Keyed(rows, self._make, self._update, order=self._order)
        self._came: dict[str, int] = {}
        self._coming = count()
        self._errors_first = False
        said = {"type": "button", "data_sort": "errors", "aria_pressed": "false"}
        self._sort = Told(self.create("button", "quiet", self.words("runs.errors_first"), **said))
        self.document.region("runs-bar").replaceChildren(self._sort.element)
        self._mark = self.draws(self.stores.runs, self._draw)
        progress = self.part(self._say_progress, lambda: ())
        self.follows(self.stores.mock, lambda keys: progress(run_id for run_id, _ in keys))
        self._marked = self.stores.front.get()
        self.owns(self.stores.front.listen(self._front_changed))
        self.owns(self.stores.graph.listen(lambda _: self._mark(self._list)))
        self.clicks("runs", "data-run-id", self.commands.show_run)
        self.clicks("runs-bar", "data-sort", lambda _: self._toggle_sort())

    def clear(self) -> None:
        self._list.clear()

    def settle(self) -> None:
        known = self.stores.graph.get() is not None
        self._empty.say(self.words("runs.empty" if known else "runs.no_flow"))
        self._empty.hide(bool(self._list))
        self._sort.hide(len(self._list) < 2 and not self._errors_first)

    # -- rows -----------------------------------------------------------------------------------------
    def _draw(self, run_id: str, row: RunRow | None) -> None:
        item = self._list.get(run_id)
        if row is None and item is not None:
            item.elapsed.stop()
            self._came.pop(run_id, None)
        self._list.draw(run_id, row)

    def _order(self, row: RunRow) -> tuple[bool, float, int]:
        """Newest start first, an unknown one as the newest; where a person wants so, failed runs before all others."""
        came = self._came.setdefault(row.run_id, next(self._coming))
        started_at = row.started_at if row.started_at is not None and isfinite(row.started_at) else inf
        return self._errors_first and row.status != "error", -started_at, -came

    def _make(self, run_id: str, row: RunRow) -> _Row:
        create, button = self.create, self.create("button", "run-row", type="button")
        progress, bar = create("span", "run-progress"), create("progress", "run-bar", aria_hidden="true")
        element = create("li", "run", button, data_run_id=run_id)
        return _Row(element, button, Told(progress), Told(bar), self.elapsed("run-time"))

    def _update(self, drawn: _Row, row: RunRow) -> None:
        create = self.create
        note(drawn.element, "data-status", row.status)
        note(drawn.element, "data-unread", row.unread)
        note(drawn.element, "aria-current", "true" if row.run_id == self.front else None)
        words = self.words("status.stopping" if row.stopping else f"status.{row.status}")
        inside = [
            self.parts.status_icon(row.status),
            create("span", "run-name", row.name or self.words("runs.name")),
            create("code", "run-id", row.run_id[:8], title=row.run_id),
            drawn.progress.element,
            create("span", f"run-status status-{row.status}", words),
            drawn.elapsed.element,
        ]
        more = {
            "unread": row.unread and self.words("runs.unread"),
            "run-incomplete": row.incomplete and self.words("runs.incomplete"),
            "run-detail": (row.reason or row.error or "")[:DETAIL_CHARS],
        }
        inside += [create("span", name, said) for name, said in more.items() if said]
        drawn.button.replaceChildren(*inside, drawn.bar.element)
        drawn.elapsed.show(row.started_at, row.ended_at, live=not row.over)
        self._draw_progress(drawn, row)

    def _say_progress(self, run_id: str) -> None:
        """An execution began or ended: its run's progress, and nothing else of the row."""
        drawn, row = self._list.get(run_id), self.stores.runs.get(run_id)
        if drawn is not None and row is not None:
            self._draw_progress(drawn, row)

    def _draw_progress(self, drawn: _Row, row: RunRow) -> None:
        """How far it is; of one that is over how its steps ended, unless all is well."""
        tally = self.context.tally
        if row.over:
            said, done, total = "" if row.status == "success" else tally.over(row), 0, 0
        else:
            said, done, total = tally.progress(row)
        drawn.progress.say(said)
        drawn.bar.hide(not done)
        drawn.bar.note("max", str(max(total, 1)))
        drawn.bar.note("value", str(done))

    # -- what a person does ---------------------------------------------------------------------------
    def _front_changed(self, run_id: str | None) -> None:
        """The row that was current is not any more, another one is."""
        self._mark([each for each in (self._marked, run_id) if each is not None])
        self._marked = run_id

    def _toggle_sort(self) -> None:
        """A person chose: failed runs first, or simply the newest."""
        self._errors_first = not self._errors_first
        self._sort.note("aria-pressed", self._errors_first)
        self._mark(self._list)
