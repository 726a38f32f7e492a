"""CanvasBarView: zoom, fit and follow; and in words what happens on the canvas just now."""

from __future__ import annotations

from ...ports import Box, Element
from ...stores.rows import MockNode
from ..context import View, ViewContext
from ..parts import button
from ..tally import Tally
from .canvas import CanvasView
from .placement import absolute, visible


class CanvasBarView(View):
    """Owns the bar over the canvas. Following is a switch, off until a person turns it on."""

    rank = 3

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._tally = Tally()
        self._newest: MockNode | None = None
        """Of those that began in this turn, the one with the highest order."""
        self._following = False
        bar = self.document.region("canvas-bar")
        self._state = self.document.create("span", "canvas-state", role="status", data_state="none")
        make = self._button
        self._follow = make("follow", "locate", aria_pressed="false")
        bar.replaceChildren(
            self._state, self._follow, make("out", "minus"), make("in", "plus"), make("fit", "maximize")
        )
        self.on("canvas-bar", "click", "[data-bar=in]", lambda _: context.viewport.zoom(1.25))
        self.on("canvas-bar", "click", "[data-bar=out]", lambda _: context.viewport.zoom(0.8))
        self.on("canvas-bar", "click", "[data-bar=fit]", lambda _: context.viewport.fit())
        self.on("canvas-bar", "click", "[data-bar=follow]", lambda _: self._toggle())
        self.draws_front(self.stores.mock, self._count, anew=True)
        again = self.shows(self._say)
        self.owns(self.stores.runs.listen(lambda changed: again() if self.front in changed else None))
        self.owns(self.stores.canvas.listen(lambda _: self.redraw()))

    def clear(self) -> None:
        self._tally = Tally()

    def settle(self) -> None:
        self._say()
        newest, self._newest = self._newest, None
        if newest is not None and self._following:
            self._center(newest.node_id)

    def _button(self, name: str, icon_name: str, **attributes: str) -> Element:
        words = self.words(f"canvas.{name}")
        return button(self.document, words, icon_name, "quiet bar-button", data_bar=name, title=words, **attributes)

    def _count(self, mock_id: str) -> None:
        """Nodes are counted; a group is what is in it."""
        mock, graph = self.stores.mock.get((self.front, mock_id)), self.stores.graph.get()
        if mock is not None and graph is not None and graph.is_group(mock.node_id):
            mock = None
        self._tally.note(mock_id, mock)
        if mock is not None and not mock.ended and (self._newest is None or mock.order > self._newest.order):
            self._newest = mock

    def _say(self) -> None:
        """How far the run is, also when nothing executes and it is not over."""
        row, done, executing = self.stores.runs.get(self.front), self._tally.done, self._tally.executing
        if row is None:
            state, words = "none", ""
        elif row.over:
            state, words = "over", self.words("canvas.over", done=done)
        elif row.status != "executing":
            said = self.words(f"status.{row.status}")
            state, words = row.status, self.words("canvas.other", status=said, done=done)
        elif executing:
            state, words = "executing", self.words("canvas.executing", count=executing, done=done)
        else:
            state, words = "between", self.words("canvas.between", done=done)
        self._state.setAttribute("data-state", state)
        self._state.textContent = words

    def _toggle(self) -> None:
        self._following = not self._following
        self._follow.setAttribute("aria-pressed", "true" if self._following else "false")

    def _center(self, node_id: str) -> None:
        graph = self.stores.graph.get()
        boxes = self._canvas.boxes
        if graph is not None and node_id in boxes:
            box: Box = absolute(graph, boxes, visible(graph, node_id, self.stores.folded.get()))
            self.context.viewport.center(box.x + box.width / 2, box.y + box.height / 2)
