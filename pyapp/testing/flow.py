"""A flow of four nodes in a row, and a layout that needs no library."""

from __future__ import annotations

from typing import Any

from ..ports import Box

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
    placed: dict[str, Box] = {}
    x = 0.0
    for name, (width, height) in sizes.items():
        placed[name] = Box(x, 0.0, width, height)
        x += width + 40
    return placed
