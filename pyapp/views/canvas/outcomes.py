"""OutcomesView: what became of each node of the run in front, once that is over: it stays until another run begins.

An attribute of its own, `data-outcome`, beside the contract's classes, which go with their run. Written in one pass, at
the end of a run or when one comes to the front, never for a single event.
"""

from __future__ import annotations

from ...stores.rows import RunKey
from ..context import View, ViewContext

OUTCOME = "data-outcome"
NOT_REACHED = "none"


class OutcomesView(View):
    rank = 2

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._shown: dict[str, str] = {}
        self._again = self.shows(self._draw, self.stores.front, self.stores.graph)
        self.follows(self.stores.runs, lambda keys: self._again() if self.front in keys else None)
        self.follows(self.stores.mock, self._changed)
        self.follows(self.stores.groups, self._changed)
        self.follows_canvas()

    def clear(self) -> None:
        """Whatever is on the canvas is marked anew."""
        self._shown = {"": ""}

    def _changed(self, keys: dict[RunKey, None]) -> None:
        """What comes late still counts; a run that lives shows none."""
        if self._over() and any(run_id == self.front for run_id, _ in keys):
            self._again()

    def _over(self) -> bool:
        row = self.stores.runs.get(self.front)
        return row is not None and row.over

    def _draw(self) -> None:
        outcomes = self._outcomes() if self._over() else {}
        if outcomes != self._shown:
            self._shown = outcomes
            self.document.mark(OUTCOME, outcomes)

    def _outcomes(self) -> dict[str, str]:
        """Of a run of which nothing but its row is known, nobody can say what was not reached."""
        graph, front = self.stores.graph.get(), self.front
        ran = (mock.node_id for mock in self.stores.mock.of_run(front).values())
        heard = dict.fromkeys([*ran, *self.stores.groups.of_run(front)])
        if not heard:
            return {}
        every = dict.fromkeys([*(graph.nodes if graph is not None else ()), *heard])
        return {each: self.context.node_status(front, each) or NOT_REACHED for each in every}
