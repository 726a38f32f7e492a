"""Unheard: what was sent once, a start or an answer, and nothing was heard of yet. Whoever sent it waits for a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..clock import Clock
from ..errors import ApiError
from ..locale.catalogue import Sentence
from ..protocols.runs import ForeignRuns

UNHEARD_S = 15.0
"""Until something that nothing was heard of is given up."""
REFUSED = 409
"""What a refusal without a status of its own counts as: the run is another than who asked thought."""


class Unheard:
    """Owns who waits, by the key of the run. Each waits once: for a word of the run, a failure, or the end of its time;
    behind that, whoever gave up may wait for what comes all the same (`ApiError.later`).

    `failed` tells why the stream that it was sent over did not begin.
    """

    def __init__(self, runs: ForeignRuns, clock: Clock, failed: Callable[[str], ApiError | None]) -> None:
        self._runs = runs
        self._clock = clock
        self._failed = failed
        self._waiting: dict[str, asyncio.Future[str]] = {}

    async def wait(self, key: str, send: Callable[[], None]) -> str:
        """Send it; the id of its run, once the server has said anything of it. Raises ApiError."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        timer = self._clock.call_later(UNHEARD_S, lambda: self._too_late(key, future))
        try:
            send()
            self.settle()
            return await future
        finally:
            timer.cancel()
            if self._waiting.get(key) is future:
                del self._waiting[key]

    def settle(self) -> None:
        """Tell each whose run was heard of, or will not be."""
        for key, future in list(self._waiting.items()):
            run = self._runs.find(key)
            refused = ApiError(run.refused, status=REFUSED) if run is not None and run.refused else None
            failure = refused or self._failed(key)
            if future.done():
                continue
            if run is not None and run.run_id is not None and not run.answering:
                future.set_result(run.run_id)
            elif failure is not None:
                future.set_exception(failure)

    def stop(self) -> None:
        """Nobody will hear anything."""
        for future in self._waiting.values():
            future.cancel()
        self._waiting.clear()

    def _too_late(self, key: str, future: asyncio.Future[str]) -> None:
        if future.done():
            return
        later = self._waiting[key] = future.get_loop().create_future()
        later.add_done_callback(lambda done: self._waiting.pop(key) if self._waiting.get(key) is done else None)
        later.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody need wait for it
        future.set_exception(ApiError(Sentence("api.late", seconds=f"{UNHEARD_S:g}"), later=later))
