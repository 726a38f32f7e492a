"""What a watcher knows of a run, held against the oracle: status, badges, words of each source, cards, numbers."""

from __future__ import annotations

from typing import Any

from pyapp.run.run import Run
from tests.oracle import Told, tell

Json = dict[str, Any]


def differences(run: Run, log: list[Json]) -> list[str]:
    """Everything in which the watcher's record is not what the oracle says of the whole log; none is as it must be."""
    told = tell(log)[run.run_id]
    pairs = {
        "status": (run.status, told.status),
        "badges": (badges(run), told.badges),
        "words": (spoken(run), said(told)),
        "cards": ([each for each, _ in run.cards()], list(told.cards.requirements)),
        "missing": (run.log.missing(), []),
        "numbers": (run.log.next, 1 + max(each["seq"] for each in log if each["run_id"] == run.run_id)),
    }
    return [f"{name} is {known!r}, not {true!r}" for name, (known, true) in pairs.items() if known != true]


def badges(run: Run) -> dict[str, dict[int, str]]:
    """node → order → status."""
    return {
        node_id: {each.order: each.status for each in run.executions(node_id)}
        for node_id in run.node_ids()
        if any(True for _ in run.executions(node_id))
    }


def spoken(run: Run) -> dict[str, str]:
    """source → all it said, in order."""
    words: dict[str, str] = {}
    for each in run.record.messages.values():
        if each.kind == "text":
            words[each.source] = words.get(each.source, "") + each.text
    return words


def said(told: Told) -> dict[str, str]:
    words: dict[str, str] = {}
    for each in told.bubbles:
        if each.kind == "text":
            words[each.source] = words.get(each.source, "") + each.text
    return words
