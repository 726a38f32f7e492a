"""What is wanted of producers: told to whoever executes a run and waits for it."""

from __future__ import annotations

import asyncio
import contextlib

from .log.port import EventLog, Follower, Page


class Orders:
    """Owns who waits; a run is followed for as long as somebody does."""

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log
        self.waiting: dict[str, list[asyncio.Event]] = {}

    def start(self, follower: Follower) -> None:
        """Before anybody reads. Again: with another follower; who waits on the first is to ask again."""
        self.release()
        self.waiting = {}
        self._follower = follower

    async def read(self, run_id: str, after: int, patience_s: float) -> Page:
        """What is wanted behind a number, waiting for it that long. Raises UnknownRun, Unavailable."""
        changed = asyncio.Event()
        waiting = self.waiting.setdefault(run_id, [])
        waiting.append(changed)
        try:
            if len(waiting) == 1:
                self._follower.watch(run_id, after, "orders")
            page = await self._log.read(run_id, after, "orders")
            if not page.entries and patience_s > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(patience_s):
                        await changed.wait()
                page = await self._log.read(run_id, after, "orders")
            return page
        finally:
            waiting.remove(changed)
            if not waiting and self.waiting.get(run_id) is waiting:
                del self.waiting[run_id]
                self._follower.unwatch(run_id, "orders")

    def happened(self, run_id: str) -> None:
        """Something is wanted of whoever executes that run."""
        for changed in self.waiting.get(run_id, ()):
            changed.set()

    def release(self) -> None:
        """Answer all who wait: they come again, if they still want to."""
        for run_id in self.waiting:
            self.happened(run_id)
