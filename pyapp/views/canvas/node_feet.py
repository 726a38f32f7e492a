"""NodeFeetView: below each node's name, for how long it has run or ran, which tools are at work, how far a group is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...ports import Element
from ...stores.rows import GroupState
from ..context import View, ViewContext
from ..ticker import Elapsed


@dataclass(slots=True)
class _Foot:
    place: Element
    elapsed: Elapsed
    shown: tuple[object, ...] | None = None
    """What stands in it, the duration apart."""


class NodeFeetView(View):
    """Draws the foot of the nodes of the run in front; the work of a change is that of its node."""

    rank = 2
    wipes = True

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._feet: dict[str, _Foot] = {}
        self._states = context.nodes
        mark = self.draws_nodes(self._draw)
        self.follows(self.stores.away, lambda runs: mark(self._feet) if self.front in runs else None)
        self.draws_front(self.stores.tools, self._draw)
        self.draws_front(self.stores.groups, self._draw)
        self.owns(self.stores.canvas.listen(lambda _: self._feet.clear()))
        self.follows_canvas()

    def clear(self) -> None:
        self.document.empty("node-foot")
        for foot in self._feet.values():
            foot.elapsed.stop()
            foot.shown = None

    def _draw(self, node_id: str) -> None:
        foot = self._feet.get(node_id) or self._foot(node_id)
        if foot is None:
            return
        _, mock, group, tools, _ = self._states[node_id]
        timed = mock or group
        if timed is None:
            foot.elapsed.show(None, None, live=False)
        elif timed.status == "executing":
            foot.elapsed.show(timed.started_at, None, live=True, away=self.stores.away.get(self.front))
        else:
            foot.elapsed.show(timed.started_at, timed.ended_at, live=False)
        shown = timed is None, tools, group and (group.done, group.total, group.rounds, group.failed)
        if foot.shown != shown:
            foot.shown = shown
            parts = [foot.elapsed.element] if timed is not None or tools else []
            if tools:
                parts.append(self._tools(tools))
            if group is not None:
                parts += self._progress(group)
            foot.place.replaceChildren(*parts)

    def _tools(self, names: Sequence[str]) -> Element:
        words = self.create("span", "", ", ".join(dict.fromkeys(names)))
        return self.create("span", "node-tools", self.parts.icon("wrench"), words)

    def _progress(self, group: GroupState) -> list[Element]:
        said = self.context.tally.within(group)
        return [self.create("span", *each) for each in zip(("node-progress", "node-failed"), said, strict=False)]

    def _foot(self, node_id: str) -> _Foot | None:
        """None for a node that is not on the canvas, or that somebody else drew without a foot."""
        place = self.document.part(node_id, "node-foot")
        if place is not None:
            self._feet[node_id] = _Foot(place, self.elapsed("node-time"))
        return self._feet.get(node_id)
