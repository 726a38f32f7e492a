"""A flow of four nodes in a row, a layout that needs no library, and a window onto the canvas that notes wishes."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from ..ports import Box
from .dom import FakeDocument

FLOW: dict[str, Any] = {
    "id": "demo",
    "name": "Demo",
    "nodes": [
        {"id": f"n{i}", "handle": f"node {i}", "path": "demo.Step", "position": {"x": i * 200, "y": 0}}
        for i in range(4)
    ],
    "edges": [{"source": f"n{i}", "target": f"n{i + 1}"} for i in range(3)],
}


def row_layout(sizes: dict[str, tuple[float, float]], edges: list[tuple[str, str]]) -> dict[str, Box]:
    """A GraphLayout that puts everything in one row."""
    ends = accumulate(width + 40 for width, _ in sizes.values())
    return {name: Box(end - size[0] - 40, 0.0, *size) for (name, size), end in zip(sizes.items(), ends, strict=True)}


class FakeViewport:
    """Keeps every wish as (name, numbers…)."""

    def __init__(self) -> None:
        self.wishes: list[tuple[str, *tuple[float, ...]]] = []

    def show(self, width: float, height: float, name: str, right: float = 0.0, down: float = 0.0) -> None:
        self.wishes.append(("show", width, height, *((right, down) if right or down else ())))

    def grow(self, width: float, height: float) -> None:
        self.wishes.append(("grow", width, height))

    def fit(self) -> None:
        self.wishes.append(("fit",))

    def zoom(self, factor: float) -> None:
        self.wishes.append(("zoom", factor))

    def center(self, x: float, y: float) -> None:
        self.wishes.append(("center", x, y))


class FakeZones:
    """Keeps what was brought to the eye, and what was suggested, in order; which tabs and style sheets were added."""

    def __init__(self, document: FakeDocument | None = None) -> None:
        self.tabs: dict[str, str] = {}
        self.styles: list[str] = []
        self.absent: set[str] = set()
        """Addresses at which there is no style sheet."""
        self._document = document
        self.revealed: list[str] = []
        self.led: list[str] = []
        """To what the run led, and `back`."""
        self.turned: list[str] = []
        self.suggested: list[str] = []

    def reveal(self, name: str) -> None:
        self.revealed.append(name)

    def lead(self, name: str) -> None:
        self.led.append(name)

    def leadBack(self) -> None:
        self.led.append("back")

    def turnTo(self, name: str) -> None:
        self.turned.append(name)

    def suggest(self, name: str) -> None:
        self.suggested.append(name)

    def addTab(self, name: str, title: str) -> None:
        self.tabs[name] = title
        if self._document is not None:
            self._document.add_region(f"own-{name}")

    async def addStyles(self, address: str) -> str:
        if "//" in address:
            return "origin"
        if address in self.absent:
            return "absent"
        self.styles.append(address)
        return ""
