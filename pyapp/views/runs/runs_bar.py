"""RunsBarView: which runs a person wants to see, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, get_args

from ...stores.listing import RunsFilter, Wanted
from ..context import View, ViewContext
from ..parts import Told

HOUR_S = 3600.0
TIMES: Final = {"any": None, "hour": HOUR_S, "day": 24 * HOUR_S, "week": 7 * 24 * HOUR_S}
"""How long ago a run may have begun, by the name of the choice."""


class RunsBarView(View):
    rank = 4

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        words = self.words
        search = {"placeholder": words("runs.search"), "aria_label": words("runs.search"), "autocomplete": "off"}
        self._text = self.create("input", "runs-search", type="search", data_filter="text", **search)
        self._flow = self._select("this_flow", {"all": words("runs.flows.all"), "this": words("runs.flows.this")})
        named = {each: words(f"runs.status.{each or 'all'}") for each in get_args(Wanted)}
        self._status = self._select("status", named)
        self._time = self._select("within_s", {each: words(f"runs.time.{each}") for each in TIMES})
        said = {"type": "button", "data_sort": "errors", "aria_pressed": "false"}
        self._sort = Told(self.create("button", "quiet", words("runs.errors_first"), **said))
        inside = self._text, self._flow, self._status, self._time, self._sort.element
        self.document.region("runs-bar").replaceChildren(*inside)
        self._failed = dict.fromkeys(row.run_id for _, row in self.stores.runs.items() if row.status == "error")
        self.shows(self._draw, self.stores.runs_filter)
        self.follows(self.stores.runs, self._rows_changed)
        self.on("runs-bar", "input", "input", lambda event: self._choose(text=event.value.strip()))
        self.on("runs-bar", "change", "select", lambda event: self._chose(event.attribute("data-filter"), event.value))
        self.clicks("runs-bar", "data-sort", lambda _: self._choose(errors_first=not self._wanted.errors_first))

    @property
    def _wanted(self) -> RunsFilter:
        return self.stores.runs_filter.get()

    def _select(self, name: str, options: dict[str, str]) -> Any:
        """A choice among few; its first option is what leaves nothing out."""
        told = self.words(f"runs.filter.{name}")
        inside = [self.create("option", "", words, value=value) for value, words in options.items()]
        return self.create("select", "", *inside, data_filter=name, aria_label=told, title=told)

    def _draw(self) -> None:
        wanted = self._wanted
        if self._text.value.strip() != wanted.text:
            self._text.value = wanted.text
        self._flow.value = "this" if wanted.this_flow else "all"
        self._status.value = wanted.status
        self._time.value = next(name for name, seconds in TIMES.items() if seconds == wanted.within_s)
        self._sort.note("aria-pressed", wanted.errors_first)
        self._sort.hide(not (self._failed or wanted.errors_first))

    def _rows_changed(self, changed: dict[str, None]) -> None:
        """An order by failure is offered where something failed."""
        before = bool(self._failed)
        for run_id in changed:
            row = self.stores.runs.get(run_id)
            if row is not None and row.status == "error":
                self._failed[run_id] = None
            else:
                self._failed.pop(run_id, None)
        if before != bool(self._failed):
            self._draw()

    # -- what a person does ---------------------------------------------------------------------------
    def _chose(self, name: str | None, value: str) -> None:
        if name == "this_flow":
            self._choose(this_flow=value == "this")
        elif name == "within_s":
            self._choose(within_s=TIMES.get(value))
        elif name == "status":
            self._choose(status=value)

    def _choose(self, **changes: Any) -> None:
        self.commands.filter_runs(replace(self._wanted, **changes))
