"""The icon sprite: one SVG file with the few icons the page uses, made from lucide's."""

from __future__ import annotations

import re
from pathlib import Path

from .step import ROOT, SetupError

NAMES = ROOT / "web" / "icons" / "names.txt"


def write_sprite(icons: Path, target: Path) -> None:
    """Write `target` with one <symbol> for each name in web/icons/names.txt."""
    symbols = []
    for name in NAMES.read_text().split():
        path = icons / f"{name}.svg"
        if not path.exists():
            raise SetupError(f"There is no icon {name!r} in lucide-static. Correct web/icons/names.txt.")
        inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.S)
        if inside is None:
            raise SetupError(f"The icon {name!r} cannot be read; lucide-static has changed its form.")
        shapes = " ".join(inside[1].split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    target.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
