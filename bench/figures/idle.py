"""A page that only watches: twenty nodes execute, and nothing comes."""

from __future__ import annotations

from ..report import Figure, number
from ..stage import Stage
from ..streams import grid, life_cycle

NODES = 20
SECONDS = 10
SETTLE_MS = 3_000


def idle(stage: Stage) -> Figure:
    """Processor time of Chromium's processes by kind; other tabs are closed by then."""
    figure = Figure(f"A run of {NODES} executing nodes, nothing else: % of a core", ("", "renderer", "GPU process"))
    used: dict[str, float] = {}
    for name in ("page", "B"):
        tab = stage.open(name, grid(NODES))
        tab.feed(life_cycle("idle", NODES)[: NODES + 1], badges=NODES, executing=NODES)
        tab.page.wait_for_timeout(SETTLE_MS)
        before = stage.cpu_s()
        tab.page.wait_for_timeout(SECONDS * 1000)
        after = stage.cpu_s()
        tab.page.context.close()
        spent = {kind: (after[kind] - before.get(kind, 0.0)) / SECONDS * 100 for kind in after}
        used[name] = spent.get("renderer", 0.0)
        figure.row(name, number(used[name]), number(spent.get("GPU", 0.0)))
    figure.must("The renderer of the idle page", used["page"], 10, " % of a core", 3)
    return figure
