"""A life-cycle event, handled and painted: the page and its three peers, in turn."""

from __future__ import annotations

from ..report import Figure, median, number, spread
from ..stage import Contestant, Stage
from ..streams import life_cycle

ROUNDS = 5
ALL = ("page", "A", "B", "C")
HEAD = ("", "page", "A", "B", "C", "page ÷ A", "page ÷ B")


def life(stage: Stage) -> Figure:
    """200 nodes, all started, then all ended; the page must beat careful React."""
    figure = Figure("A life-cycle event, handled and painted: µs, 200 nodes, all executing at once", HEAD)
    times = play(stage, 200, ROUNDS, ALL)
    row(figure, "start_node, end_node", times)
    page, a, b = (median(times[name]) for name in ("page", "A", "B"))
    figure.must("A life-cycle event against B", page / b, 1.0, " ×", 0.5)
    figure.must("A life-cycle event against A", page / a, 0.2, " ×")
    return figure


def one_by_one(stage: Stage) -> Figure:
    """The same, each node ended before the next one starts: as a line of nodes runs."""
    figure = Figure("The same, one node after the other: µs an event, 200 nodes", HEAD)
    row(figure, "start_node, end_node", play(stage, 200, ROUNDS, ALL, together=False))
    return figure


def sizes(stage: Stage) -> Figure:
    """Flows of other sizes. A draws every node for each event, which with thousands takes hours: it is left out."""
    figure = Figure("The same for flows of other sizes: µs an event", HEAD)
    for nodes, count in ((10, 9), (2_000, 2), (5_000, 1)):
        names = ALL if nodes <= 200 else ("page", "B", "C")
        row(figure, f"{nodes:,} nodes", play(stage, nodes, count, names))
    figure.notes.append("A draws every node for each event: with thousands that takes hours, so it is left out.")
    return figure


def play(
    stage: Stage, nodes: int, rounds: int, names: tuple[str, ...], *, together: bool = True
) -> dict[str, list[float]]:
    """Microseconds an event by contestant, each round for all in turn; the first one only warms up.

    Behind each round all must show the same.
    """
    times: dict[str, list[float]] = {name: [] for name in names}
    with stage.contestants(nodes, *names) as contestants:
        for number_ in range(rounds + 1):
            count = nodes if number_ else min(nodes, 200)
            events = life_cycle(f"round-{number_}", count, together=together)
            for each in contestants:
                took = each.feed(events, status="success", badges=count, outputs=count, executing=0)
                if number_:
                    times[each.name].append(took["all"] / len(events) * 1000)
            agree(contestants)
    return times


def agree(contestants: list[Contestant]) -> None:
    """Who shows something else than the page has not done the same work."""
    first, *others = [(each.name, each.state()) for each in contestants]
    for name, state in others:
        if state != first[1]:
            wrong = [key for key in state if state[key] != first[1][key]]
            raise SystemExit(f"{name} does not show what {first[0]} shows: {', '.join(wrong)}")


def row(figure: Figure, what: str, times: dict[str, list[float]]) -> None:
    page = median(times["page"])
    ratios = [number(page / median(times[name])) if name in times else "–" for name in ("A", "B")]
    figure.row(what, *(spread(times[name]) if name in times else "–" for name in ALL), *ratios)
