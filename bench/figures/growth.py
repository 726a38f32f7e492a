"""What an event costs as things grow: nodes of the flow, runs that are kept."""

from __future__ import annotations

from ..report import Figure, median, number, spread
from ..stage import Stage
from ..streams import grid, life_cycle, rounds

FLOWS = (10, 5_000)
ACTIVE = 10
"""Nodes that execute; all others only stand there."""
EVENTS = 400
ROUNDS = 7
RUNS = 50
EDGE = 5
"""Runs at either end that are compared."""


def growth(stage: Stage) -> Figure:
    """The same work in a small flow and a large one, and in the first and the fiftieth run."""
    figure = Figure("Growth of the cost of an event, handled and painted", ("", "µs an event", "with", "growth"))
    small, large = in_flows(stage)
    grown(figure, f"{FLOWS[0]:,} → {FLOWS[1]:,} nodes, {ACTIVE} of them executing", small, large)
    few, many = by_runs(stage)
    grown(figure, f"1 → {RUNS} kept runs", few, many)
    return figure


def in_flows(stage: Stage) -> list[list[float]]:
    """Microseconds an event, by round, in each flow; a round of one, then one of the other."""
    pages = [stage.open("page", grid(nodes)) for nodes in FLOWS]
    times: list[list[float]] = [[] for _ in FLOWS]
    for number_ in range(ROUNDS + 1):
        for page, took_by_round in zip(pages, times, strict=True):
            events = rounds(f"round-{number_}", ACTIVE, EVENTS)
            took = page.feed(events, status="success", badges=(EVENTS - 2) // 2, outputs=ACTIVE)
            took_by_round.append(took["all"] / len(events) * 1000)
    for page in pages:
        page.page.context.close()
    return [each[1:] for each in times]


def by_runs(stage: Stage) -> tuple[list[float], list[float]]:
    """Microseconds an event in the first runs, and in those behind as many as are kept."""
    page = stage.open("page", grid(ACTIVE))
    times: list[float] = []
    for name in ("warm", "kept"):
        if name == "kept":
            page.page.evaluate("() => flowglow.reset()")
            times.clear()
        for number_ in range(RUNS if name == "kept" else 2 * EDGE):
            events = life_cycle(f"{name}-{number_}", ACTIVE)
            took = page.feed(events, status="success", badges=ACTIVE, outputs=ACTIVE)
            times.append(took["all"] / len(events) * 1000)
    page.page.context.close()
    return times[:EDGE], times[-EDGE:]


def grown(figure: Figure, what: str, before: list[float], after: list[float]) -> None:
    ratio = median(after) / median(before)
    figure.row(what, spread(before), spread(after), f"{number(ratio)} ×")
    figure.must(f"Growth, {what}", ratio, 1.2, " ×")
