"""CanvasBarView: zoom, fit and follow; and in words what happens on the canvas just now."""

from __future__ import annotations

from ...ports import Box, Element
from ...stores.mock import MockKey, MockNode
from ..context import View, ViewContext
from ..parts import button
from .canvas import CanvasView
from .placement import absolute, visible


class CanvasBarView(View):
    """Owns the bar over the canvas. Following is a switch, off until a person turns it on."""

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._executing: set[str] = set()
        self._done: set[str] = set()
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
        self.owns(self.stores.mock.listen(self._changed))
        self.owns(self.stores.runs.listen(lambda changed: self._say() if self.stores.front.get() in changed else None))
        self.owns(self.stores.canvas.listen(lambda _: self._redraw()))
        self.owns(self.stores.front.subscribe(lambda _: self._redraw()))

    def _button(self, name: str, icon_name: str, **attributes: str) -> Element:
        words = self.words(f"canvas.{name}")
        return button(self.document, words, icon_name, "quiet bar-button", data_bar=name, title=words, **attributes)

    def _redraw(self) -> None:
        self._executing.clear()
        self._done.clear()
        for mock in self.stores.mock.of_run(self.stores.front.get()).values():
            self._note(mock)
        self._say()

    def _changed(self, keys: set[MockKey]) -> None:
        front = self.stores.front.get()
        newest: MockNode | None = None
        for key in keys:
            mock = self.stores.mock.get(key)
            if mock is not None and mock.run_id == front:
                self._note(mock)
                if not mock.ended and (newest is None or mock.order > newest.order):
                    newest = mock
        self._say()
        if newest is not None and self._following:
            self._center(newest.node_id)

    def _note(self, mock: MockNode) -> None:
        """Nodes are counted; a group is what is in it."""
        graph = self.stores.graph.get()
        if graph is not None and graph.is_group(mock.node_id):
            return
        (self._executing.discard if mock.ended else self._executing.add)(mock.id)
        if mock.ended:
            self._done.add(mock.node_id)

    def _say(self) -> None:
        """How far the run is, also when nothing executes and it is not over."""
        front = self.stores.front.get()
        row = self.stores.runs.get(front) if front is not None else None
        if row is None:
            state, words = "none", ""
        elif row.over:
            state, words = "over", self.words("canvas.over", done=len(self._done))
        elif row.status != "executing":
            said = self.words(f"status.{row.status}")
            state, words = row.status, self.words("canvas.other", status=said, done=len(self._done))
        elif self._executing:
            state = "executing"
            words = self.words("canvas.executing", count=len(self._executing), done=len(self._done))
        else:
            state, words = "between", self.words("canvas.between", done=len(self._done))
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
