"""The icon sprite: one SVG file with the few icons the page uses, made from lucide's."""

from __future__ import annotations

import re
from pathlib import Path

from .machine import SetupError


def write_sprite(names: Path, icons: Path, target: Path) -> None:
    """Write `target` with one <symbol> for each name in the file `names`. Raises SetupError for one not in `icons`."""
    symbols = []
    for name in names.read_text().split():
        path = icons / f"{name}.svg"
        if not path.exists():
            raise SetupError(f"There is no icon {name!r} in lucide-static. Correct web/icons/names.txt.")
        inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.S)
        if inside is None:
            raise SetupError(f"The icon {name!r} cannot be read; lucide-static has changed its form.")
        shapes = " ".join(inside[1].split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    target.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
