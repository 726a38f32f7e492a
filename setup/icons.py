"""The icons: a JavaScript module with the few icons that the page uses, each of lucide's drawn as one path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from .machine import SetupError

SHAPE = re.compile(r"<(\w+)\s([^<>]*?)\s*/>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def write_icons(names: Path, icons: Path, target: Path) -> None:
    """Write `target`: for each name in the file `names` the path that draws it, on a ground of 24 × 24.

    One path, not a shape each: whatever becomes of an icon, a browser does it once. Raises SetupError for a name that
    is not in the folder `icons`, and for a shape that is not known here.
    """
    paths = {name: _path(icons / f"{name}.svg") for name in names.read_text().split()}
    target.write_text(f"export default {json.dumps(paths, indent=0)};\n")


def _path(path: Path) -> str:
    if not path.exists():
        raise SetupError(f"There is no icon {path.stem!r} in lucide-static. Correct web/icons/names.txt.")
    inside = path.read_text().partition("<svg")[2].partition(">")[2]
    shapes = [(tag, dict(ATTRIBUTE.findall(attributes))) for tag, attributes in SHAPE.findall(inside)]
    if not shapes or not {tag for tag, _ in shapes} <= PATHS.keys():
        raise SetupError(f"The icon {path.stem!r} cannot be read; lucide-static has changed its form.")
    return "".join(PATHS[tag](shape) for tag, shape in shapes)


def _ellipse(shape: Mapping[str, str]) -> str:
    x, y, rx, ry = (float(shape.get(name) or shape["r"]) for name in ("cx", "cy", "rx", "ry"))
    return f"M{x - rx:g} {y:g}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0z"


def _rect(shape: Mapping[str, str]) -> str:
    """With round corners, as wide as they are high."""
    x, y, width, height, r = (float(shape.get(name, 0)) for name in ("x", "y", "width", "height", "rx"))
    across, down, corner = width - 2 * r, height - 2 * r, f"a{r:g} {r:g} 0 0 1 "
    return (
        f"M{x + r:g} {y:g}h{across:g}{corner}{r:g} {r:g}v{down:g}{corner}{-r:g} {r:g}"
        f"h{-across:g}{corner}{-r:g} {-r:g}v{-down:g}{corner}{r:g} {-r:g}z"
    )


PATHS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "path": lambda shape: ("M0 0" if shape["d"][0] == "m" else "") + shape["d"],  # m: from where the last one ended
    "circle": _ellipse,
    "ellipse": _ellipse,
    "line": lambda shape: "M{x1} {y1}L{x2} {y2}".format_map(shape),
    "rect": _rect,
}
"""How each shape of lucide's is drawn."""
