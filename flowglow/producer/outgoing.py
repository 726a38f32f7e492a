"""What is on its way from a run to a relay: in order, bounded, sent again until it is taken."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from ..errors import Refused
from ..relay.drafts import draft
from ..relay.log.port import Draft, NewRun
from ..wire import size
from .failures import as_refused
from .feed import Feed, Later, Line

MAX_WAITING = 10_000
"""Events and lines that may wait; whoever tells more waits until some are sent."""
MAX_BATCH = 500
MAX_BATCH_BYTES = 1 << 20
"""Of what goes in one call, unless it is one item alone; less once somebody on the way calls that too large."""
FIRST_S, LAST_S = 0.1, 5.0
"""The first and the longest pause before the same is sent again; each is drawn from half of it up."""
TOO_LARGE = 413
UNKNOWN_RUN = "unknown_run"
"""What a relay calls a run that it was not told of, or does not keep any more."""
log = logging.getLogger("flowglow.producer")
Item = Draft | Line


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
        self.changed = asyncio.Condition()
        """Told of whatever becomes of the run: what waits, what is refused, what is wanted of it."""
        self._task: asyncio.Task[None] | None = None
        self._refused: Refused | None = None
        self._left_out: Refused | None = None
        """Of the first that was too large alone, until somebody was told."""
        self._minded: dict[str, Refused | None] = {}
        """By event that somebody minds: why it was left out."""
        self._taken = False
        """Events were taken: a number 0 that is given then is of a log that lost everything."""
        self._most_bytes = MAX_BATCH_BYTES
        self.away: str | None = None
        """Why nothing can be sent just now; None while it can."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._send_on())

    @property
    def waiting(self) -> int:
        """How many items were not taken yet."""
        return len(self._items)

    async def put(self, item: Item) -> None:
        """Send it soon. Waits only while too much waits. Raises Refused."""
        async with self.changed:
            await self.changed.wait_for(lambda: len(self._items) < MAX_WAITING or self._refused is not None)
            if self._refused is not None:
                raise self._refused
            self._items.append(item)
            self.changed.notify_all()

    async def flush(self) -> None:
        """Wait until everything was taken. Raises Refused; once, for what was too large and was left out."""
        async with self.changed:
            await self.changed.wait_for(lambda: not self._items or self._refused is not None)
        if self._refused is not None:
            raise self._refused
        left_out, self._left_out = self._left_out, None
        if left_out is not None:
            raise left_out

    @contextlib.contextmanager
    def minding(self, event: Draft) -> Iterator[Callable[[], Refused | None]]:
        """For whoever waits for what comes of an event: asks why it is never taken; None while it may be."""
        self._minded[event.event_id] = None
        try:
            yield lambda: self._refused or self._minded[event.event_id]
        finally:
            del self._minded[event.event_id]

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
                async with self.changed:
                    await self.changed.wait_for(lambda: bool(self._items))
                done = await self._send_next()
                async with self.changed:
                    for _ in range(done):
                        self._items.popleft()
                    self.changed.notify_all()
        except Exception as error:
            refused = as_refused(error, self._run_id)
            log.error("Run %s: the relay refuses what it is sent: %s", self._run_id, refused)
            async with self.changed:
                self._refused = refused
                self.known.set()
                self.changed.notify_all()

    async def _send_next(self) -> int:
        """Send what can go together, less of it where that is too large: how many need not be sent any more."""
        while True:
            batch, n_bytes = self._batch()
            try:
                await self.insist(partial(self._send, batch))
            except Refused as error:
                if error.status != TOO_LARGE:
                    raise
                if len(batch) > 1:
                    self._most_bytes = n_bytes // 2
                    continue
                self._leave_out(batch[0], n_bytes, error)
            return len(batch)

    def _batch(self) -> tuple[list[Item], int]:
        """What can go together, one at least: all of one kind, from the front; and its bytes."""
        batch: list[Item] = []
        n_bytes = 0
        for item in islice(self._items, MAX_BATCH):
            more = size(item.body) + 1
            if batch and (type(item) is not type(batch[0]) or n_bytes + more > self._most_bytes):
                break
            batch.append(item)
            n_bytes += more
        return batch, n_bytes

    def _leave_out(self, item: Item, n_bytes: int, error: Refused) -> None:
        name = "A log line" if isinstance(item, Line) else f"The event {item.event['event']!r:.200} ({item.event_id})"
        words = f"{name} of {n_bytes} bytes is too large alone and was left out: {error}"
        log.error("Run %s: %s", self._run_id, words)
        refused = Refused(error.status, error.code, words)
        if isinstance(item, Draft) and item.event_id in self._minded:
            self._minded[item.event_id] = refused
        else:
            self._left_out = self._left_out or refused

    async def _send(self, batch: list[Item]) -> None:
        if isinstance(batch[0], Draft):
            seqs = await self._feed.events(self._run_id, [each for each in batch if isinstance(each, Draft)])
            if self._taken and 0 in seqs and self._new.flow_id is not None:
                await self._feed.events(self._run_id, [_again(self._new)])
            self._taken = True
        else:
            await self._send_lines([each for each in batch if isinstance(each, Line)])

    async def _send_lines(self, lines: list[Line]) -> None:
        """Unlike events, lines make no run known: one that the log lost is made known again, or they are left out."""
        try:
            await self._feed.lines(self._run_id, lines)
        except Refused as error:
            if error.code != UNKNOWN_RUN:
                raise
            await self._feed.open(self._new)
            try:
                await self._feed.lines(self._run_id, lines)
            except Refused as again:
                if again.code != UNKNOWN_RUN:
                    raise
                log.warning("Run %s: %d log lines were left out: %s", self._run_id, len(lines), again)


def _again(run: NewRun) -> Draft:
    """A run's beginning, for a log that lost it: whoever watches its flow is told of it no more without."""
    now = time.time()
    return draft(
        run.run_id, {"event": "run_start", "flow_id": run.flow_id, "event_id": "flowglow:again", "ts": now}, now
    )
