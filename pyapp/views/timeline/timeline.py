"""TimelineView: a bar for each execution, tool call and group of the run in front, and for the run itself.

It tells the page's JavaScript once a frame what of the bars changed; that draws them, and owns zoom, folds and scale.
While nobody looks at the timeline nothing is told, and nothing is kept: when somebody does, all is told anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ...contract.location import Looked
from ...stores.rows import RunKey
from ...stores.tables import RunTable
from ..context import View, ViewContext
from ..drawing import Mark
from .bars import RUN, execution_bar, group_bar, run_bar, tool_bar
from .looks import read_look, write_look
from .telling import Telling
from .words import words_of

MAX_DEPTH = 100
"""Groups in groups that are climbed; what is deeper stands at the top."""


class TimelineView(View):
    """Owns what the timeline was told. A bar that is chosen chooses its node everywhere."""

    rank = 6

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._surface = context.platform.timeline
        self._looked_at = False
        self._telling = Telling()
        stores = self.stores
        self._executions = self._draws(stores.mock, self._draw_execution)
        self._groups = self._draws(stores.groups, self._draw_group)
        self._draws(stores.chat, self._draw_tool, self._is_tool)
        run = self.part(lambda _: self._draw_run(), lambda: [RUN] if self._looked_at else [])
        self.follows_run(lambda: run([RUN]) if self._looked_at else None)
        self.follows(stores.away, lambda runs: run([RUN]) if self._looked_at and self.front in runs else None)
        self.owns(stores.front.listen(lambda _: self._again()))
        self.owns(stores.graph.listen(lambda _: self._again()))
        self.shows(lambda: None, stores.selected)  # `settle` tells it
        self.on("timeline", "shown", "[data-shown]", lambda event: self._look(event.attribute("data-shown") == "true"))
        self.on("timeline", "choose", "[data-chosen]", lambda event: self._choose(event.attribute("data-chosen")))
        self._surface.open(json.dumps(words_of(self.words)))
        self._looked = Looked()
        """How it is looked at, as far as the page's JavaScript knows."""
        self.shows(self._show_look, stores.looked)
        self.on("timeline", "look", "[data-look]", lambda event: self._look_so(event.attribute("data-look") or ""))

    def clear(self) -> None:
        self._telling.clear()

    def settle(self) -> None:
        """One crossing a frame, whatever changed."""
        if self._looked_at:
            row, now = self.stores.runs.get(self.front), self.context.shared.server_clock.now()
            live, away = row is not None and not row.over, self.stores.away.get(self.front)
            stands = away is not None and row is not None and row.status == "executing"
            if away is not None and stands:
                now = away.at
            said = {"run": self.front, "live": live, "now": now, "stands": stands}
            said["chosen"] = self.stores.selected.get()
            self._surface.take(json.dumps({**self._telling.news(), **said}))

    # -- what is drawn -------------------------------------------------------------------------------
    def _draws(
        self, table: RunTable[Any], draw: Callable[[str], None], wanted: Callable[[Any], bool] = lambda row: True
    ) -> Mark:
        """`draw(name)` for each wanted row of the run in front that changed, while somebody looks."""

        def every() -> list[str]:
            return [name for name, row in table.of_run(self.front).items() if wanted(row)] if self._looked_at else []

        part = self.part(draw, every)

        def changed(keys: dict[RunKey, None]) -> None:
            if self._looked_at:
                front, rows = self.front, table.of_run(self.front)
                names = [name for run_id, name in keys if run_id == front and (name not in rows or wanted(rows[name]))]
                if names:
                    part(names)

        self.follows(table, changed)
        return part

    def _draw_run(self) -> None:
        row, context = self.stores.runs.get(self.front), self.context
        bar = run_bar(row, context.run_name(row.run_id), context.states.run(row)) if row is not None else None
        self._telling.put(RUN, bar)

    def _draw_execution(self, mock_id: str) -> None:
        key, mock = f"node/{mock_id}", self.stores.mock.get((self.front, mock_id))
        before = self._telling.get(key)
        if mock is None:
            self._telling.put(key, None)
            self._groups([before.node_id] if before is not None else [])
            return
        (inside, ring), name = self._inside(mock.node_id), self.context.title(mock.node_id, mock.run_id, mock.handle)
        self._telling.put(key, execution_bar(mock, name, inside))
        if before is None:
            self._groups([mock.node_id] if (self.front, mock.node_id) in self.stores.groups else [])
        moved = ring if before is None or before.inside != inside else []
        first = self._telling.get(f"node/{next(iter(self.stores.mock.of_node(self.front, mock.node_id)))}")
        if first is not None and (first.inside, first.name) != (inside, name):  # known only since a later execution
            moved = [*moved, mock.node_id]
        if moved:
            self._executions([each for node_id in moved for each in self.stores.mock.of_node(self.front, node_id)])

    def _draw_group(self, group_id: str) -> None:
        """A group that has executions of its own is shown by them."""
        state = self.stores.groups.get((self.front, group_id))
        bar = None
        if state is not None and not self.stores.mock.of_node(self.front, group_id):
            bar = group_bar(group_id, state, self.context.title(group_id, self.front), self._inside(group_id)[0])
        self._telling.put(f"group/{group_id}", bar)

    def _draw_tool(self, key: str) -> None:
        call = self.stores.chat.get((self.front, key))
        self._telling.put(key, tool_bar(call) if call is not None else None)

    @staticmethod
    def _is_tool(message: Any) -> bool:
        return bool(message.kind == "tool")

    def _inside(self, node_id: str) -> tuple[str, list[str]]:
        """The group a node is directly in; "" for none, and for one that is in itself: then also that ring."""
        first = self._parent(node_id)
        each, climbed = first, [node_id]
        while each is not None and each not in climbed and len(climbed) < MAX_DEPTH:
            climbed.append(each)
            each = self._parent(each)
        return (first or "", []) if each is None else ("", climbed)

    def _parent(self, node_id: str) -> str | None:
        """As the flow lists it, else as its own events say."""
        graph = self.stores.graph.get()
        listed = graph.parent(node_id) if graph is not None else None
        if listed is not None:
            return listed
        mock = self.stores.mock.latest(self.front, node_id)
        return mock.parent if mock is not None else None

    # -- who looks, and what a person does -------------------------------------------------------------
    def _look(self, looked_at: bool) -> None:
        if looked_at != self._looked_at:
            self._looked_at = looked_at
            self.redraw()

    def _show_look(self) -> None:
        """An address, or the way back, wants it looked at in another way."""
        wanted = self.stores.looked.get()
        if wanted != self._looked:
            self._looked = wanted
            self._surface.lookAt(write_look(wanted))

    def _look_so(self, told: str) -> None:
        """A person did."""
        self._looked = read_look(told)
        self.commands.look(self._looked)

    def _again(self) -> None:
        if self._looked_at:
            self.redraw()

    def _choose(self, node_id: str | None) -> None:
        self.commands.choose_node(node_id or None)
