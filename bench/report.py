"""What a figure says: its table, and a sentence for each thing that misses; each has its place in performance.md."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from e2e.site import ROOT

PLACE = ROOT / "docs" / "performance.md"


@dataclass(slots=True)
class Figure:
    """One figure as it will be written. The words of a miss are made here and nowhere else."""

    title: str
    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def row(self, *cells: str) -> None:
        self.rows.append(cells)
        print("   ", " | ".join(cells), flush=True)

    def must(self, what: str, value: float, most: float, unit: str, aim: float | None = None) -> None:
        """Hold `value` against what it must reach, and say so."""
        limit = f"{number(most)}{unit}"
        if value <= most:
            better = aim is not None and value <= aim
            self.verdicts.append(f"{what}: {number(value)}{unit}, {'the aim' if better else 'at most'} "
                                 f"{number(aim) + unit if better and aim is not None else limit}.")  # fmt: skip
        else:
            self.verdicts.append(f"**Missed:** {what} is {number(value)}{unit}; it must be at most {limit}.")

    def text(self) -> str:
        table = [" | ".join(cells) for cells in (self.head, ["---"] * len(self.head), *self.rows)]
        lines = [f"### {self.title}", "", *(f"| {line} |" for line in table)]
        for block in (self.notes, [f"- {each}" for each in self.verdicts]):
            lines += ["", *block] if block else []
        return "\n".join(lines)


def number(value: float) -> str:
    """With as many digits as mean something."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """Median, and the least and the most beside it."""
    if len(values) == 1:
        return number(values[0])
    return f"{number(median(values))} ({number(min(values))}–{number(max(values))})"


def p95(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def machine(browser: str) -> str:
    """What it was measured on, and how busy that was."""
    cpus = os.cpu_count() or 1
    load = os.getloadavg()[1] if hasattr(os, "getloadavg") else 0.0
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {cpus} × {_processor()}, {platform.system()}, Chromium {browser}, load {load:.1f}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return found[1].strip() if found else platform.machine()


def write(name: str, text: str, place: Path = PLACE) -> None:
    """Put a figure into its place in the document, between its two marks; a new one comes at the end."""
    known = place.read_text() if place.exists() else "# Performance\n"
    block = f"<!-- bench {name} -->\n{text}\n<!-- end {name} -->"
    pattern = rf"(?s)<!-- bench {re.escape(name)} -->.*?<!-- end {re.escape(name)} -->"
    if not re.search(pattern, known):
        known = f"{known.rstrip()}\n\n{block}\n"
    place.write_text(re.sub(pattern, lambda _: block, known))
