"""LogView: the server's log lines of the run in front, by level and by node. Sticks to the end unless scrolled up."""

from __future__ import annotations

from ...contract.flow import FlowGraph
from ...ports import DomEvent, Element
from ...stores.rows import LogLine, RunLog
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from ..values import draw_line

SHOWN = {"info": ("debug", "info", "warning", "error"), "warning": ("warning", "error"), "error": ("error",)}
"""What a person chooses → the levels it shows."""
NEAR_END_PX = 40


class LogView(View):
    rank = 6

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("log")
        self._empty = self.parts.empty("log.empty")
        self._none = self.parts.empty("log.none")
        self._zones = context.platform.zones
        self._chosen = {"level": "info", "node": ""}
        """Which lines a person wants to see."""
        self._nodes: set[str] = set()
        """Those that wrote, and can be chosen."""
        level, self._node = self._select("level", *SHOWN), self._select("node")
        self.document.region("log-bar").replaceChildren(level, self._node)
        self._lines: Keyed[int, LogLine, Drawn] = Keyed(self._region, self._make, beside=(self._empty, self._none))
        self._known = RunLog()
        self._at_end: bool | None = None
        """Whether its end was in sight before this turn; None until something is added."""
        self.clear()
        self._mark = self.part(self._draw, self._every)
        self.on("log-bar", "change", "[data-filter]", self._filtered)
        self.follows(self.stores.logs, self._changed)
        self.owns(self.stores.front.listen(lambda _: self.redraw()))
        self._flow: str | None = None
        """Whose names the lines say."""
        self.owns(self.stores.graph.listen(self._named))

    def _named(self, graph: FlowGraph | None) -> None:
        """Lines may come before their flow: then they said ids."""
        flow = graph.flow.id if graph is not None else None
        if flow != self._flow:
            self._flow = flow
            self.redraw()

    def clear(self) -> None:
        """Another run: its nodes are others."""
        self._chosen["node"] = ""
        self._nodes.clear()
        self._node.replaceChildren(self.create("option", "", self.words("log.filter.all"), value=""))
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
        create, node = self.create, line.node_id or ""
        if node and node not in self._nodes:
            self._nodes.add(node)
            self._node.append(create("option", "", self.context.title(node, self.front), value=node))
        inside = (
            self.parts.moment("log-time", line.ts, exact=True),
            create("span", "log-level", line.level[:12]),
            create("span", "log-node", self.context.title(node, self.front) if node else "", title=node),
            create("div", "log-text", draw_line(self.parts, line.text)),
        )
        if _level(line) in SHOWN["warning"]:
            self._zones.suggest("log")
        element = create("div", "log-line", *inside, data_level=_level(line), data_node=node)
        element.hidden = not self._shows(line)
        return Drawn(element, line)

    # -- what a person wants to see -------------------------------------------------------------------
    def _select(self, which: str, *choices: str) -> Element:
        words = self.words(f"log.filter.{which}")
        options = (self.create("option", "", self.words(f"log.filter.{each}"), value=each) for each in choices)
        return self.create("select", "", *options, data_filter=which, aria_label=words, title=words)

    def _shows(self, line: LogLine) -> bool:
        return _level(line) in SHOWN[self._chosen["level"]] and self._chosen["node"] in ("", line.node_id)

    def _filtered(self, event: DomEvent) -> None:
        which = event.attribute("data-filter")
        if which == "node" or event.value in SHOWN:
            self._chosen[which or ""] = event.value
        for _, line in self._lines.items():
            line.element.hidden = not self._shows(line.value)
        self._say_empty()

    def _say_empty(self) -> None:
        """No line yet, or none that a person wants to see."""
        self._empty.hidden = bool(self._lines)
        self._none.hidden = not self._lines or any(self._shows(line.value) for _, line in self._lines.items())


def _level(line: LogLine) -> str:
    """One of the levels there are."""
    level = line.level.lower()
    return level if level in SHOWN["info"] else "info"
