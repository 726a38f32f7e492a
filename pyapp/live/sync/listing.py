"""Which runs there are: those that are not over, of every flow; of the others the newest, and older ones on demand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ...clock import Timer
from ...contract.http import RunInfo
from ...contract.text import text_of
from ...errors import ApiError
from ...link.backend import Questions
from ...locale.display import snippet
from ...run.record import TERMINAL
from ...run.run import Run
from ...run.tracking import Asked, ExecutionTracking
from ...stores.listing import Paging
from ...stores.rows import RunRow
from ..front import MAX_ROWS
from ..shared import Shared
from .asker import Asker
from .runs import RunQuestions

LISTED = 50
"""Runs of one page of the list; of those that are not over, all are shown."""
UNFINISHED = ("paused", "executing", "queued")
"""Asked for by name where a page of the list is full: a run that waits for a person may be older than that."""
REFUSED_S = 30.0
"""A list that was refused for so long is one that the server does not have."""
BEHIND_S = 2.0
"""A list may be made of a database that is so far behind the stream."""
STATUSES = {"": None, "live": None}
"""What the server is asked for where the choice is not one status of its own."""

Choice = tuple[str | None, str | None]
"""(flow, status) of the runs that a page is asked of; None for any."""
ANY: Choice = (None, None)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about every run, as it was when it was put: of those that are kept, and the status of each row."""

    runs: dict[str, Asked]
    rows: dict[str, str]


class Listing:
    """Owns how far the list goes back, for each choice of runs."""

    def __init__(
        self, shared: Shared, tracking: ExecutionTracking, runs: RunQuestions, asker: Asker, api: Questions
    ) -> None:
        self._shared = shared
        self._stores = shared.stores
        self._tracking = tracking
        self._runs = runs
        self._asker = asker
        self._api = api
        self._last: dict[Choice, RunInfo] = {}
        """The oldest run that was listed of a choice."""
        self._done: set[Choice] = set()
        """Choices of which the server has no older runs."""
        self._once_more: Timer | None = None
        self.none = False
        """The server was asked, and has no list."""

    def ask(self) -> None:
        """Ask which runs there are, of every flow."""
        if self._api.available:
            self._asker.want(("", "runs"), self._list, partial(self._no_list, []))

    def back(self) -> None:
        """The link is back: ask now for the runs that began meanwhile, and once more for the youngest of them."""
        self.ask()
        self.stop()
        self._once_more = self._shared.clock.call_later(BEHIND_S, self.ask)

    def stop(self) -> None:
        if self._once_more is not None:
            self._once_more.cancel()

    def chosen(self) -> None:
        """A person wants to see other runs: the first page of them is asked for, unless it is here."""
        self._page(asking=False)
        if self._api.available and self._choice() not in self._last and not self._all_here:
            self.older()

    def older(self) -> None:
        """Ask for the next page of what is chosen."""
        if self._api.available:
            self._page(asking=True)
            self._asker.want(("", "older"), partial(self._older, self._choice()), self._no_older, newest=True)

    def forget(self) -> None:
        """No run is listed any more: the list begins again with its next answer."""
        self._last.clear()
        self._done.clear()
        self._stores.paging.set(Paging())

    def repaint(self, run: Run) -> None:
        """Its flow is on the canvas: show it by that."""
        self._runs.repaint(run)

    # -- inside -----------------------------------------------------------------------------------
    async def _list(self) -> bool:
        """The list is a convenience: without it the page still shows every run it hears of."""
        asked = self._asking()
        infos = await self._api.runs(limit=LISTED)
        self.none = False
        full = len(infos) == LISTED  # else the server ignores the limit, or has no more
        rest = [await self._api.runs(status=status) for status in UNFINISHED] if full else []
        over = [info for info in infos if info.status in TERMINAL]
        self._note(ANY, over[:LISTED], more=full or len(over) > LISTED)
        shown = {info.run_id for info in over[:LISTED]}
        every = {info.run_id: info for page in (*rest, infos) for info in reversed(page)}
        with self._stores.batch():
            for info in every.values():
                if info.run_id in shown or info.status not in TERMINAL:
                    self.row(info, asked)
            self._page(asking=False)
        return True

    async def _older(self, choice: Choice) -> bool:
        """A page behind the last; of a backend that gives more than it was asked for, or less, what is older."""
        flow_id, status = choice
        asked, last = self._asking(), self._last.get(choice)
        before = last.run_id if last is not None else None
        infos = await self._api.runs(flow_id=flow_id, status=status, before=before, limit=LISTED)
        places = [info.run_id for info in infos]
        ignored = before in places
        behind = infos[places.index(last.run_id) + 1 :] if last is not None and ignored else infos
        found = [info for info in behind if _fits(info, choice)]
        page = found[:LISTED]
        if len(found) > LISTED or ignored:
            self._note(choice, page, more=len(found) > LISTED)
        else:
            self._note(choice, infos, more=len(infos) >= LISTED and _goes_back(last, infos[-1]))
        fresh = sum(self._stores.runs.get(info.run_id) is None for info in page)
        with self._stores.batch():
            paging = self._stores.paging.get()
            self._stores.paging.set(replace(paging, older=paging.older + fresh))
            for info in reversed(page):
                self.row(info, asked)
            self._page(asking=False)
        return True

    def _asking(self) -> Asking:
        runs = {run.run_id: self._tracking.asking(run) for run in self._tracking.runs()}
        return Asking(runs, {run_id: row.status for run_id, row in self._stores.runs.items()})

    def _note(self, choice: Choice, page: list[RunInfo], *, more: bool) -> None:
        """So far goes the list of a choice, unless it went further before."""
        last = self._last.get(choice)
        if page and _goes_back(last, page[-1]):
            self._last[choice] = page[-1]
        if not more:
            self._done.add(choice)
        elif last is None:
            self._done.discard(choice)

    def _page(self, *, asking: bool, problem: str | None = None) -> None:
        """Say whether there may be older runs of what is chosen."""
        more = bool(self._last) and not self._all_here and len(self._stores.runs) < MAX_ROWS
        self._stores.paging.set(replace(self._stores.paging.get(), asking=asking, more=more, problem=problem))

    @property
    def _all_here(self) -> bool:
        return ANY in self._done or self._choice() in self._done

    def _choice(self) -> Choice:
        wanted, graph = self._stores.runs_filter.get(), self._stores.graph.get()
        flow_id = graph.flow.id if wanted.this_flow and graph is not None else None
        return flow_id, STATUSES.get(wanted.status, wanted.status)

    def _no_list(self, refused: list[float], error: ApiError) -> bool:
        """A refusal may be the fault of a moment: only one of REFUSED_S ends the asking, until the next reconnect."""
        if error.temporary:
            refused.clear()
        else:
            refused.append(self._shared.clock.now())
        self.none = bool(refused) and refused[-1] - refused[0] >= REFUSED_S
        return self.none

    def _no_older(self, error: ApiError) -> bool:
        """A person sees that it failed, and asks again."""
        self._page(asking=False, problem=self._shared.words("runs.older_failed", reason=error))
        return True

    def row(self, info: RunInfo, asked: Asking | None = None) -> None:
        """What the server says of a run; one that is not over is known from now on, with what it waits for."""
        known = self._tracking.find(info.run_id)
        if known is None and asked is not None:
            info = self._not_undone(info, asked.rows)
        asks = info.status == "paused" or bool(info.requirements or info.interactions)
        if info.status not in TERMINAL and self._tracking.admits(info.run_id, asks=asks):
            known_then = asked.runs.get(info.run_id) if asked is not None and known is not None else None
            self._unfinished(known or self._tracking.run(info.run_id), info, known_then)
        elif known is None:
            status: Any = info.status
            row = self._stores.runs.get(info.run_id) or RunRow(info.run_id, status)
            row = replace(
                row,
                status=status,
                flow_id=info.flow_id,
                started_at=info.started_at,
                began_at=info.began_at,
                ended_at=info.ended_at,
                error=text_of(info.error) or row.error,
                input=row.input or snippet(info.input),
            )
            self._stores.runs.set(info.run_id, row)

    def _not_undone(self, info: RunInfo, then: dict[str, str]) -> RunInfo:
        """What an answer says of a run that is nothing but a row: of what was heard since it can tell the end alone."""
        row, ended = self._stores.runs.get(info.run_id), self._tracking.is_run_completed(info.run_id)
        ends = row is not None and info.status in TERMINAL and not row.over  # however old: that is final
        if row is None or ends or (not ended and row.status in ("unverified", then.get(info.run_id))):
            return info
        return info.model_copy(update={"status": row.status, "ended_at": row.ended_at, "error": row.error})

    def _unfinished(self, run: Run, info: RunInfo, asked: Asked | None) -> None:
        """The next `resume` asks for its events; where the link is open already, they are asked for here."""
        if asked is None and run.log.entries:
            self._runs.state(run)  # it began while the list was under way
            return
        asked = asked or self._tracking.asking(run)
        if not self._runs.told(run, info, asked):
            return
        if self._stores.link.get().phase == "open":
            self._runs.complete(run, info, asked)
        if info.requirements is None and info.status == "paused":
            self._runs.state(run)


def _fits(info: RunInfo, choice: Choice) -> bool:
    """Whether a run is one of the choice: a backend may ignore what it was asked for."""
    flow_id, status = choice
    return flow_id in (None, info.flow_id) and status in (None, info.status)


def _goes_back(last: RunInfo | None, info: RunInfo) -> bool:
    """Whether a page that ends with this run goes further back than the last: else it would be asked for for ever."""
    if last is None:
        return True
    if last.started_at is not None and info.started_at is not None:
        return info.started_at <= last.started_at and info.run_id != last.run_id
    return info.run_id != last.run_id
