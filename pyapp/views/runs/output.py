"""OutputView: what each ended node of the run in front gave; choosing a node opens its entry."""

from __future__ import annotations

from dataclasses import dataclass

from ...contract.text import text_of
from ...locale.display import duration
from ...ports import DomEvent, Element, Sketch
from ...stores.rows import MockNode
from ..context import View, ViewContext
from ..keyed import Drawn, Keyed
from ..parts import Told, note
from ..sheeted import Sheeted
from ..values import draw_error, draw_value

PREVIEW_CHARS = 140


@dataclass(slots=True)
class _Entry:
    """The entry of one node: a summary that says how it ended last, and each execution's output below it."""

    element: Element
    summary: Element
    outcomes: Keyed[str, MockNode, Drawn]
    shown: dict[str, MockNode]
    latest: MockNode | None = None
    name: str = ""
    text: str = ""


Ended = tuple[tuple[int, int, str], dict[str, MockNode]]
"""The place of a node's first execution, ended or not; its executions that have ended."""


class OutputView(View):
    """One entry a node, in order of first execution; when it ran more than once, the newest is on top."""

    rank = 4

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        region = self.document.region("node-output")
        self._empty = Told(self.parts.empty("output.empty"))
        self._hint = Told(self.create("p", "output-hint", role="status"))
        self._list: Sheeted[str, Ended, _Entry] = Sheeted(
            region,
            lambda: self.create("div", "entries"),
            lambda sheet: Keyed(sheet, self._make, self._update, order=lambda ended: ended[0]),
            order=lambda ended: ended[0],
            beside=(self._empty.element, self._hint.element),
        )
        self._opened: str | None = None
        """The chosen node whose entry was opened for that."""
        self._states = context.nodes
        self.clear()
        mark = self.draws_nodes(self._draw, anew=True)
        self.shows(lambda: None, self.stores.selected)  # `settle` opens it
        self.owns(self.stores.selected.listen(self._chosen))
        self.owns(self.stores.graph.listen(lambda _: mark(self._list)))
        self.on("node-output", "click", "[data-copy]", self._copy)

    def clear(self) -> None:
        self._opened = None
        self._list.clear()

    def settle(self) -> None:
        self._empty.say(self.context.before_runs("output.empty"))
        self._empty.hide(bool(self._list))
        self._open(self.stores.selected.get())

    # -- entries --------------------------------------------------------------------------------------
    def _draw(self, node_id: str) -> None:
        known = self._states[node_id].mocks
        ended = {mock_id: mock for mock_id, mock in known.items() if mock.status != "executing"}
        first = min([(mock.order, mock.began_mark, node_id) for mock in known.values()], default=(0, 0, node_id))
        self._list.draw(node_id, (first, ended) if ended else None)

    def _make(self, node_id: str, ended: Ended) -> _Entry:
        summary, body = self.create("summary"), self.create("div", "entry-body")
        copy = self.parts.sketch_button(self.words("output.copy"), "copy", "quiet copy", data_copy=node_id)
        element = self.create("details", "entry", summary, copy, body, data_node_id=node_id)
        outcomes: Keyed[str, MockNode, Drawn] = Keyed(
            body,
            lambda _, mock: Drawn(self._outcome(mock), mock),
            order=lambda mock: -mock.order,
            other=lambda drawn, mock: drawn.value is not mock,
        )
        return _Entry(element, summary, outcomes, {})

    def _update(self, entry: _Entry, ended: Ended) -> None:
        """Draw what is new of it."""
        before, mocks = entry.shown, ended[1]
        entry.shown = mocks
        for mock_id in {**before, **mocks}:
            if before.get(mock_id) is not mocks.get(mock_id):
                entry.outcomes.draw(mock_id, mocks.get(mock_id))
        latest = max(mocks.values(), key=lambda mock: mock.order)
        name = self.context.title(latest.node_id, latest.run_id, latest.handle)
        if entry.latest is not latest or entry.name != name:
            entry.latest, entry.name = latest, name
            self._summarize(entry, latest)

    def _summarize(self, entry: _Entry, mock: MockNode) -> None:
        entry.text = text_of(mock.error) or text_of(mock.output)
        note(entry.element, "data-status", mock.status)
        sketch = self.parts.sketch
        entry.summary.replaceChildren(
            self.parts.sketch_status(mock.status),
            sketch("span", "entry-name", entry.name),
            sketch("span", f"entry-status status-{mock.status}", self.words(f"status.{mock.status}")),
            sketch("span", "entry-preview", " ".join(entry.text[: PREVIEW_CHARS * 2].split())[:PREVIEW_CHARS]),
        )

    def _outcome(self, mock: MockNode) -> Element:
        words = self.words
        facts = [words("output.order", order=mock.order + 1), words(f"status.{mock.status}")]
        if mock.iteration is not None:
            facts.append(words("output.iteration", iteration=mock.iteration))
        if (seconds := mock.duration_s) is not None:
            facts.append(duration(words, seconds))
        if mock.implied:
            facts.append(words("output.implied"))
        sketch = self.parts.sketch
        inside: list[Sketch] = []
        if error := text_of(mock.error):
            inside.append(draw_error(self.parts, error))
        if mock.output not in (None, ""):
            inside.append(draw_value(self.parts, mock.output))
        if mock.variables:
            inside.append(sketch("p", "facts", words("output.variables")))
            inside.append(draw_value(self.parts, mock.variables))
        said = sketch("p", "facts", " · ".join(facts))
        given = inside or [sketch("p", "empty", words("output.cut" if mock.cut else "output.nothing"))]
        return self.create("div", "outcome", said, *given, data_order=str(mock.order))

    # -- what a person does ---------------------------------------------------------------------------
    def _chosen(self, node_id: str | None) -> None:
        if node_id is not None:
            self.context.platform.zones.reveal("node")

    def _open(self, node_id: str | None) -> None:
        """The chosen node's entry opens, once; where it has given nothing, that is said."""
        entry = self._list.get(node_id)
        graph = self.stores.graph.get()
        group = graph is not None and node_id is not None and graph.is_group(node_id)
        nothing = node_id is not None and entry is None and not group and bool(self.front)
        self._hint.hide(not nothing)
        if node_id is not None and nothing:
            row = self.stores.runs.get(self.front)
            key = row.lacks if row is not None and row.lacks else "output.not_yet"
            self._hint.say(self.words(key, name=self.context.title(node_id, self.front)))
        if node_id == self._opened:
            return
        before = self._list.get(self._opened)
        if before is not None:
            before.element.classList.remove("selected")
        self._opened = node_id if entry is not None else None
        if entry is not None:
            entry.element.setAttribute("open", "")
            entry.element.classList.add("selected")
            entry.element.scrollIntoView()

    def _copy(self, event: DomEvent) -> None:
        entry = self._list.get(event.attribute("data-copy"))
        if entry is not None:
            self.document.copy(entry.text)
