"""A page that only watches: twenty nodes execute, and nothing comes."""

from __future__ import annotations

from collections import defaultdict

from ..report import Figure, number
from ..stage import Contestant, Stage
from ..streams import grid, life_cycle

NODES = 20
SECONDS = 10
SETTLE_MS = 3_000
COMPILE_MS = 20_000
"""For half a minute behind a run's first events Chromium still compiles what ran often: that is no idle page yet."""


def idle(stage: Stage) -> Figure:
    """Processor time of Chromium's processes by kind; other tabs are closed by then."""
    figure = Figure(f"A run of {NODES} executing nodes, nothing else: % of a core", ("", "renderer", "GPU process"))
    later = 0.0
    for name in ("page", "B"):
        tab = stage.open(name, grid(NODES))
        tab.feed(life_cycle("idle", NODES)[: NODES + 1], badges=NODES, executing=NODES)
        for when, settle_ms in (("at once", SETTLE_MS), ("later", COMPILE_MS)):
            tab.page.wait_for_timeout(settle_ms)
            spent = used(stage, tab)
            figure.row(f"{name}, {when}", number(spent["renderer"]), number(spent["GPU"]))
            if name == "page":
                later = spent["renderer"]
        tab.page.context.close()
    figure.must("The renderer of the idle page, later", later, 10, " % of a core", 3)
    return figure


def used(stage: Stage, tab: Contestant) -> dict[str, float]:
    """What each kind of Chromium's processes uses while nothing comes."""
    before = stage.cpu_s()
    tab.page.wait_for_timeout(SECONDS * 1000)
    after = stage.cpu_s()
    return defaultdict(float, {kind: (after[kind] - before.get(kind, 0.0)) / SECONDS * 100 for kind in after})
