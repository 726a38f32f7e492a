"""LogView: the server's log lines of the run in front. Sticks to the end unless scrolled up."""

from __future__ import annotations

from ...locale.display import time_of_day
from ...ports import DomEvent
from ...stores.rows import LogLine, RunLog
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from .log_filter import LogFilter

LEVELS = ("debug", "info", "warning", "error")
NEAR_END_PX = 40


class LogView(View):
    rank = 6

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("log")
        self._empty = self.parts.empty("log.empty")
        self._none = self.parts.empty("log.none")
        self._filter = LogFilter(context)
        self._lines: Keyed[int, LogLine, Drawn] = Keyed(self._region, self._make, beside=(self._empty, self._none))
        self._known = RunLog()
        self._at_end: bool | None = None
        """Whether its end was in sight before this turn; None until something is added."""
        self.clear()
        self._mark = self.part(self._draw, self._every)
        self.on("log-bar", "change", "[data-filter]", self._filtered)
        self.owns(self.stores.logs.listen(self._changed))
        self.owns(self.stores.front.listen(lambda _: self.redraw()))

    def clear(self) -> None:
        self._filter.clear()
        self._lines.clear()

    def settle(self) -> None:
        self._say_empty()
        if self._at_end:
            self._region.scrollTop = self._region.scrollHeight
        self._at_end = None

    def _log(self) -> RunLog:
        return self.stores.logs.get(self.front) or RunLog()

    def _every(self) -> range:
        """Lines are known by how many came before them."""
        self._known = self._log()
        return range(self._known.dropped, self._known.total)

    def _changed(self, runs: dict[str, None]) -> None:
        """What came since, and what the store dropped."""
        if self.front in runs:
            before, now = self._known, self._log()
            self._known = now
            if now.total < before.total:
                self.redraw()
            self._mark((*range(before.dropped, now.dropped), *range(before.total, now.total)))

    def _draw(self, number: int) -> None:
        log = self._log()
        index = number - log.dropped
        if self._at_end is None:
            region = self._region
            self._at_end = region.scrollTop + region.clientHeight >= region.scrollHeight - NEAR_END_PX
        self._lines.draw(number, log.lines[index] if 0 <= index < len(log.lines) else None)

    def _make(self, number: int, line: LogLine) -> Drawn:
        create, level, node = self.create, _level(line), line.node_id or ""
        self._filter.offer(line)
        inside = (
            create("time", "log-time", time_of_day(line.ts)),
            create("span", "log-level", line.level[:12]),
            create("span", "log-node", node),
            create("span", "log-text", line.text),
        )
        element = create("div", "log-line", *inside, data_level=level, data_node=node)
        element.hidden = not self._filter.shows(level, line.node_id)
        return Drawn(element, line)

    def _filtered(self, event: DomEvent) -> None:
        self._filter.choose(event.attribute("data-filter") or "", event.value)
        for _, line in self._lines.items():
            line.element.hidden = not self._filter.shows(_level(line.value), line.value.node_id)
        self._say_empty()

    def _say_empty(self) -> None:
        """No line yet, or none that the filter lets through."""
        self._empty.hidden = bool(self._lines)
        shown = (self._filter.shows(_level(line.value), line.value.node_id) for _, line in self._lines.items())
        self._none.hidden = not self._lines or any(shown)


def _level(line: LogLine) -> str:
    """One of the levels there are."""
    level = line.level.lower()
    return level if level in LEVELS else "info"
