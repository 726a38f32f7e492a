"""What runs that began elsewhere were given: no event says it, the list of runs does."""

from __future__ import annotations

from dataclasses import replace
from itertools import repeat

from ...errors import ApiError
from ...link.backend import Questions
from ...locale.display import snippet
from ...run.server_word import NO_WORD
from ...run.tracking import ExecutionTracking
from ...stores.rows import RunRow
from ..shared import Shared
from .asker import Asker
from .listing import LISTED

KEY = ("", "given")
EVERY_S = 2.0
"""The newest runs are asked for at most so often, however many begin."""


class Given:
    """Owns which rows were asked for already: each once, as many of them with one question as began by then."""

    def __init__(self, shared: Shared, tracking: ExecutionTracking, asker: Asker, api: Questions) -> None:
        self._runs = shared.stores.runs
        self._batch = shared.stores.batch
        self._tracking = tracking
        self._asker = asker
        self._api = api
        self._asked: set[str] = set()
        self._wanted: set[str] = set()
        """Of these, those that no answer came for yet."""
        self._runs.listen(self._changed)

    def _changed(self, keys: dict[str, None]) -> None:
        for run_id in keys:
            row = self._runs.get(run_id)
            if row is None:
                self._asked.discard(run_id)
                self._wanted.discard(run_id)
            elif run_id not in self._asked and self._lacks(row):
                self._asked.add(run_id)
                self._wanted.add(run_id)
        if self._wanted and self._api.available and not self._asker.asks(KEY):
            self._asker.want(KEY, self._ask, self._failed, again=repeat(EVERY_S))

    def _lacks(self, row: RunRow) -> bool:
        """It goes on, and what is known of it its events said: the server was not asked."""
        run = self._tracking.find(row.run_id)
        told = row.started_at is not None if run is None else run.word is not NO_WORD
        return row.known and not row.over and row.input is None and not told

    async def _ask(self) -> bool:
        """Done when none began during the pause behind the answer."""
        if not self._wanted:
            return True
        asked = set(self._wanted)
        infos = await self._api.runs(limit=LISTED)
        self._wanted -= asked
        with self._batch():
            for info in infos:
                row = self._runs.get(info.run_id)
                if row is not None and row.input is None and info.input is not None:
                    self._runs.set(row.run_id, replace(row, input=snippet(info.input), given=info.input))
        return False

    def _failed(self, error: ApiError) -> bool:
        """What cannot be had now comes with the end of each run."""
        if not error.temporary:
            self._wanted.clear()
        return not error.temporary
