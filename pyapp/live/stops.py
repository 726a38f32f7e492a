"""Stops: what a person wants ended, until it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ..clock import Clock, sleep
from ..errors import ApiError
from ..link.backend import Questions
from ..link.replay import Replay
from ..stores.stores import Stores

EFFECT_S = 15.0
"""What a server took has had its effect by then, or was lost; a stop is asked for again, with longer pauses."""


def stop_key(run_id: str) -> str:
    """The notice that a run could not be stopped: of use until it is over."""
    return f"stop {run_id}"


class Stops:
    """Owns how a run is said to be stopping, and when that it could not be stopped is true no more."""

    def __init__(self, stores: Stores, clock: Clock, backend: Questions | Replay) -> None:
        self._stores = stores
        self._clock = clock
        self._backend = backend
        stores.runs.listen(self._changed)

    async def stop(self, run_id: str) -> None:
        """Ask the server to kill a run. Raises ApiError, unless it is over meanwhile."""
        try:
            await self._backend.stop(run_id)
        except ApiError:
            row = self._stores.runs.get(run_id)
            if row is None or row.over:
                return
            self._stores.runs.set(run_id, replace(row, stopping=False))
            raise

    async def insist(self, run_id: str) -> None:
        """Ask once more for as long as it is stopping: who took it may have been started anew since."""
        pause_s = 0.0
        while (row := self._stores.runs.get(run_id)) is not None and row.stopping:
            if pause_s:
                with suppress(ApiError):
                    await self._backend.stop(run_id)
            pause_s = pause_s * 2 or EFFECT_S
            await sleep(self._clock, pause_s)

    def _changed(self, keys: dict[str, None]) -> None:
        for run_id in keys:
            row = self._stores.runs.get(run_id)
            if row is None or row.over:
                self._stores.notices.delete(stop_key(run_id))
            if row is not None and row.over and row.stopping:  # of a run beyond those that are kept nobody else says so
                self._stores.runs.set(run_id, replace(row, stopping=False))
