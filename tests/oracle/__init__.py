"""The oracle: what a page must show of a log of events, written from the contract and from nothing else.

Slow and plain on purpose: it sorts the whole log of a run by `seq`, drops what is there twice or cannot be read, and
goes through it once for each thing it tells. It shares no code with pyapp. Where the contract leaves something open it
says so, and whoever compares must let both pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .chat import Bubble, bubbles
from .events import TERMINAL, Json, last_moment, of_run, statuses
from .nodes import Executions, Glow, Glows, executions, reach
from .people import Cards, cards
from .usage import Spent, spent

__all__ = ["TERMINAL", "Bubble", "Cards", "Executions", "Glow", "Told", "fold_log", "tell"]


@dataclass
class Told:
    """Everything the contract says of one run after its whole log."""

    run_id: str
    status: str
    executions: Executions
    bubbles: list[Bubble]
    cards: Cards
    parents: dict[str, str]
    spent: Spent

    @property
    def over(self) -> bool:
        return self.status in TERMINAL

    @property
    def badges(self) -> dict[str, dict[int, str]]:
        """node → order → status."""
        return {
            node: {order: each.status for order, each in orders.items()} for node, orders in self.executions.items()
        }

    def outputs(self) -> list[str]:
        """The nodes that have ended at least once, by their first execution."""
        ended = {
            node: min(orders)
            for node, orders in self.executions.items()
            if any(each.status != "executing" for each in orders.values())
        }
        return sorted(ended, key=lambda node: ended[node])

    def glow(self, node: str) -> Glow:
        """What a node may show; nothing at all once the run is over."""
        return frozenset(("",)) if self.over else Glows(self.executions, self.parents).of(node)

    def at_work(self, node: str) -> bool | None:
        """Whether a tool is at work on an executing node; None where the contract says nothing."""
        tools = [each.tool for each in self.bubbles if each.tool is not None and each.tool.node == node]
        if self.over or all(tool.ended is not None for tool in tools):
            return False
        return True if self.glow(node) == {"executing"} else None

    def waits(self, node: str) -> bool | None:
        """Whether a node waits for a person; None where the contract says nothing."""
        if self.over or not (self.cards.requirements or self.cards.sign_ins):
            return False
        asked = [place for name, place in self.cards.requirements.values() if name == node]
        went_on = any((each.ended or 0) > min(asked, default=0) for each in self.executions.get(node, {}).values())
        return True if asked and not went_on and self.status == "paused" and self.glow(node) == {"executing"} else None


def tell(log: list[Json], parents: dict[str, str] | None = None) -> dict[str, Told]:
    """run id → what is true of it, for a log in any order, with duplicates. `parents`: the flow's node → its group."""
    return {run_id: _tell(log, run_id, parents or {}) for run_id in dict.fromkeys(each["run_id"] for each in log)}


def fold_log(log: list[Json]) -> dict[str, dict[str, Any]]:
    """run id → {status, nodes: {node: {order: status}}}: the part of `tell` that needs no flow."""
    return {run_id: {"status": told.status, "nodes": told.badges} for run_id, told in tell(log).items()}


def _tell(log: list[Json], run_id: str, parents: dict[str, str]) -> Told:
    events = of_run(log, run_id)
    after = statuses(events)
    end = last_moment(after)
    status = after[-1] if after else "executing"
    announced = {
        event["node_id"]: event["parent_node_id"]
        for event in events
        if event.get("parent_node_id") and event.get("node_id")
    }
    known, said = executions(events, end, status), bubbles(events)
    shown = {**announced, **parents}
    reach(known, events, end, shown)
    return Told(run_id, status, known, said, cards(events, end), shown, spent(events, known, said))
