"""FakeTimeline: keeps the bars that it is told, as web/js/timeline does, and draws none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .dom import FakeDocument


@dataclass(frozen=True, slots=True)
class ShownBar:
    """One bar as it was told."""

    parent: str | None
    kind: str
    node_id: str
    name: str
    status: str
    started_at: float | None
    ended_at: float | None
    order: int
    iteration: int | None
    began_at: float | None
    waits: list[list[float | None]]


class FakeTimeline:
    """A TimelineSurface. `look`, `move` and `choose` are what a person does."""

    def __init__(self, document: FakeDocument) -> None:
        self._document = document
        self._view = document.create("div", "timeline-view", data_shown="false", data_chosen="")
        self.words: dict[str, str] = {}
        self.bars: dict[str, ShownBar] = {}
        self.last: dict[str, Any] = {}
        self.wanted: dict[str, Any] = {}
        """How it is to be looked at, as Python said it last."""
        self.taken = 0
        """How often anything was told."""

    def open(self, words: str) -> None:
        self.words, self.bars = json.loads(words), {}
        self._document.region("timeline").replaceChildren(self._view)

    def take(self, news: str) -> None:
        self.last = json.loads(news)
        self.taken += 1
        if self.last["anew"]:
            self.bars.clear()
        for key, *rest in self.last["bars"]:
            self.bars[key] = ShownBar(*rest)
        for key in self.last["gone"]:
            del self.bars[key]

    def lookAt(self, wanted: str) -> None:
        self.wanted = json.loads(wanted)

    # -- for tests
    def look(self, *, away: bool = False) -> None:
        """Its tab comes to the front, or leaves."""
        self._view.setAttribute("data-shown", "false" if away else "true")
        self._document.fire("shown", self._view)

    def move(self, **looked: Any) -> None:
        """A person looks at it in this way."""
        self._view.setAttribute("data-look", json.dumps(looked))
        self._document.fire("look", self._view)

    def choose(self, node_id: str) -> None:
        """A bar of this node is clicked."""
        self._view.setAttribute("data-chosen", node_id)
        self._document.fire("choose", self._view)

    def tree(self) -> dict[str, list[str]]:
        """Bar → those that stand in it, by key; "" has the one that stands in none."""
        found: dict[str, list[str]] = {}
        for key in sorted(self.bars):
            found.setdefault(self.bars[key].parent or "", []).append(key)
        return found
