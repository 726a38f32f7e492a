"""`make bench`: what the page costs, beside three peers in the same Chromium; writes docs/performance.md.

`make bench ONLY=life,boot` measures these figures alone, and writes nothing else anew.
"""

from __future__ import annotations

import sys

from . import report
from .figures import FIGURES
from .stage import stage


def main(names: list[str]) -> None:
    """Measure, print, and put each figure into its place as soon as it is there."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise SystemExit(f"There is no figure {', '.join(unknown)}. There are: {', '.join(FIGURES)}.")
    with stage() as opened:
        for name in names or FIGURES:
            print(f"{name} …", flush=True)
            figure = FIGURES[name](opened)
            figure.notes.append(f"Measured {report.machine(opened.browser.version)}.")
            report.write(name, figure.text())
            print("\n".join(f"  - {each}" for each in figure.verdicts), flush=True)


if __name__ == "__main__":
    main([name for each in sys.argv[1:] for name in each.split(",") if name])
