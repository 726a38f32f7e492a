"""AnnouncerView: says in the one polite region what somebody who does not see the page must hear.

Starts and ends of runs, failures with their node, and what waits for a person; with `all` also how many steps ended.
At most once in GAP_S: what comes meanwhile is said together, MOST sentences of it: how the run in front ended before
what waits for a person, that before failures elsewhere, those before the rest, of equals the last.
"""

from __future__ import annotations

from ...clock import Timer
from ...contract.text import unmarked
from ...stores.rows import RunKey, RunRow
from ..canvas.failure import first_fault
from ..context import View, ViewContext

GAP_S = 3.0
MOST = 3


class AnnouncerView(View):
    """Owns `#live`, and what of each run was said."""

    rank = 9

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._region = self.document.region("live")
        self._statuses: dict[str, str] = {}
        self._asked: set[RunKey] = set()
        self._steps = 0
        self._waiting: list[tuple[int, str]] = []
        """What is to be said next, each with its rank: the lower, the less it may be left out."""
        self._said = ""
        self._timer: Timer | None = None
        self._again = self.shows(self._draw)
        for run_id, row in self.stores.runs.items():
            self._statuses[run_id] = row.status
        self.follows(self.stores.runs, self._runs_changed)
        self.follows(self.stores.interactions, self._cards_changed)
        self.follows(self.stores.mock, self._steps_changed)
        self.owns(self._rest)

    def _draw(self) -> None:
        self._region.textContent = self._said

    # -- what there is to say -------------------------------------------------------------------------
    def _runs_changed(self, keys: dict[str, None]) -> None:
        for run_id in keys:
            row, before = self.stores.runs.get(run_id), self._statuses.pop(run_id, None)
            if row is None or not row.known:  # of one that only a link names nothing began
                continue
            self._statuses[run_id] = row.status
            begins = before is None and not row.over and run_id == self.front
            ends = (before is not None or row.lived) and row.over and before != row.status
            if begins or ends:
                own = ends and run_id == self.front
                self._say(self._of_run(row), 0 if own else 2 if row.status == "error" else 3)

    def _of_run(self, row: RunRow) -> str:
        name = self.context.run_name(row.run_id)
        fault = first_fault(self.stores.mock.of_run(row.run_id).values()) if row.status == "error" else None
        if fault is not None:
            node = self.context.title(fault.node_id, row.run_id, fault.handle)
            return self.words("announce.error.at", name=name, node=node)
        return self.words(f"announce.{row.status if row.over else 'started'}", name=name)

    def _cards_changed(self, keys: dict[RunKey, None]) -> None:
        for key in keys:
            card = self.stores.interactions.get(key)
            if card is None or not card.asks:
                self._asked.discard(key)
            elif key not in self._asked:
                self._asked.add(key)
                step = self.context.named(card.node_id or "", card.run_id)
                what = unmarked(card.prompt)[:200] or step or self.context.run_name(card.run_id)
                self._say(self.words("announce.asked", kind=self.words(f"kind.{card.kind}"), what=what), 1)

    def _steps_changed(self, keys: dict[RunKey, None]) -> None:
        """Only counted, and only for who wants to hear everything."""
        if self.context.shared.memory.announces != "all":
            return
        ended = (self.stores.mock.get(key) for key in keys if key[0] == self.front)
        self._steps += sum(mock is not None and mock.ended for mock in ended)
        if self._steps and self._timer is None:
            self._speak()

    # -- at which rate --------------------------------------------------------------------------------
    def _say(self, sentence: str, rank: int) -> None:
        if self.context.shared.memory.announces != "off":
            self._waiting.append((rank, sentence))
            if self._timer is None:
                self._speak()

    def _speak(self) -> None:
        steps = [self.words("announce.steps", count=self._steps)] if self._steps else []
        waiting = self._waiting
        kept = sorted(range(len(waiting)), key=lambda place: (waiting[place][0], -place))[:MOST]
        left = len(waiting) - len(kept)
        more = [self.words("announce.more", count=left)] if left else []
        self._said = " ".join([*steps, *(waiting[place][1] for place in sorted(kept)), *more])
        self._waiting.clear()
        self._steps = 0
        self._again()
        self._timer = self.context.shared.clock.call_later(GAP_S, self._over)

    def _over(self) -> None:
        """Said; what came meanwhile is next."""
        self._timer = None
        if self._waiting or self._steps:
            self._speak()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
