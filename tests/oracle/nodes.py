"""Executions of nodes, and what glows while the run lives: contract §5 and §6 (badges, ends, groups)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .events import NODE_EVENTS, Json

Glow = frozenset[str]
"""What a node may show: `executing`, an outcome, or "" for nothing. More than one where the contract leaves it open."""
OPEN_TO_ALL: Glow = frozenset(("", "executing", "success", "error", "killed"))
WORST_FIRST = ("error", "killed", "success")


@dataclass
class Execution:
    """One time a node ran. `began` and `ended` are places in the log."""

    status: str
    began: int
    ended: int | None = None
    implied: bool = False
    late: bool = False
    """Its start came after the end of the run."""
    content: Any = None
    error: Any = None
    variables: Json | None = None
    input: Any = None
    began_ts: float | None = None
    ended_ts: float | None = None

    untold: bool = False
    """Whether something that happened while it was open was in it the contract does not say."""


Executions = dict[str, dict[int, Execution]]
PEOPLE = ("AgentPaused", "interaction_event", "resume_start", "resume_end")


def executions(events: list[Json], end: int, outcome: str) -> Executions:
    """node → order → execution; `end` is the place of the event that ended the run with `outcome`."""
    known: Executions = {}
    for place, event in enumerate(events):
        if event["event"] == "start_node":
            _start(known, event, place, late=place > end)
        elif event["event"] == "end_node":
            _end(known, event, place, _by_then(events, end, event) if place > end else event.get("ts"))
        elif place == end:
            for each in (each for orders in known.values() for each in orders.values()):
                if each.status == "executing":
                    each.status = outcome if outcome != "success" else "unknown"
                    each.implied, each.ended = True, place
    return known


def _start(known: Executions, event: Json, place: int, *, late: bool) -> None:
    order = event.get("order")
    if order is None:
        order = 1 + max((each for orders in known.values() for each in orders), default=-1)
    new = Execution("unknown" if late else "executing", place, implied=late, late=late, began_ts=event.get("ts"))
    new.input = event.get("input")
    known.setdefault(event["node_id"], {}).setdefault(order, new)


def _by_then(events: list[Json], end: int, event: Json) -> float | None:
    """When what is told behind the end of the run ended: no later than the run. None where somebody told no moment."""
    if any(each.get("ts") is None for each in (*events[: end + 1], event)):
        return None
    return min(float(event["ts"]), max(float(each["ts"]) for each in events[: end + 1]))


def _end(known: Executions, event: Json, place: int, ts: float | None) -> None:
    orders = known.setdefault(event["node_id"], {})
    order = event.get("order")
    if order is None:
        order = max(each for each, execution in orders.items() if execution.status == "executing")
    execution = orders.setdefault(order, Execution("executing", place))
    if execution.status == "executing" or execution.implied:
        execution.status, execution.implied, execution.ended = event["status"], False, place
        execution.content, execution.error = event.get("content"), event.get("error")
        execution.variables, execution.ended_ts = event.get("variables"), ts


def reach(known: Executions, events: list[Json], end: int, parents: dict[str, str]) -> None:
    """What is open reaches over what happens in it, innermost first: no part is longer than its whole, by any clock."""
    for node in sorted(known, key=lambda each: -len(_round(each, parents))):
        for each in known[node].values():
            last = min(len(events) if each.ended is None else each.ended, end)
            inside = [_moments(known, events[place], place, node, parents) for place in range(each.began + 1, last)]
            moments = [moment for found in inside for moment in found if moment is not None]
            each.untold = None in [moment for found in inside for moment in found]
            if each.began_ts is not None and each.ended_ts is not None:
                each.ended_ts = max([each.ended_ts, each.began_ts, *moments])
                each.began_ts = min([each.began_ts, *moments])


def _moments(known: Executions, event: Json, place: int, node: str, parents: dict[str, str]) -> list[float | None]:
    """The moments of what happens in a node by an event; None for one that the contract does not tell."""
    if event["event"] in PEOPLE:
        return [None]
    if event["event"] not in NODE_EVENTS or "ts" not in event:
        return []
    name = event["node_id"]
    those = known.get(name, {}).values()
    if event["event"] in ("start_node", "end_node"):
        ends = [None if each.untold else each.ended_ts for each in those if each.ended == place]
        return [event["ts"], *ends] if node in _round(name, parents) else []
    open_then = any(each.began < place and (each.ended is None or each.ended > place) for each in those)
    return [event["ts"]] if open_then and node in (name, *_round(name, parents)) else []


def _round(node: str, parents: dict[str, str]) -> list[str]:
    """The groups round a node."""
    return [parents[node], *_round(parents[node], parents)] if node in parents else []


class Glows:
    """What every node of a living run shows. `parents`: node → the group it is listed or announced in."""

    def __init__(self, known: Executions, parents: dict[str, str]) -> None:
        self._known = known
        self._parents = parents
        self._groups = set(parents.values())

    def of(self, node: str) -> Glow:
        own = list(self._known.get(node, {}).values())
        if node not in self._groups:
            return frozenset((_present(own),))
        return self._own_group(node, own) if own else self._led_group(node)

    def _own_group(self, group: str, own: list[Execution]) -> Glow:
        """A group that sent starts of its own: its own ends decide, until something in it starts later."""
        present = _present(own)
        if present == "executing":
            return frozenset(("executing",))
        ended = max(each.ended or 0 for each in own)
        if any(each.began > ended and each.ended is None for each in self._of_children(group)):
            return frozenset(("executing",))
        if any(each.began > ended for node in self._inside(group) for each in self._known.get(node, {}).values()):
            return OPEN_TO_ALL
        return frozenset((present,))

    def _led_group(self, group: str) -> Glow:
        """A group that only its children speak for."""
        inside = [each for node in self._inside(group) for each in self._known.get(node, {}).values()]
        if any(each.ended is None for each in inside):
            return frozenset(("executing",))
        if not inside:
            return frozenset(("",))
        outcomes = [self.of(child) for child in self._children(group)]
        if any(len(outcome) > 1 for outcome in outcomes):
            return OPEN_TO_ALL
        flat = {next(iter(outcome)) for outcome in outcomes}
        if "" in flat or "executing" in flat:
            return frozenset(("", "executing"))  # between two children: the contract leaves it open
        return frozenset((next(status for status in WORST_FIRST if status in flat),))

    def _children(self, group: str) -> list[str]:
        return [node for node, parent in self._parents.items() if parent == group]

    def _inside(self, group: str) -> list[str]:
        return [each for child in self._children(group) for each in (child, *self._inside(child))]

    def _of_children(self, group: str) -> list[Execution]:
        return [each for child in self._children(group) for each in self._known.get(child, {}).values()]


def _present(own: list[Execution]) -> str:
    """Executing while one is open, then the outcome of the one that ended last; "" for none at all."""
    if any(each.ended is None for each in own):
        return "executing"
    return max(own, key=lambda each: each.ended or 0).status if own else ""
