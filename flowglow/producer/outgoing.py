"""What is on its way from a run to a relay: in order, bounded, sent again until it is taken."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..errors import Refused
from ..relay.log.port import NewRun
from .feed import Feed, Later

MAX_WAITING = 10_000
"""Events and lines that may wait; whoever tells more waits until some are sent."""
MAX_BATCH = 500
FIRST_S, LAST_S = 0.1, 5.0
"""The first and the longest pause before the same is sent again; each is drawn from half of it up."""
log = logging.getLogger("flowglow.producer")
Item = tuple[str, Mapping[str, Any]]
"""`event` or `line`, and what it says."""


class Outgoing:
    """Sends for one run, in the background. What a relay refuses for good is raised to whoever tells next."""

    def __init__(self, feed: Feed, new: NewRun, random: Callable[[], float] = random.random) -> None:
        self._feed = feed
        self._new = new
        self._run_id = new.run_id
        self.known = asyncio.Event()
        """The relay knows of the run, or refuses it."""
        self._random = random
        self._items: deque[Item] = deque()
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._refused: Refused | None = None
        self.away: str | None = None
        """Why nothing can be sent just now; None while it can."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._send_on())

    async def put(self, kind: str, said: Mapping[str, Any]) -> None:
        """Send it soon. Waits only while too much waits. Raises Refused."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._items) < MAX_WAITING or self._refused is not None)
            if self._refused is not None:
                raise self._refused
            self._items.append((kind, said))
            self._changed.notify_all()

    async def flush(self) -> None:
        """Wait until everything was taken. Raises Refused."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._items or self._refused is not None)
        if self._refused is not None:
            raise self._refused

    async def close(self) -> None:
        """Send no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def insist(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until there is an answer. Raises Refused."""
        pause_s = FIRST_S
        while True:
            try:
                answer = await ask()
            except Later as error:
                if self.away is None:
                    log.warning("Run %s: %s It is tried again.", self._run_id, error)
                self.away = str(error)
                await asyncio.sleep(pause_s * (0.5 + self._random() / 2))
                pause_s = min(LAST_S, pause_s * 2)
            else:
                self.away = None
                return answer

    async def _send_on(self) -> None:
        try:
            await self.insist(lambda: self._feed.open(self._new))
            self.known.set()
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: bool(self._items))
                batch = self._batch()
                await self.insist(lambda batch=batch: self._send(batch))  # type: ignore[misc]
                async with self._changed:
                    for _ in batch:
                        self._items.popleft()
                    self._changed.notify_all()
        except Refused as error:
            log.error("Run %s: the relay refuses what it is sent: %s", self._run_id, error)
            async with self._changed:
                self._refused = error
                self.known.set()
                self._changed.notify_all()

    def _batch(self) -> list[Item]:
        """What can go together: all of one kind, from the front."""
        kind = self._items[0][0]
        batch: list[Item] = []
        for item in self._items:
            if item[0] != kind or len(batch) >= MAX_BATCH:
                break
            batch.append(item)
        return batch

    async def _send(self, batch: list[Item]) -> None:
        said = [each for _, each in batch]
        if batch[0][0] == "event":
            await self._feed.events(self._run_id, said)
        else:
            await self._feed.lines(self._run_id, said)
