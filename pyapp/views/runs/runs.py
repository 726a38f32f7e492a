"""RunsView: a row for each run, newest first; a click brings it to the front, a button stops it or runs it again."""

from __future__ import annotations

from itertools import count
from math import inf, isfinite

from ...ports import DomEvent
from ...stores.rows import RunRow
from ..context import View, ViewContext
from ..keyed import Keyed
from ..parts import Told
from .row import ACTIONS, DrawnRow


class RunsView(View):
    rank = 3

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        create, stores = self.create, self.stores
        rows, self._empty = create("ul", "rows"), Told(create("p", "empty"))
        self._all = Told(self.parts.button(self.words("runs.show_all"), "list", "quiet", data_runs="all"))
        self._older = Told(self.parts.button(self.words("runs.older"), "arrow-down", "quiet", data_runs="older"))
        self._problem = Told(create("p", "runs-problem", role="status"))
        foot = create("div", "runs-foot", self._all.element, self._problem.element, self._older.element)
        self._region = Told(self.document.region("runs"))
        self._region.element.replaceChildren(rows, self._empty.element, foot)
        self._list: Keyed[str, RunRow, DrawnRow] = Keyed(
            rows,
            lambda run_id, row: DrawnRow(
                self.parts,
                run_id,
                self.elapsed("run-time"),
                self.elapsed("run-seen", "run.last_seen"),
                may_act=context.settings.may_act,
            ),
            self._update,
            order=self._order,
        )
        self._came: dict[str, int] = {}
        self._coming = count()
        self._unseen: set[str] = set()
        """Rows that stand in the list and are not wanted now."""
        self._reveal = False
        self._wanted = stores.runs_filter.get()
        self._mark = self.draws(stores.runs, self._draw)
        progress = self.part(self._say_progress, lambda: ())
        for table in (stores.mock, stores.groups):
            self.follows(table, lambda keys: progress({run_id: None for run_id, _ in keys}))
        self.follows(stores.away, lambda runs: self._mark(run_id for run_id in runs if run_id in self._came))
        self.follows(stores.interactions, lambda keys: self._mark(run_id for run_id, _ in keys if run_id in self._came))
        self.follows(stores.mock, lambda keys: self._mark(filter(self._asks, {run_id for run_id, _ in keys})))
        self._marked = stores.front.get()
        self.owns(stores.front.listen(self._front_changed))
        for store in (stores.graph, stores.flows, stores.runs_filter, stores.today):
            self.owns(store.listen(lambda _: self._mark(self._list)))
        self.shows(self._chosen, stores.runs_filter, stores.paging)
        self.on("runs", "click", "[data-row-action], [data-run-id]", self._clicked)
        self.clicks("runs", "data-runs", self._foot)

    def clear(self) -> None:
        self._list.clear()
        self._unseen.clear()

    def settle(self) -> None:
        known, rows = self.stores.graph.get() is not None, len(self._list)
        if rows and self.stores.paging.get().more:
            none = self.words("runs.none_yet", count=rows)
        else:
            none = self.words("runs.none" if rows else "runs.empty" if known else "runs.no_flow")
        self._empty.say(none)
        self._empty.hide(rows > len(self._unseen))
        self._all.hide(not self._wanted.narrow or rows > len(self._unseen))
        if self._reveal and not self.waits:
            self._reveal = False
            current = self._list.get(self.front)
            if current is not None and self.front not in self._unseen:
                self.document.scroll_to(current.element)

    # -- rows -----------------------------------------------------------------------------------------
    def _draw(self, run_id: str, row: RunRow | None) -> None:
        item = self._list.get(run_id)
        if row is None:
            self._unseen.discard(run_id)
            self._came.pop(run_id, None)
            if item is not None:
                item.stop()
        self._list.draw(run_id, row)

    def _order(self, row: RunRow) -> tuple[bool, float, int]:
        """Newest start first, an unknown one as the newest; where a person wants so, failed runs before all others."""
        came = self._came.setdefault(row.run_id, next(self._coming))
        started_at = row.started_at if row.started_at is not None and isfinite(row.started_at) else inf
        return self._wanted.errors_first and row.status != "error", -started_at, -came

    def _update(self, drawn: DrawnRow, row: RunRow) -> None:
        now, graph = self.context.shared.server_clock.now(), self.stores.graph.get()
        asked, name = self.context.asked_of(row.run_id), self.context.run_name(row.run_id)
        status = self.context.states.run(row)
        drawn.update(row, now, name, status, asked)
        drawn.say_time(row, self.stores.away.get(row.run_id))
        drawn.shell.note("aria-current", "true" if row.run_id == self.front else None)
        flow_id = graph.flow.id if graph is not None else None
        wanted = self._wanted.admits(row, flow_id, now, status, f"{name}\n{asked or ''}")
        drawn.shell.hide(not wanted)
        (self._unseen.discard if wanted else self._unseen.add)(row.run_id)
        self._draw_progress(drawn, row)

    def _asks(self, run_id: str) -> bool:
        """Whether its row says who waits: who that is may be called otherwise now."""
        return run_id in self._came and bool(self.stores.interactions.of_run(run_id))

    def _say_progress(self, run_id: str) -> None:
        """An execution began or ended: its run's progress, and nothing else of the row."""
        drawn, row = self._list.get(run_id), self.stores.runs.get(run_id)
        if drawn is not None and row is not None:
            self._draw_progress(drawn, row)

    def _draw_progress(self, drawn: DrawnRow, row: RunRow) -> None:
        """How far it is; of one that is over how its steps ended, unless all is well."""
        tally = self.context.tally
        if row.over:
            drawn.say_progress("" if row.status == "success" else tally.over(row), 0, 0)
        else:
            drawn.say_progress(*tally.progress(row))

    # -- what a person does ---------------------------------------------------------------------------
    def _clicked(self, event: DomEvent) -> None:
        action, run_id = event.attribute("data-row-action"), event.attribute("data-of")
        if action is None:
            self.commands.show_run(event.attribute("data-run-id") or "")
        elif run_id is not None:
            getattr(self.commands, ACTIONS[action].verb)(run_id)

    def _foot(self, what: str) -> None:
        if what == "older":
            self.commands.older_runs()
        else:
            self.commands.filter_runs(type(self._wanted)(errors_first=self._wanted.errors_first))

    def _front_changed(self, run_id: str | None) -> None:
        """The row that was current is not any more, another one is; it is brought into sight."""
        self._mark([each for each in (self._marked, run_id) if each is not None])
        self._marked, self._reveal = run_id, True

    def _chosen(self) -> None:
        """What a person wants to see, and whether there is more of it."""
        wanted, paging = self.stores.runs_filter.get(), self.stores.paging.get()
        if wanted is not self._wanted:
            self._wanted, self._reveal = wanted, True
            self._mark(self._list)
        self._region.note("data-flows", "this" if wanted.this_flow else "all")
        self._older.hide(not (paging.more or paging.asking))
        self._older.note("aria-busy", paging.asking)
        self._problem.say(paging.problem or "")
