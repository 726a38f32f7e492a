"""FakeViewport: notes what was asked of the window onto the canvas."""

from __future__ import annotations


class FakeViewport:
    """Keeps every wish as (name, numbers…)."""

    def __init__(self) -> None:
        self.wishes: list[tuple[str, *tuple[float, ...]]] = []

    def show(self, width: float, height: float, name: str) -> None:
        self.wishes.append(("show", width, height))

    def fit(self) -> None:
        self.wishes.append(("fit",))

    def zoom(self, factor: float) -> None:
        self.wishes.append(("zoom", factor))

    def center(self, x: float, y: float) -> None:
        self.wishes.append(("center", x, y))
