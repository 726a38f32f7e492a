"""Joining: where nodes go that appear beside others which stand already, and stay. Pure.

What follows something stands behind it, in the middle of what it follows; what follows nothing, below all. What would
be in the way of something moves aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...ports import Box

RANK_GAP, NODE_GAP = 64.0, 28.0
"""As the layout library leaves them: between what follows each other, and what stands side by side."""
TALL_RANK_GAP = 48.0

Size = tuple[float, float]


def joined(
    standing: Mapping[str, Box], new: Mapping[str, Size], edges: Sequence[tuple[str, str]], *, down: bool
) -> dict[str, Box]:
    """Boxes for all. `down`: what follows stands below, and not to the right."""
    placed = {name: _turned(box) if down else box for name, box in standing.items()}
    gap = TALL_RANK_GAP if down else RANK_GAP
    for name, (width, height) in new.items():
        size = (height, width) if down else (width, height)
        sources = [placed[source] for source, target in edges if target == name and source in placed]
        x, y = _behind(sources, size, gap) if sources else _below(placed)
        y = max(y, min((box.y for box in placed.values()), default=0.0))
        placed[name] = _free(Box(x, y, *size), list(placed.values()))
    return {name: _turned(box) if down else box for name, box in placed.items()}


def _behind(sources: list[Box], size: Size, gap: float) -> tuple[float, float]:
    middles = [box.y + box.height / 2 for box in sources]
    return max(box.x + box.width for box in sources) + gap, (min(middles) + max(middles)) / 2 - size[1] / 2


def _below(placed: Mapping[str, Box]) -> tuple[float, float]:
    left = min((box.x for box in placed.values()), default=0.0)
    return left, max((box.y + box.height + NODE_GAP for box in placed.values()), default=0.0)


def _free(box: Box, others: list[Box]) -> Box:
    """The box, as far down as it must go to leave a gap to all others."""
    for other in sorted(others, key=lambda each: each.y):
        beside = other.x < box.x + box.width + NODE_GAP and box.x < other.x + other.width + NODE_GAP
        if beside and other.y < box.y + box.height + NODE_GAP and box.y < other.y + other.height + NODE_GAP:
            box = Box(box.x, other.y + other.height + NODE_GAP, box.width, box.height)
    return box


def _turned(box: Box) -> Box:
    return Box(box.y, box.x, box.height, box.width)
