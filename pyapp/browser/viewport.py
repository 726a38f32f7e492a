"""BrowserViewport: pan and zoom of the canvas, by web/js/viewport.mjs."""

from __future__ import annotations

import js


class BrowserViewport:
    """The Viewport of the page; a person pans and zooms without Python having a part in it."""

    def show(self, width: float, height: float, name: str) -> None:
        js.flowglow.viewport.show(width, height, name)

    def fit(self) -> None:
        js.flowglow.viewport.fit()

    def zoom(self, factor: float) -> None:
        js.flowglow.viewport.zoom(factor)

    def center(self, x: float, y: float) -> None:
        js.flowglow.viewport.center(x, y)
