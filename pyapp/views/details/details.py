"""DetailsView: all that belongs to the chosen node; without a choice, what the whole run was given, made and spent.

Only what is chosen is drawn, and only what changed of it is drawn again.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from ...ports import DomEvent, Element
from ...run.record import Message, Wanted
from ...stores.rows import LogLine, MockNode, RunKey, RunLog, node_of
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from ..parts import Told
from .boxes import Boxes
from .find import Find
from .sections import Sections

MAX_LINES = 300
"""Log lines of one node that are shown, the newest."""
MAX_SOUGHT = 100
"""Of those before them that are sought, the newest."""

_Ran = tuple[MockNode, str | None]
"""One time a node ran; the error of its run, if it ended with that."""


class DetailsView(View):
    rank = 5

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._boxes = Boxes(self.parts)
        make = self._sections = Sections(self.parts, self._boxes)
        region, create = self.document.region("details"), self.create
        self._title, self._head = Told(create("h3", "details-title")), create("div", "details-head")
        self._empty = Told(self.parts.empty("details.empty"))
        search = self._search = Find(self.parts, "details")
        whole = self.words("details.whole")
        self._back = Told(self.parts.button(whole, "x", "quiet details-back", data_choose="", title=whole))
        self._bar = Told(
            create("div", "details-bar", self._title.element, self._back.element, search.told, search.field)
        )
        self._groups = {name: self._group(name) for name in ("runs", "tools", "asked", "lines")}
        region.replaceChildren(
            self._bar.element, self._empty.element, self._head, *(group.element for group, _ in self._groups.values())
        )
        runs, tools, asked, lines = (place for _, place in self._groups.values())

        def other(drawn: Drawn, value: object) -> bool:
            return drawn.value is not value

        self._runs: Keyed[str, _Ran, Drawn] = Keyed(
            runs,
            lambda _, ran: Drawn(make.execution(*ran), ran),
            order=lambda ran: -ran[0].order,
            other=lambda drawn, ran: drawn.value[0] is not ran[0] or drawn.value[1] != ran[1],
        )
        self._tools: Keyed[str, Message, Drawn] = Keyed(
            tools,
            lambda _, call: Drawn(make.tool(call), _state(call)),
            order=lambda call: call.serial,
            other=lambda drawn, call: drawn.value != _state(call),
        )
        self._asked: Keyed[str, Wanted, Drawn] = Keyed(
            asked, lambda _, each: Drawn(make.asked(each), each), order=lambda each: each.serial, other=other
        )
        self._lines: Keyed[int, tuple[int, LogLine], Drawn] = Keyed(
            lines, lambda _, line: Drawn(make.line(line[1])), order=lambda line: line[0]
        )
        self._lists: tuple[Keyed[Any, Any, Drawn], ...] = (self._runs, self._tools, self._asked, self._lines)
        self._seen = 0
        """Lines of the log that were looked through."""
        self._found = 0
        """So many lines before the newest are drawn because they are sought."""
        self._run: tuple[object, ...] = ()
        """What was drawn of the whole run."""
        self._listen()

    def _group(self, name: str) -> tuple[Told, Element]:
        place = self.create("div", f"details-{name}")
        words = self.words(f"details.{name}")
        heading = self.create("p", "details-heading", words)
        return Told(self.create("div", "details-group", heading, place, role="group", aria_label=words)), place

    def _listen(self) -> None:
        stores = self.stores
        self._mark_runs = self.part(self._draw_run, self._every_run)
        self._mark_tools = self.part(self._draw_tool, self._every_tool)
        self._mark_asked = self.part(self._draw_asked, self._every_asked)
        self._mark_lines = self.part(self._draw_line, self._every_line)
        self._mark_head = self.part(lambda _: self._draw_head(), lambda: (None,))
        self.owns(stores.selected.listen(lambda _: self.redraw()))
        self.owns(stores.front.listen(lambda _: self.redraw()))
        self.owns(stores.graph.listen(lambda _: self._mark_head((None,))))
        self.follows(stores.mock, self._mocks_changed)
        self.follows(stores.chat, self._chat_changed)
        self.follows(stores.answered, self._answers_changed)
        self.follows(stores.logs, self._log_changed)
        self.follows_run(self._run_changed)
        self.follows(stores.groups, lambda keys: self._mark_head((None,)) if (self.front, self._node) in keys else None)
        for region in ("details", "large"):
            self.on(region, "input", "[data-find]", self._find)
        self.on("details", "click", "[data-box]", self._boxes.press)
        self.on("details", "click", "[data-choose]", lambda _: self.commands.choose_node(None))

    @property
    def _node(self) -> str:
        return self.stores.selected.get() or ""

    def clear(self) -> None:
        for each in self._lists:
            each.clear()
        self._boxes.clear()
        self._head.replaceChildren()
        self._seen, self._run, self._found = 0, (), 0

    def settle(self) -> None:
        if self._search.text:
            self._search.seek(self._search.text, self._boxes.unseen, again=True)
        for (group, _), keyed in zip(self._groups.values(), self._lists, strict=True):
            group.hide(not len(keyed))
        self._empty.hide(bool(self.front))
        self._bar.hide(not self.front)
        self._back.hide(not (self.front and self._node))

    # -- what changed of the chosen node ----------------------------------------------------------------
    def _mocks_changed(self, keys: dict[RunKey, None]) -> None:
        front, node = self.front, self._node
        if node:
            self._mark_runs(name for run_id, name in keys if run_id == front and node_of(name) == node)
            self._mark_head((None,))

    def _run_changed(self) -> None:
        self._mark_head((None,))
        self._mark_runs(name for name, drawn in self._runs.items() if drawn.value[0].implied)

    def _chat_changed(self, keys: dict[RunKey, None]) -> None:
        if self._node:
            front = self.front
            self._mark_tools(name for run_id, name in keys if run_id == front and name.startswith("tool/"))

    def _answers_changed(self, keys: dict[RunKey, None]) -> None:
        self._mark_asked(name for run_id, name in keys if run_id == self.front)

    def _log_changed(self, runs: dict[str, None]) -> None:
        if self.front in runs and self._node:
            self._mark_lines(self._every_line())

    # -- every part of the chosen node ------------------------------------------------------------------
    def _every_run(self) -> Iterable[str]:
        return list(self.stores.mock.of_node(self.front, self._node))

    def _every_tool(self) -> Iterable[str]:
        return [key for key in self.stores.chat.of_run(self.front) if key.startswith("tool/")] if self._node else []

    def _every_asked(self) -> Iterable[str]:
        return list(self.stores.answered.of_run(self.front))

    def _every_line(self) -> Iterable[int]:
        """The numbers of the node's lines that were not looked at yet, as far as they are drawn."""
        log = self.stores.logs.get(self.front) or RunLog()
        since, self._seen = max(self._seen, log.dropped), log.total
        return self._wanted_of(log, since)

    def _wanted_of(self, log: RunLog, since: int) -> list[int]:
        """The newest of the node's lines from a number on; of those before them the ones that are sought."""
        if not self._node:
            return []
        texts = {
            since + place: line.text
            for place, line in enumerate(log.lines[since - log.dropped :])
            if line.node_id == self._node
        }
        older = list(texts)
        sought = self._search.text.lower()
        found = [number for number in older[:-MAX_LINES] if sought and sought in texts[number].lower()][-MAX_SOUGHT:]
        self._found += len(found)
        return [*found, *older[-MAX_LINES:]]

    # -- drawing ----------------------------------------------------------------------------------------
    def _draw_run(self, name: str) -> None:
        """Where it only ended with its run, with what that failed of."""
        mock, row = self.stores.mock.get((self.front, name)), self.stores.runs.get(self.front)
        ended_with = mock is not None and mock.implied and mock.status == "error"
        self._runs.draw(name, None if mock is None else (mock, row.error if ended_with and row is not None else None))

    def _draw_tool(self, key: str) -> None:
        call = self.stores.chat.get((self.front, key))
        self._tools.draw(key, call if call is not None and call.node_id == self._node else None)

    def _draw_asked(self, key: str) -> None:
        """Without a choice, of the whole run."""
        wanted = self.context.answered(self.front, key)
        shown = wanted is not None and self._node in ("", wanted.node_id)
        self._asked.draw(key, wanted if shown else None)

    def _draw_line(self, number: int) -> None:
        log = self.stores.logs.get(self.front) or RunLog()
        place = number - log.dropped
        self._lines.draw(number, (number, log.lines[place]) if 0 <= place < len(log.lines) else None)
        while len(self._lines) > MAX_LINES + self._found:
            self._lines.draw(next(islice(self._lines, self._found, None)), None)

    def _draw_head(self) -> None:
        """The node's name, and how it is that it never ran; or the run's, with all that is the run's own."""
        row, node = self.stores.runs.get(self.front), self._node
        if row is None:
            self._title.say("")
            return
        self._title.say(self.context.title(node, self.front) if node else self.words("details.whole"))
        graph, states = self.context.graph_of(self.front), self.context.states
        group = None if self.stores.mock.latest(self.front, node) else self.stores.groups.get((self.front, node))
        never = node and graph is not None and graph.node(node) and not self.context.nodes[node].status
        unbegun, status = states.unbegun(self.front) or row.lacks if never else "", states.run(row)
        drawn = node, unbegun, group, status, row.given, row.content, row.error, row.spent, row.started_at, row.ended_at
        if drawn == self._run:
            return
        self._run = drawn
        if group is not None and group.status is not None:
            facts = [self.words(f"status.{group.status}"), *self.context.tally.within(group)]
        else:
            facts = [self.words(unbegun)] if unbegun else []
        said = [self.create("p", "facts details-unbegun", " · ".join(facts))] if facts else []
        self._head.replaceChildren(*(said if node else self._sections.whole(row, status)))

    # -- what a person does -------------------------------------------------------------------------------
    def _find(self, event: DomEvent) -> None:
        text = event.value.strip()
        if event.attribute("data-find") == "large":
            self._boxes.seek(text)
            return
        log, self._search.text, self._found = self.stores.logs.get(self.front) or RunLog(), text, 0
        wanted = dict.fromkeys(self._wanted_of(log, log.dropped))
        for number in [each for each in self._lines if each not in wanted]:
            self._lines.draw(number, None)
        for number in [each for each in wanted if self._lines.get(each) is None]:
            self._draw_line(number)
        self._boxes.want(text)
        self._search.seek(text, self._boxes.unseen)


def _state(call: Message) -> tuple[object, ...]:
    """What is shown of a call: it changes in place."""
    return call.status, call.name, call.result is None, call.error is None, call.usage, call.ended_at
