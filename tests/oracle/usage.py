"""What was spent in tokens: contract §1 (`usage`). What an end of a node tells is all of that execution."""

from __future__ import annotations

from collections import Counter

from .chat import Bubble
from .events import Json
from .nodes import Execution, Executions

Spent = Counter[str]
COUNTED = ("input_tokens", "output_tokens")


def spent(events: list[Json], known: Executions, said: list[Bubble]) -> Spent:
    """All of it, nothing twice."""
    total: Spent = Counter()
    told: set[tuple[str, int]] = set()
    """Executions whose end told what they spent."""
    for node, orders in known.items():
        for order, each in orders.items():
            usage = _usage(events, each.ended) if not each.implied else None
            if usage is not None:
                total += usage
                told.add((node, order))
    for tool in (each.tool for each in said if each.tool is not None and each.tool.ended is not None):
        usage = _usage(events, tool.ended)
        if usage is not None and _belongs(known.get(tool.node, {}), tool.node, tool.ended or 0) not in told:
            total += usage
    return total


def _usage(events: list[Json], place: int | None) -> Spent | None:
    usage = events[place].get("usage") if place is not None else None
    return Counter({each: usage[each] for each in COUNTED}) if usage is not None else None


def _belongs(orders: dict[int, Execution], node: str, place: int) -> tuple[str, int] | None:
    """The execution in which something at that place happened: the latest that was open then, else the latest."""
    begun = [order for order, each in orders.items() if each.began < place]
    still = [order for order in begun if orders[order].ended is None or (orders[order].ended or 0) > place]
    chosen = still or begun
    return (node, max(chosen, key=lambda order: orders[order].began)) if chosen else None
