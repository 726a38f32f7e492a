"""What sockets ask of a log: once for all who ask the same at the same time; a thousand that come back are one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pyapp.run.bounded import BoundedDict

from .log.port import Appeared, EventLog, Page, Query
from .picture import LIVE

T = TypeVar("T")
MAX_LIVE = 1_000
"""Runs under way that one socket is told of by their flow, and flows of runs that are remembered. Whatever is followed
is named in each read of the log: without a bound, runs that crashed would slow down all that live."""


class Questions:
    """Owns what is being asked. Each raises Unavailable."""

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log
        self._asking: dict[tuple[Any, ...], asyncio.Task[Any]] = {}
        self._flows: BoundedDict[str, str] = BoundedDict(MAX_LIVE)

    async def page(self, run_id: str, after: int) -> Page:
        """Old events of a run. Raises UnknownRun."""
        return await self.once(("page", run_id, after), lambda: self._log.read(run_id, after))

    async def end(self, run_id: str) -> Page:
        """How far a run is, without its events. Raises UnknownRun."""
        return await self.once(("end", run_id), lambda: self._log.read(run_id, 2**53, "events", 0))

    async def live(self, flow_id: str | None) -> list[dict[str, Any]]:
        """What is under way: of one flow, or (None) all of it."""
        query, key = Query(flow_id, LIVE, None, MAX_LIVE), ("live", flow_id)
        earlier = self._asking.get(key)
        if earlier is None:
            return await self.once(key, lambda: self._log.runs(query))

        async def behind_it() -> list[dict[str, Any]]:
            await asyncio.wait([earlier])
            del self._asking["next live", flow_id]  # whoever comes now must ask behind this one
            return await self.once(key, lambda: self._log.runs(query))

        # what began since that was asked is in no answer to it, and was told to those who had asked before
        return await self.once(("next live", flow_id), behind_it)

    async def flow_of(self, run_id: str) -> str | None:
        """The flow of a run; None where it is not known. Raises UnknownRun."""
        if run_id not in self._flows:
            run = await self.once(("run", run_id), lambda: self._log.run(run_id))
            if run["flow_id"] is None:
                return None
            self._flows[run_id] = run["flow_id"]
        return self._flows[run_id]

    def appeared(self, news: Appeared) -> None:
        """A run is new, or of another flow than was thought."""
        self._flows.pop(news.run_id, None)

    async def once(self, key: tuple[Any, ...], question: Callable[[], Awaitable[T]]) -> T:
        """The answer to a question; whoever asks the same meanwhile gets the same."""
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(question())
            task.add_done_callback(lambda done: self._answered(key, done))
        answer: T = await asyncio.shield(task)
        return answer

    def _answered(self, key: tuple[Any, ...], done: asyncio.Task[Any]) -> None:
        if self._asking.get(key) is done:
            del self._asking[key]
        if not done.cancelled():
            done.exception()  # whoever asked may have left; that nobody hears of it is no failure
