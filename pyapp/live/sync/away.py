"""Away: which runs nothing is heard of now, since the link that tells of them is gone or they are in doubt.

Their time stands at once, and goes on, right, when they are heard of again. That it stands is seen and said only behind
GRACE_S: a loss shorter than that does not flash. What waits for a person stays: its time goes on at the server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...clock import Timer
from ...link.backend import Line
from ...run.server_word import NO_WORD
from ...run.tracking import ExecutionTracking
from ...stores.link import Away
from ..shared import Shared
from .beyond import Beyond

GRACE_S = 1.0
RUNNING = frozenset({"queued", "executing", "unverified"})


@dataclass(slots=True)
class _Absence:
    """Nothing is heard of a run: `since` when, as far as was noticed; `well`: until when its link was, if that is why.

    `away` is what is so of it while `own`, the moment at which anything of it came last, is what it was: the estimate
    of the server's time may change meanwhile, and what stands still does not.
    """

    since: float
    well: float | None
    own: float | None = None
    away: Away | None = None


class Absences:
    """Owns `stores.away`, and one timer while a link is gone: HTTP may tell of a run, or another stream be back."""

    def __init__(self, shared: Shared, tracking: ExecutionTracking, beyond: Beyond, link: Line) -> None:
        self._shared = shared
        self._stores = shared.stores
        self._tracking = tracking
        self._beyond = beyond
        self._link = link
        self._absences: dict[str, _Absence] = {}
        self._timer: Timer | None = None
        self._stores.link.listen(lambda _: self._judge_all())
        self._stores.runs.listen(self._judge)

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        self._judge_all()

    def _judge_all(self) -> None:
        with self._stores.batch():
            self._judge([run_id for run_id, row in self._stores.runs.items() if not row.over])
        if not self._absences:
            self.stop()

    def _judge(self, run_ids: Iterable[str]) -> None:
        now = self._shared.clock.now()
        for run_id in run_ids:
            row, link = self._stores.runs.get(run_id), self._link.of(run_id)
            runs = row is not None and row.status in RUNNING and row.known and not row.waiting
            if not runs or not (link.gone or (row is not None and row.status == "unverified")):
                self._absences.pop(run_id, None)
                self._stores.away.delete(run_id)
                continue
            absence = self._absences.setdefault(run_id, _Absence(now, link.heard_at if link.gone else None))
            own = self._heard(run_id)
            if absence.away is None or absence.own != own:
                heard = [at for at in (own, absence.well) if at is not None]
                at, moment = self._shared.server_clock.at, max(absence.since, own or absence.since)
                absence.own, absence.away = own, Away(at(moment), at(max(heard)) if heard else None)
            early = now - absence.since < GRACE_S
            self._stores.away.set(run_id, Away(absence.away.at) if early else absence.away)
            if self._timer is None and (link.gone or (early and absence.away.said)):
                self._timer = self._shared.clock.call_later(GRACE_S, self._look)

    def _heard(self, run_id: str) -> float | None:
        """When anything of the run itself came last; None where nothing did."""
        run = self._tracking.find(run_id)
        if run is None:
            return self._beyond.heard(run_id)
        return run.heard if run.record.events or run.word is not NO_WORD else None
