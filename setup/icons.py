"""The icons: a JavaScript module with the shapes of the few icons that the page uses, made from lucide's."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .machine import SetupError

SHAPE = re.compile(r"<(\w+)\s([^<>]*?)\s*/>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def write_icons(names: Path, icons: Path, target: Path) -> None:
    """Write `target`: for each name in the file `names` its shapes, as tags with their attributes.

    Raises SetupError for a name that is not in the folder `icons`.
    """
    shapes = {name: _shapes(icons / f"{name}.svg") for name in names.read_text().split()}
    target.write_text(f"export default {json.dumps(shapes, indent=0)};\n")


def _shapes(path: Path) -> list[tuple[str, dict[str, str]]]:
    if not path.exists():
        raise SetupError(f"There is no icon {path.stem!r} in lucide-static. Correct web/icons/names.txt.")
    inside = path.read_text().partition("<svg")[2].partition(">")[2]
    shapes = [(tag, dict(ATTRIBUTE.findall(attributes))) for tag, attributes in SHAPE.findall(inside)]
    if not shapes:
        raise SetupError(f"The icon {path.stem!r} cannot be read; lucide-static has changed its form.")
    return shapes
