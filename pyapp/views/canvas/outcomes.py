"""OutcomesView: what became of each node of the run in front, once that is over: it stays until another run begins.

An attribute of its own, `data-outcome`, beside the contract's classes, which go with their run. Written at the end of a
run or when one comes to the front, never for a single event; of a large flow by and by, as each costs a style. What was
not reached is marked and called so by the document: Python looks at those alone that the run tells of.
"""

from __future__ import annotations

from itertools import islice

from ..context import View, ViewContext

OUTCOME = "data-outcome"
NOT_REACHED = "none"
IN_A_FRAME = 400  # nodes: each costs a style


class OutcomesView(View):
    rank = 2

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._shown: dict[str, str | None] = {}
        self._to_mark: dict[str, str | None] = {}
        self._rest = ""
        """What is said of the nodes of which the run does not tell; "" while nothing can be said."""
        self._said = ""
        """What is said of them on the canvas, as far as that has come."""
        self._again = self.shows(self._draw, self.stores.front, self.stores.graph)
        self._go_on = self.shows(self._mark_some)
        self.follows_row(self._again)
        self.follows_front(self.stores.mock, self._changed)
        self.follows_front(self.stores.groups, self._changed)
        self.follows_canvas()

    def clear(self) -> None:
        """Whatever is on the canvas is marked anew."""
        self.document.unmark(OUTCOME)
        self._shown, self._to_mark, self._said = {}, {}, ""

    def _changed(self) -> None:
        """What comes late still counts; a run that lives shows none."""
        if self._over():
            self._again()

    def _over(self) -> bool:
        row = self.stores.runs.get(self.front)
        return row is not None and row.over

    def _draw(self) -> None:
        states, front, shown = self.context.states, self.front, self._shown
        over = self._over()
        outcomes = self._outcomes() if over else {}
        self._rest = self.words(states.unbegun(front)) if over else ""
        self._to_mark = {each: outcomes.get(each) for each in shown | outcomes if shown.get(each) != outcomes.get(each)}
        self._mark_some()

    def _mark_some(self) -> None:
        """As many as one frame bears; the next one goes on."""
        if some := dict(islice(self._to_mark.items(), IN_A_FRAME)):
            self.document.mark(OUTCOME, some)
            self._shown.update(some)
            for node_id in some:
                del self._to_mark[node_id]
        if self._to_mark or self._mark_rest(IN_A_FRAME - len(some)):
            self.context.frame.before(self._go_on)

    def _mark_rest(self, at_most: int) -> bool:
        """The same for all others; whether some are left."""
        if self._said not in ("", self._rest) and self.document.unmark_rest(OUTCOME, NOT_REACHED, at_most):
            return True
        self._said = self._rest
        words = self.words("node.state", name="{name}", state=self._rest)
        return bool(self._rest) and self.document.mark_rest(OUTCOME, NOT_REACHED, words, at_most)

    def _outcomes(self) -> dict[str, str]:
        """How each is of which the run tells; a group by what is in it."""
        alone = {each: mock.status for each, mock in self.stores.mock.latest_of(self.front).items()}
        within = {each: group.status for each, group in self.stores.groups.of_run(self.front).items()}
        return {each: status for each, status in (alone | within).items() if status is not None}
