"""LogView: the server's log lines of the run in front. Appends; sticks to the end unless scrolled up."""

from __future__ import annotations

from ...locale.display import time_of_day
from ...ports import DomEvent, Element
from ...stores.logs import LogLine, RunLog
from ..context import View, ViewContext
from ..parts import empty
from .log_filter import LogFilter

LEVELS = ("debug", "info", "warning", "error")
NEAR_END_PX = 40


class LogView(View):
    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("log")
        self._empty = empty(self.document, self.words("log.empty"))
        self._none = empty(self.document, self.words("log.none"))
        self._shown = 0
        self._lines: list[Element] = []
        self._filter = LogFilter(context)
        self.on("log-bar", "change", "[data-filter]", self._filtered)
        self._redraw()
        self.owns(self.stores.logs.listen(self._changed))
        self.owns(self.stores.front.listen(lambda _: self._redraw()))

    def _redraw(self) -> None:
        self._shown = 0
        self._lines.clear()
        self._filter.clear()
        self._region.replaceChildren(self._empty, self._none)
        self._append()

    def _changed(self, changed: set[str]) -> None:
        if self.stores.front.get() in changed:
            self._append()

    def _append(self) -> None:
        """Draw the lines that are not there yet; what the store dropped leaves the page too."""
        front = self.stores.front.get()
        log = (self.stores.logs.get(front) if front is not None else None) or RunLog()
        region = self._region
        at_end = region.scrollTop + region.clientHeight >= region.scrollHeight - NEAR_END_PX
        new = log.lines[max(0, self._shown - log.dropped) :]
        for line in new:
            self._filter.offer(line)
            element = self._line(line)
            self._lines.append(element)
            region.append(element)
        self._shown = log.total
        while len(self._lines) > len(log.lines):
            self._lines.pop(0).remove()
        self._say_empty()
        if at_end and new:
            region.scrollTop = region.scrollHeight

    def _filtered(self, event: DomEvent) -> None:
        self._filter.choose(event.attribute("data-filter") or "", event.value)
        for line in self._lines:
            level, node = line.getAttribute("data-level"), line.getAttribute("data-node")
            line.hidden = not self._filter.shows(level, node or None)
        self._say_empty()

    def _say_empty(self) -> None:
        """No line yet, or none that the filter lets through."""
        self._empty.hidden = bool(self._lines)
        self._none.hidden = not self._lines or not all(line.hidden for line in self._lines)

    def _line(self, line: LogLine) -> Element:
        create = self.document.create
        level = line.level.lower() if line.level.lower() in LEVELS else "info"
        element = create("div", "log-line", data_level=level, data_node=line.node_id or "")
        element.hidden = not self._filter.shows(level, line.node_id)
        element.append(
            create("time", "log-time", time_of_day(line.ts)),
            create("span", "log-level", line.level[:12]),
            create("span", "log-node", line.node_id or ""),
            create("span", "log-text", line.text),
        )
        return element
