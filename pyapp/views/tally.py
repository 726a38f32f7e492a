"""Tally: how many steps of a run are done, failed, stopped or were not reached; counted, and in words."""

from __future__ import annotations

from ..contract.flow import FlowGraph, is_agent
from ..locale.catalogue import Catalogue
from ..run.bounded import BoundedDict
from ..stores.rows import GroupState, RunRow
from ..stores.stores import Stores

MAX_GRAPHS = 20
"""Flows that are kept, those that were on the canvas last."""
ENDED = ("success", "error", "killed", "unknown")


class Tally:
    """Reads the stores; keeps the flows that were on the canvas. A group counts only if it is an agent that works."""

    def __init__(self, stores: Stores, words: Catalogue) -> None:
        self._stores = stores
        self._words = words
        self._graphs: BoundedDict[str, FlowGraph] = BoundedDict(MAX_GRAPHS)
        stores.graph.subscribe(self._keep)

    def _keep(self, graph: FlowGraph | None) -> None:
        if graph is not None:
            self._graphs.pop(graph.flow.id, None)
            self._graphs[graph.flow.id] = graph

    def counts(self, run_id: str) -> dict[str, int]:
        """How many steps have each status, of those that began."""
        graph, latest = self._stores.graph.get(), self._stores.mock.latest_of(run_id)
        groups = {*self._stores.groups.of_run(run_id), *(graph.groups() if graph is not None else ())}
        but = [each for each in groups if each in latest and not is_agent(latest[each].type)]
        return self._stores.mock.tally(run_id, but)

    def graph(self, row: RunRow) -> FlowGraph | None:
        """The run's flow, as it was on the canvas last; of a run that names none, the one that is there."""
        return self._stores.graph.get() if row.flow_id is None else self._graphs.get(row.flow_id)

    def unreached(self, row: RunRow) -> int:
        """Steps of the flow that never began; none where the flow is not known."""
        graph, began = self.graph(row), self._stores.mock.latest_of(row.run_id)
        return len(graph.steps) - sum(each in graph.steps for each in began) if graph is not None else 0

    def rounds(self, run_id: str) -> int:
        """How often the group that went round most often did."""
        return max((group.rounds for group in self._stores.groups.of_run(run_id).values()), default=1)

    # -- in words -------------------------------------------------------------------------------------
    def ended(self, counts: dict[str, int]) -> str:
        """2 done · 1 failed"""
        said = [self._words(f"tally.{each}", count=counts[each]) for each in ENDED if each in counts]
        return " · ".join(said) or self._words("tally.success", count=0)

    def over(self, row: RunRow) -> str:
        """2 done · 1 failed · 2 not reached; nothing where nothing is known of it."""
        counts, left = self.counts(row.run_id), 0 if row.lacks else self.unreached(row)
        if not counts:
            return ""
        rest = self._words("tally.unneeded" if row.status == "success" else "tally.unreached", count=left)
        return " · ".join([self.ended(counts), *([rest] if left else [])])

    def within(self, group: GroupState) -> list[str]:
        """2 of 3, or round 2; 1 failed."""
        rounds = self._words("group.round", round=group.rounds) if group.rounds > 1 else ""
        said = rounds or self._words("group.progress", done=group.done, total=group.total)
        failed = [self._words("group.failed", count=group.failed)] if group.failed else []
        return [said, *failed] if group.total else []

    def progress(self, row: RunRow) -> tuple[str, int, int]:
        """How far a run is that is not over, in words; and done of total, 0 where that says nothing."""
        counts, graph, rounds = self.counts(row.run_id), self.graph(row), self.rounds(row.run_id)
        done = sum([counts[each] for each in ENDED if each in counts])
        if rounds > 1:
            return self._words("group.round", round=rounds), 0, 0
        if graph is None or not graph.steps:
            return (self.ended(counts) if done else ""), 0, 0
        total = max(len(graph.steps), sum(counts.values()))
        return (self._words("runs.progress", done=done, total=total) if done else ""), done, total
