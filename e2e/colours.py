"""Colours as eyes see them: how far two are apart, and how well one stands out on another."""

from __future__ import annotations

import math
import re
from operator import mul


def apart(one: str, other: str) -> float:
    """The distance of two colours of CSS in OKLab: 0.02 is just seen side by side, black and white are 1 apart."""
    return math.dist(_oklab(one), _oklab(other))


def contrast(one: str, other: str) -> float:
    """As WCAG has it, from 1 to 21."""
    darker, lighter = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(_light, (one, other))
    )
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: str) -> tuple[float, ...]:
    """Red, green and blue as light, each from 0 to 1, of `#rrggbb` or `rgb(…)`."""
    text = colour.strip()
    parts = (
        [int(text[at : at + 2], 16) for at in (1, 3, 5)] if text[0] == "#" else map(int, re.findall(r"\d+", text)[:3])
    )
    return tuple(each / 255 / 12.92 if each <= 10 else ((each / 255 + 0.055) / 1.055) ** 2.4 for each in parts)


def _oklab(colour: str) -> tuple[float, ...]:
    light = _light(colour)
    cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    seen = [sum(map(mul, row, light)) ** (1 / 3) for row in cones]
    axes = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return tuple(sum(map(mul, row, seen)) for row in axes)
