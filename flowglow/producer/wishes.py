"""What people want of a run: their answers, and that it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..errors import Refused
from ..relay.log.port import NewRun
from .failures import as_refused
from .feed import Feed
from .outgoing import UNKNOWN_RUN, Outgoing

AGAIN_S = 0.5
"""Before a run that the log lost is made known again, by whoever hears what is wanted of it."""


class Wishes:
    """Heard in the background, for as long as the run goes on; `outgoing.changed` is told of each."""

    def __init__(self, feed: Feed, new: NewRun, outgoing: Outgoing) -> None:
        self._feed = feed
        self._new = new
        self._outgoing = outgoing
        self._task: asyncio.Task[None] | None = None
        self.stopped = asyncio.Event()
        """Somebody wants the run to end."""
        self.answers: dict[tuple[str, str], dict[str, Any]] = {}
        """By the event that asked, and requirement."""
        self.heard = 0
        """How often there was word of what is wanted, also where nothing is: about every WAIT_S at the latest."""
        self.refused: Refused | None = None
        """Why nothing more is heard."""
        self.over = False
        """The run told its end: it is not made known again."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Hear no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        cursor = 0
        await self._outgoing.known.wait()
        while self.refused is None:
            try:
                orders, cursor = await self._outgoing.insist(partial(self._wanted, cursor))
                self._take(orders)
                self.heard += 1
            except Exception as error:
                self.refused = as_refused(error, self._new.run_id)
            async with self._outgoing.changed:
                self._outgoing.changed.notify_all()

    async def _wanted(self, cursor: int) -> tuple[list[dict[str, Any]], int]:
        """What is wanted of the run; one that the log lost is made known again, and heard from its beginning."""
        try:
            return await self._feed.orders(self._new.run_id, cursor)
        except Refused as error:
            if error.code != UNKNOWN_RUN or self.over:
                raise
            await asyncio.sleep(AGAIN_S)
            await self._feed.open(self._new)
            return [], 0

    def _take(self, orders: Sequence[Mapping[str, Any]]) -> None:
        for order in orders:
            if order.get("type") == "stop":
                self.stopped.set()
            elif order.get("type") == "answer":
                self.answers[str(order.get("asked")), str(order.get("id"))] = dict(order.get("answer") or {})
