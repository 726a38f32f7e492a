"""OutputView: what each ended node of the run in front gave; choosing a node opens its entry."""

from __future__ import annotations

from ...contract.text import text_of
from ...ports import DomEvent, Element
from ...stores.mock import MockKey, MockNode
from ..context import View, ViewContext
from ..parts import button, duration, empty, status_icon
from ..values import draw_plain, draw_value

PREVIEW_CHARS = 140


class OutputView(View):
    """One entry a node; when it ran more than once, the newest execution is on top."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("node-output")
        self._empty = empty(self.document, self.words("output.empty"))
        self._hint = self.document.create("p", "output-hint", role="status")
        self._entries: dict[str, _Entry] = {}
        self._region.replaceChildren(self._empty, self._hint)
        self.owns(self.stores.mock.listen(self._changed))
        self.owns(self.stores.front.listen(lambda _: self._redraw()))
        self.owns(self.stores.selected.subscribe(self._open))
        self.on("node-output", "click", "[data-copy]", self._copy)

    def _redraw(self) -> None:
        self._entries.clear()
        self._region.replaceChildren(self._empty, self._hint)
        for mock in self.stores.mock.of_run(self.stores.front.get()).values():
            self._draw(mock)
        self._empty.hidden = bool(self._entries)
        self._open(self.stores.selected.get())

    def _changed(self, keys: set[MockKey]) -> None:
        front = self.stores.front.get()
        for key in keys:
            mock = self.stores.mock.get(key)
            if mock is not None and mock.run_id == front:
                self._draw(mock)
        self._empty.hidden = bool(self._entries)
        if not self._hint.hidden and self.stores.selected.get() in self._entries:
            self._open(self.stores.selected.get())

    def _draw(self, mock: MockNode) -> None:
        if not mock.ended:
            return
        entry = self._entries.get(mock.node_id)
        if entry is None:
            entry = self._entries[mock.node_id] = _Entry(self, mock.node_id)
            self._region.append(entry.element)
        entry.draw(mock)

    def _open(self, node_id: str | None) -> None:
        """The chosen node's entry opens; where it has given nothing, that is said."""
        for each in self._entries.values():
            each.element.classList.remove("selected")
        entry = self._entries.get(node_id) if node_id is not None else None
        graph = self.stores.graph.get()
        silent = node_id is not None and entry is None and not (graph is not None and graph.is_group(node_id))
        self._hint.hidden = not silent or self.stores.front.get() is None
        if entry is not None:
            entry.element.setAttribute("open", "")
            entry.element.classList.add("selected")
            entry.element.scrollIntoView()
        elif node_id is not None:
            self._hint.textContent = self.words("output.not_yet", name=self.name_of(node_id))

    def name_of(self, node_id: str, otherwise: str = "") -> str:
        """What the flow calls a node."""
        graph = self.stores.graph.get()
        node = graph.node(node_id) if graph is not None else None
        return node.title if node is not None else otherwise or node_id

    def _copy(self, event: DomEvent) -> None:
        entry = self._entries.get(event.attribute("data-copy") or "")
        if entry is not None:
            self.document.copy(entry.text)


class _Entry:
    """The entry of one node: a summary that says how it ended, and each execution's output below it."""

    def __init__(self, view: OutputView, node_id: str) -> None:
        self._view, self._document, self._words = view, view.document, view.words
        self._latest = -1
        self._parts: dict[int, Element] = {}
        self.text = ""
        self.element = self._document.create("details", "entry", data_node_id=node_id)
        self._summary = self._document.create("summary")
        self._body = self._document.create("div", "entry-body")
        copy = button(self._document, self._words("output.copy"), "copy", "quiet copy", data_copy=node_id)
        self.element.append(self._summary, copy, self._body)

    def draw(self, mock: MockNode) -> None:
        part = self._execution(mock)
        before = self._parts.get(mock.order)
        if before is not None:
            before.replaceWith(part)
        elif mock.order > self._latest:
            self._body.prepend(part)
        else:
            self._body.append(part)
        self._parts[mock.order] = part
        if mock.order >= self._latest:
            self._latest = mock.order
            self._summarize(mock)

    def _summarize(self, mock: MockNode) -> None:
        self.text = text_of(mock.error) or text_of(mock.output)
        self.element.setAttribute("data-status", mock.status)
        create = self._document.create
        self._summary.replaceChildren(
            status_icon(self._document, mock.status),
            create("span", "entry-name", self._view.name_of(mock.node_id, mock.handle)),
            create("span", f"entry-status status-{mock.status}", self._words(f"status.{mock.status}")),
            create("span", "entry-preview", " ".join(self.text[: PREVIEW_CHARS * 2].split())[:PREVIEW_CHARS]),
        )

    def _execution(self, mock: MockNode) -> Element:
        create = self._document.create
        part = create("div", "outcome", data_order=str(mock.order))
        facts = [self._words("output.order", order=mock.order + 1), self._words(f"status.{mock.status}")]
        if mock.iteration is not None:
            facts.append(self._words("output.iteration", iteration=mock.iteration))
        if mock.duration_s is not None:
            facts.append(duration(self._words, mock.duration_s))
        if mock.implied:
            facts.append(self._words("output.implied"))
        part.append(create("p", "facts", " · ".join(facts)))
        error, shown = text_of(mock.error), mock.output not in (None, "")
        if error:
            part.append(draw_plain(self._document, self._words, error, "output-error"))
        if shown:
            part.append(draw_value(self._document, self._words, mock.output))
        if mock.variables:
            part.append(create("p", "facts", self._words("output.variables")))
            part.append(draw_value(self._document, self._words, mock.variables))
        if not (error or shown or mock.variables):
            part.append(create("p", "empty", self._words("output.nothing")))
        return part
