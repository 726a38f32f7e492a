"""The lines of edges: from the right of one box to the left of another, or from the bottom to the top. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ...ports import Box

NEAR = 8.0
"""Boxes may overlap by this much and still count as one behind the other."""
LEAST_BEND = 24.0


def runs_down(edges: Iterable[tuple[Box, Box]]) -> bool:
    """Whether a flow goes from top to bottom: more edges have their target below than to the right."""
    below = right = 0
    for source, target in edges:
        below += _is_below(source, target)
        right += _is_right(source, target)
    return below > right


def curve(source: Box, target: Box, *, down: bool) -> str:
    """A smooth line in the direction of the flow; vertical too where one box is above the other."""
    if _is_right(source, target) and not (down and _is_below(source, target)):
        x1, y1 = source.x + source.width, source.y + source.height / 2
        x2, y2 = target.x, target.y + target.height / 2
        bend = max(LEAST_BEND, (x2 - x1) / 2)
        return f"M{x1:.1f} {y1:.1f} C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    below = target.y >= source.y
    x1, x2 = source.x + source.width / 2, target.x + target.width / 2
    y1 = source.y + (source.height if below else 0)
    y2 = target.y + (0 if below else target.height)
    bend = max(LEAST_BEND, abs(y2 - y1) / 2) * (1 if below else -1)
    return f"M{x1:.1f} {y1:.1f} C{x1:.1f} {y1 + bend:.1f} {x2:.1f} {y2 - bend:.1f} {x2:.1f} {y2:.1f}"


def is_ahead(source: Box, target: Box, *, down: bool) -> bool:
    """Whether the target stands where the flow goes to."""
    return _is_below(source, target) if down else _is_right(source, target)


def _is_right(source: Box, target: Box) -> bool:
    return target.x >= source.x + source.width - NEAR


def _is_below(source: Box, target: Box) -> bool:
    return target.y >= source.y + source.height - NEAR
