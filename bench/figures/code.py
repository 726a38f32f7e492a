"""Our code alone: the processor time of all script on the main thread, without what the browser does to paint."""

from __future__ import annotations

from functools import partial

from ..report import Figure, median, spread
from ..stage import Stage
from ..streams import life_cycle
from ..trace import traced
from .life import ALL

ROUNDS = 5
NODES = 200


def code(stage: Stage) -> Figure:
    """Every script of the tab counts: the messages' tasks, the frames' callbacks, timers; a forced layout does not."""
    figure = Figure(f"Our code alone, without style, layout and paint: {NODES} nodes", ("", *ALL))
    scripts: dict[str, list[float]] = {name: [] for name in ALL}
    first: dict[str, list[float]] = {name: [] for name in ALL}
    last: dict[str, list[float]] = {name: [] for name in ALL}
    with stage.contestants(NODES, *ALL) as contestants:
        for number in range(ROUNDS + 1):
            events = life_cycle(f"round-{number}", NODES)
            for each in contestants:
                play = partial(each.feed, events, status="success", badges=NODES, outputs=NODES)
                trace, fed = traced(stage.browser, each.page, play)
                if number:
                    scripts[each.name].append(trace.script_ms / len(events) * 1000)
                    first[each.name].append(fed["took"][0])
                    last[each.name].append(fed["took"][-1])
    figure.row("an event, µs", *(spread(scripts[name]) for name in ALL))
    figure.row("`run_start`, ms", *(spread(first[name]) for name in ALL))
    figure.row("`run_end`, ms", *(spread(last[name]) for name in ALL))
    figure.must("An event of our code alone", median(scripts["page"]), 250, " µs", 150)
    figure.must("`run_start`", median(first["page"]), 2, " ms")
    figure.must("`run_end`", median(last["page"]), 2, " ms")
    return figure
