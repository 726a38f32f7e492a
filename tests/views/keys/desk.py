"""A canvas with the palette over it, and how a test works it."""

from __future__ import annotations

from typing import Any

from pyapp.testing.dom import FakeElement
from pyapp.views.canvas.canvas import CanvasView
from pyapp.views.keys.palette import PaletteView
from tests.views.support import Gallery


class Desk(Gallery):
    """Everything that keys can reach."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.canvas = CanvasView(self.context)
        self.palette = PaletteView(self.context, self.canvas)
        self.flow()

    def hit(self, key: str) -> bool:
        heard = self.keyboard.hit(key)
        self.paint()
        return heard

    @property
    def field(self) -> FakeElement:
        return self.region("palette").find("#palette-input")

    def type(self, text: str) -> None:
        self.field.value = text
        self.document.fire("input", self.field)
        self.paint()

    def key(self, key: str) -> bool:
        dealt = self.document.fire("keydown", self.field, key=key)
        self.paint()
        return dealt

    def lines(self) -> list[str]:
        return [line.find(".palette-name").textContent for line in self.region("palette").find_all(".palette-line")]

    def marked(self) -> str:
        lines = self.region("palette").find_all(".palette-line")
        found = [line for line in lines if line.attributes["aria-selected"] == "true"]
        assert [line.attributes["id"] for line in found] == [self.field.attributes["aria-activedescendant"]]
        return found[0].find(".palette-name").textContent
