"""What an event costs as things grow: nodes of the flow, runs that are kept."""

from __future__ import annotations

from ..report import Figure, median, number, spread
from ..stage import Contestant, Stage
from ..streams import grid, rounds

FLOWS = (10, 5_000)
ACTIVE = 10
"""Nodes that execute; all others only stand there."""
EVENTS = 400
ROUNDS = 15
RUNS = 50
OF_A_RUN = 100
"""Events of each of them: so many that one frame more or less is not what is seen."""
EDGE = 10
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
            took_by_round.append(play(page, f"round-{number_}", EVENTS))
    for page in pages:
        page.page.context.close()
    return [each[1:] for each in times]


def by_runs(stage: Stage) -> tuple[list[float], list[float]]:
    """Microseconds an event in the first runs, and in those behind as many as are kept; one of these, one of those."""
    few, many = pages = [stage.open("page", grid(ACTIVE)) for _ in range(2)]
    for page in pages:
        for number_ in range(RUNS):
            play(page, f"kept-{number_}", OF_A_RUN)
    few.page.evaluate("() => flowglow.reset()")
    play(few, "the first", OF_A_RUN)
    times = [
        (play(few, f"few-{number_}", OF_A_RUN), play(many, f"many-{number_}", OF_A_RUN)) for number_ in range(EDGE)
    ]
    for page in pages:
        page.page.context.close()
    return [first for first, _ in times], [last for _, last in times]


def play(page: Contestant, name: str, count: int) -> float:
    """A run of so many events; microseconds an event."""
    events = rounds(name, ACTIVE, count)
    took = page.feed(events, status="success", badges=(count - 2) // 2, outputs=ACTIVE)
    return float(took["all"]) / len(events) * 1000


def grown(figure: Figure, what: str, before: list[float], after: list[float]) -> None:
    ratio = median(after) / median(before)
    figure.row(what, spread(before), spread(after), f"{number(ratio)} ×")
    figure.must(f"Growth, {what}", ratio, 1.2, " ×")
