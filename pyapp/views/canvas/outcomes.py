"""OutcomesView: what became of each node of the run in front, once that is over: it stays until another run begins.

An attribute of its own, `data-outcome`, beside the contract's classes, which go with their run. Written at the end of a
run or when one comes to the front, never for a single event; of a large flow by and by, as each costs a style.
"""

from __future__ import annotations

from itertools import islice

from ..context import View, ViewContext

OUTCOME = "data-outcome"
NOT_REACHED = "none"
IN_A_FRAME = 250  # nodes


class OutcomesView(View):
    rank = 2

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._shown: dict[str, str | None] = {}
        self._to_mark: dict[str, str | None] = {}
        self._again = self.shows(self._draw, self.stores.front, self.stores.graph)
        self._go_on = self.shows(self._mark_some)
        self.follows_row(self._again)
        self.follows_front(self.stores.mock, self._changed)
        self.follows_front(self.stores.groups, self._changed)
        self.follows_canvas()

    def clear(self) -> None:
        """Whatever is on the canvas is marked anew."""
        self.document.unmark(OUTCOME)
        self._shown, self._to_mark = {}, {}

    def _changed(self) -> None:
        """What comes late still counts; a run that lives shows none."""
        row = self.stores.runs.get(self.front)
        if row is not None and row.over:
            self._again()

    def _draw(self) -> None:
        outcomes, shown = self._outcomes() if self.context.states.settled(self.front) else {}, self._shown
        self._to_mark = {each: outcomes.get(each) for each in shown | outcomes if shown.get(each) != outcomes.get(each)}
        self._mark_some()

    def _mark_some(self) -> None:
        """As many as one frame bears; the next one goes on."""
        if some := dict(islice(self._to_mark.items(), IN_A_FRAME)):
            self.document.mark(OUTCOME, some)
            self._shown.update(some)
            for node_id in some:
                del self._to_mark[node_id]
            self.context.frame.before(self._go_on)

    def _outcomes(self) -> dict[str, str]:
        graph, front = self.stores.graph.get(), self.front
        heard = [mock.node_id for mock in self.stores.mock.of_run(front).values()] + [*self.stores.groups.of_run(front)]
        every = [*(graph.nodes if graph is not None else ()), *heard]
        return {each: self.context.node_status(front, each) or NOT_REACHED for each in every}
