"""Agno's `event_index`: what came twice, whether anything is missing, and where an event stands in its root run."""

from __future__ import annotations

from typing import Any

from ...run.bounded import BoundedDict
from .fields import Event, count, is_nested, run_of

MAX_SEEN = 100_000
MAX_NESTED = 1_000


class Numbers:
    """Owns which indices were seen, each with the run and the event that it was told of: in Agno 2.9 a nested workflow
    counts for itself.
    """

    def __init__(self) -> None:
        self._seen: BoundedDict[tuple[str | None, int, Any], None] = BoundedDict(MAX_SEEN)
        self._indices: set[int] = set()

    def take(self, event: Event) -> bool:
        """Note the index of an event; False when it came before: the one that is dropped without a word, as it was told
        then.
        """
        index = count(event.get("event_index"))
        if index is None:
            return True
        key = run_of(event), index, event.get("event")
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._indices) < MAX_SEEN:
            self._indices.add(index)
        return True

    @property
    def whole(self) -> bool:
        """Nothing is known to be missing between what came; without indices nothing can be known to be."""
        return not self._indices or max(self._indices) - min(self._indices) + 1 == len(self._indices)


class Places:
    """Where each event stands in its root run: its `event_index`, but for a nested workflow that counts for itself."""

    def __init__(self) -> None:
        self._with_root: BoundedDict[str | None, bool] = BoundedDict(MAX_NESTED)
        """Run id of a nested workflow → whether it counts on from its root, as from Agno 3.0."""

    def of(self, event: Event, last: int) -> int | None:
        """The place of an event when `last` was the one before; None where it has none of its own."""
        index = count(event.get("event_index"))
        if index is None or not is_nested(event) or not str(event.get("event")).startswith(PARTS):
            return index
        nested = run_of(event)
        if nested not in self._with_root:
            if not count(event.get("nested_depth")):
                return index
            self._with_root[nested] = event.get("event") == "WorkflowStarted" and index == last + 1
        return index if self._with_root[nested] else None


PARTS = ("Workflow", "Step", "Parallel", "Loop", "Condition", "Router")
"""How the names of a workflow's own events begin: an agent in it counts with the root in every version."""
