"""Beyond: runs that are not over and of which the page keeps a row alone. Their silence is noticed like that of others.

Nothing else ends such a row: its events go nowhere, and one that is lost leaves no gap.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...clock import Timer
from ...errors import ApiError
from ...link.backend import Questions
from ...run.tracking import ExecutionTracking
from ..shared import Shared
from .asker import Asker
from .listing import Listing
from .runs import SILENCE_S

DOUBTFUL = frozenset({"queued", "executing", "unverified"})
"""A run that waits for a person is silent by itself."""


class Beyond:
    """Owns when each of these rows was heard of, and one timer for all. Asks once for each silence of SILENCE_S."""

    def __init__(
        self, shared: Shared, tracking: ExecutionTracking, listing: Listing, asker: Asker, api: Questions
    ) -> None:
        self._shared = shared
        self._tracking = tracking
        self._listing = listing
        self._asker = asker
        self._api = api
        self._heard: dict[str, float] = {}
        self._due: dict[str, float] = {}
        """When a run is to be asked about."""
        self._timer: Timer | None = None
        shared.stores.runs.listen(self._changed)
        tracking.on_clear(lambda run_id: self._changed({run_id: None}))

    def __len__(self) -> int:
        return len(self._due)

    def heard(self, run_id: str) -> float | None:
        """The monotonic moment at which anything of such a run came last."""
        return self._heard.get(run_id)

    def stop(self) -> None:
        """Ask no more."""
        self._heard.clear()
        self._due.clear()
        self._watch()

    # -- inside -----------------------------------------------------------------------------------
    def _changed(self, keys: dict[str, None]) -> None:
        for run_id in keys:
            row = self._shared.stores.runs.get(run_id)
            if row is None or row.over or self._tracking.find(run_id) is not None:
                self._heard.pop(run_id, None)
                self._due.pop(run_id, None)
            elif row.status != "unverified" or run_id not in self._due:
                self._hears(run_id)
            if row is not None and row.reason and row.status != "unverified":
                self._shared.stores.runs.set(run_id, replace(row, reason=None))
        self._watch()

    def _hears(self, run_id: str) -> None:
        now = self._shared.clock.now()
        self._heard[run_id], self._due[run_id] = now, now + SILENCE_S

    def _watch(self) -> None:
        if self._timer is not None and not self._due:
            self._timer.cancel()
            self._timer = None
        elif self._timer is None and self._due:
            wait_s = min(self._due.values()) - self._shared.clock.now()
            self._timer = self._shared.clock.call_later(max(0.0, wait_s), self._look)

    def _look(self) -> None:
        """Ask about those that were silent for long; after that, each waits for its next turn."""
        self._timer = None
        now = self._shared.clock.now()
        for run_id in [run_id for run_id, due in self._due.items() if due <= now]:
            self._due[run_id] = now + SILENCE_S
            if self._api.available:
                self._asker.want((run_id, "row"), partial(self._ask, run_id), partial(self._no_answer, run_id))
            else:
                self._doubt(run_id, self._shared.words("unverified.no_api"))
        self._watch()

    async def _ask(self, run_id: str) -> bool:
        info = await self._api.run(run_id)
        if run_id in self._due:
            self._hears(run_id)
            self._listing.row(info)
        return True

    def _no_answer(self, run_id: str, error: ApiError) -> bool:
        self._doubt(run_id, str(error))
        return True

    def _doubt(self, run_id: str, reason: str) -> None:
        row = self._shared.stores.runs.get(run_id)
        if row is None or run_id not in self._due or row.status not in DOUBTFUL:
            return
        linked = self._shared.stores.link.get().phase == "open"
        said = self._shared.words("unverified.silent" if linked else "unverified.link")
        self._shared.stores.runs.set(run_id, replace(row, status="unverified", reason=f"{said} {reason}"))
