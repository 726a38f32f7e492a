"""CanvasBarView: zoom, fit and follow."""

from __future__ import annotations

from ...ports import Element
from ...stores.rows import MockNode
from ..context import View, ViewContext
from ..parts import note
from .canvas import CanvasView

BUTTONS = {"follow": "locate", "out": "minus", "in": "plus", "fit": "maximize"}
ZOOMS = {"out": 0.8, "in": 1.25}


class CanvasBarView(View):
    """Owns the bar over the canvas. Following is a switch, off until a person turns it on."""

    rank = 3

    def __init__(self, context: ViewContext, canvas: CanvasView) -> None:
        super().__init__(context)
        self._canvas = canvas
        self._viewport = context.platform.viewport
        self._newest: MockNode | None = None
        """Of those that began in this turn, the one with the highest order."""
        self._following = False
        self._follow, out, *others = (self._button(name, symbol) for name, symbol in BUTTONS.items())
        note(self._follow, "aria-pressed", False)
        level = self.create("span", "zoom-level", aria_hidden="true")  # the viewport's to fill
        self.document.region("canvas-bar").replaceChildren(self._follow, out, level, *others)
        self.clicks("canvas-bar", "data-bar", self._pressed)
        self.draws_front(self.stores.mock, self._seen)
        self.follows_canvas()

    def settle(self) -> None:
        newest, self._newest = self._newest, None
        if newest is not None:
            self._canvas.center(newest.node_id)

    def _button(self, name: str, icon_name: str) -> Element:
        words = self.words(f"canvas.{name}")
        return self.parts.button(words, icon_name, "quiet bar-button", data_bar=name, title=words)

    def _seen(self, mock_id: str) -> None:
        mock, newest = self.stores.mock.get((self.front, mock_id)) if self._following else None, self._newest
        if mock is not None and not mock.ended and mock.node_id not in self.context.groups():
            self._newest = mock if newest is None or mock.order > newest.order else newest

    def _pressed(self, name: str) -> None:
        if name in ZOOMS:
            self._viewport.zoom(ZOOMS[name])
        elif name == "fit":
            self._viewport.fit()
        else:
            self._following = not self._following
            note(self._follow, "aria-pressed", self._following)
