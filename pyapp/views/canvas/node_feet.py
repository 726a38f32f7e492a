"""NodeFeetView: below each node's name, for how long it has run or ran, which tools are at work, how far a group is."""

from __future__ import annotations

from ...stores.groups import GroupKey
from ...stores.mock import MockKey, MockNode
from ...stores.tools import ToolsKey
from ..context import View, ViewContext
from ..parts import duration, icon
from ..ticker import Ticker


class NodeFeetView(View):
    """Draws the foot of the nodes of the run in front; the work of a change is that of its node."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._latest: dict[str, MockNode] = {}
        self._live: set[str] = set()
        self._groups: set[str] = set()
        """Groups that were drawn for the run in front when it, or the canvas, was last drawn anew."""
        self._ticker = Ticker(context.clock, self._tick)
        self.owns(self.stores.mock.listen(self._mock_changed))
        self.owns(self.stores.tools.listen(self._keys_changed))
        self.owns(self.stores.groups.listen(self._keys_changed))
        self.owns(self.stores.front.listen(lambda _: self._redraw()))
        self.owns(self.stores.canvas.subscribe(lambda _: self._redraw()))
        self.owns(self._ticker.stop)

    def _redraw(self) -> None:
        """Another run, or another canvas."""
        before = set(self._latest)
        self._latest.clear()
        self._live.clear()
        front = self.stores.front.get()
        for mock in self.stores.mock.of_run(front).values():
            self._note(mock)
        groups = {node_id for (run_id, node_id), _ in self.stores.groups.items() if run_id == front}
        for node_id in before | set(self._latest) | groups | self._groups:
            self._draw(node_id)
        self._groups = groups
        self._ticker.run(bool(self._live))

    def _mock_changed(self, keys: set[MockKey]) -> None:
        front = self.stores.front.get()
        touched = []
        for key in keys:
            mock = self.stores.mock.get(key)
            if mock is not None and mock.run_id == front:
                self._note(mock)
                touched.append(mock.node_id)
        for node_id in touched:
            self._draw(node_id)
        self._ticker.run(bool(self._live))

    def _keys_changed(self, keys: set[ToolsKey] | set[GroupKey]) -> None:
        front = self.stores.front.get()
        for run_id, node_id in keys:
            if run_id == front:
                self._draw(node_id)

    def _note(self, mock: MockNode) -> None:
        known = self._latest.get(mock.node_id)
        if known is None or mock.order >= known.order:
            self._latest[mock.node_id] = mock
        latest = self._latest[mock.node_id]
        (self._live.discard if latest.ended else self._live.add)(mock.node_id)

    def _tick(self) -> None:
        for node_id in self._live:
            self._draw(node_id)

    def _draw(self, node_id: str) -> None:
        foot = self.document.part(node_id, "node-foot")
        if foot is None:
            return
        create = self.document.create
        parts = [create("span", "node-time", self._time(node_id))]
        front = self.stores.front.get() or ""
        names = self.stores.tools.get((front, node_id))
        if names:
            tools = create("span", "node-tools")
            tools.append(icon(self.document, "wrench"), create("span", text=", ".join(dict.fromkeys(names))))
            parts.append(tools)
        group = self.stores.groups.get((front, node_id))
        if group is not None and group.total:
            words = self.words("group.progress", done=group.done, total=group.total)
            if group.rounds > 1:
                words += " · " + self.words("group.round", round=group.rounds)
            parts.append(create("span", "node-progress", words))
            if group.failed:
                parts.append(create("span", "node-failed", self.words("group.failed", count=group.failed)))
        foot.replaceChildren(*parts)

    def _time(self, node_id: str) -> str:
        mock = self._latest.get(node_id)
        front = self.stores.front.get()
        group = self.stores.groups.get((front, node_id)) if front is not None else None
        if mock is None:
            if group is None or group.since is None:
                return ""
            took = group.duration_s
            return duration(self.words, self.context.clock.now() - group.since if took is None else took)
        if mock.ended:
            return "" if mock.duration_s is None else duration(self.words, mock.duration_s)
        return "" if mock.since is None else duration(self.words, self.context.clock.now() - mock.since)
