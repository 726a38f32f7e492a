"""LogFilter: which lines of the log are shown, by level and by node."""

from __future__ import annotations

from ...ports import Element
from ...stores.rows import LogLine
from ..context import ViewContext

SHOWN = {"info": ("debug", "info", "warning", "error"), "warning": ("warning", "error"), "error": ("error",)}
"""Choice → the levels it shows."""


class LogFilter:
    """Owns the two choices over the log."""

    def __init__(self, context: ViewContext) -> None:
        self.create, self.words = context.document.create, context.words
        self._level = self._select("level", [(each, f"log.filter.{each}") for each in SHOWN])
        self._node = self._select("node", [("", "log.filter.all")])
        self._nodes: set[str] = set()
        self.level, self.node = "info", ""
        context.document.region("log-bar").replaceChildren(self._level, self._node)

    def shows(self, level: str, node_id: str | None) -> bool:
        """Whether a line passes."""
        return level in SHOWN[self.level] and self.node in ("", node_id)

    def offer(self, line: LogLine) -> None:
        """A node that wrote can be chosen from now on."""
        if line.node_id and line.node_id not in self._nodes:
            self._nodes.add(line.node_id)
            self._node.append(self.create("option", "", line.node_id, value=line.node_id))

    def clear(self) -> None:
        """Another run: its nodes are others."""
        self._nodes.clear()
        self.node = ""
        self._node.replaceChildren(self.create("option", "", self.words("log.filter.all"), value=""))

    def choose(self, which: str, value: str) -> None:
        """A person chose a level or a node."""
        if which == "level" and value in SHOWN:
            self.level = value
        elif which == "node":
            self.node = value

    def _select(self, which: str, options: list[tuple[str, str]]) -> Element:
        words = self.words(f"log.filter.{which}")
        inside = (self.create("option", "", self.words(key), value=value) for value, key in options)
        return self.create("select", "", *inside, data_filter=which, aria_label=words, title=words)
