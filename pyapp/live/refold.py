"""Refold: the journal is the truth of a run, its record the sum; here the sum is made again and compared."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ..run.fold_old import fold
from ..run.journal_old import Journal
from ..run.record_old import TERMINAL, RunRecord

MAX_EVENTS = 2_000
"""A longer journal is only gone through when a person asks: it would keep the page busy."""
KEPT = ("run_id", "heard", "catching_up", "chat_serial", "chat_open", "chat_texts", "chat_tools")
"""What is not the sum of the events, or is the chat's own."""


def refold(run: RunRecord, journal: Journal, now: float, *, whole: bool = False) -> bool:
    """Make the record again from the journal; True when it was another one, and is mended.

    A record that HTTP has added to, or whose oldest events have left the journal, knows more than that: it is left.
    """
    if run.told_over_http or journal.dropped or (len(journal) > MAX_EVENTS and not whole):
        return False
    fresh = RunRecord(run.run_id)
    for event in journal:
        fold(fresh, event, now)
    if _sum(fresh) == _sum(run):
        return False
    for node_id, node in fresh.nodes.items():
        known = run.nodes.get(node_id)
        for order, execution in node.executions.items():
            before = known.executions.get(order) if known is not None else None
            if before is not None:  # our own clock is in no event
                execution.started, execution.ended = before.started, before.ended
    for each in fields(run):
        if each.name not in KEPT:
            setattr(run, each.name, getattr(fresh, each.name))
    return True


def _sum(run: RunRecord) -> dict[str, Any]:
    """What counts of a record. That it is queued or in doubt is no event's word."""
    return {
        "status": run.status if run.status in TERMINAL or run.status == "paused" else None,
        "nodes": {
            node.node_id: {order: (each.status, each.implied) for order, each in node.executions.items()}
            for node in run.nodes.values()
            if node.executions  # else it was only asked about
        },
        "tools": {key: call.status for key, call in run.tools.items()},
    }
