"""The hub: follows the runs that somebody on this relay watches, with one reader for all of its sockets.

What many sockets get alike is made once, and what is due for a socket is sent at once. While a lot happens the hub
rests longer than reading and handing out took, so that batches grow instead of a backlog.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence

from pyapp.run.bounded import BoundedDict

from ..errors import Refused
from ..tasks import ended
from .continuity import lacks_told
from .log.port import Appeared, Batch, EventLog, News
from .metrics import Metrics
from .orders import Orders
from .questions import Questions
from .watched import Bundle, Watched, Watcher

REST_S = 0.25
"""The longest rest: what a watcher may wait for more to come along."""
RESTS = 10
"""A rest is so many times what reading and handing out took of a processor: whoever passes on or takes in a frame pays
for it, too, and hardly more for ten events than for one."""
TURN_S = 0.01
"""So long it hands out before others have their turn."""
RETRY_S = (0.05, 2.0)
"""The first and the longest pause before a log that failed is asked again."""
DEAF_S = 5.0
"""A reader that has failed for so long is no passing trouble."""
CHECK_S = 1.0
"""How often it is looked whether the log is still the same."""
WORD_S = 1.0
"""How long whoever comes waits for the log to say so."""
LATE_S = 60.0
"""How long a run that is over is still followed for those who only watch its flow."""
MAX_LATE = 1_000
log = logging.getLogger("flowglow.relay")


class Hub:
    """Owns the one reader. `started` before anybody joins."""

    def __init__(self, event_log: EventLog, metrics: Metrics) -> None:
        self._log = event_log
        self.ask = Questions(event_log)
        self.orders = Orders(event_log)
        self.metrics = metrics
        self._watchers: dict[Watcher, None] = {}
        self._watched: dict[str, Watched] = {}
        self._late: BoundedDict[str, None] = BoundedDict(MAX_LATE)
        """Runs that were over when they were told of again, until somebody watches them."""
        self._due: dict[Watcher, None] = {}
        """Whom something was just delivered to."""
        self._reader: asyncio.Task[None] | None = None
        self._unsure = False
        """The reader failed in a way that nobody foresaw: what it had taken in may not have been handed out."""
        self._failures = self._compared = 0
        """How often the reader failed, and as of which of these times the log is known to have what was told."""
        self._failing_since: float | None = None
        self._checked = 0.0
        self.instance = ""

    @property
    def deaf(self) -> bool:
        """Nobody hears what happens any more, or for a while by now."""
        if self._failing_since is not None and time.monotonic() - self._failing_since > DEAF_S:
            return True
        return self._reader is not None and self._reader.done()

    async def start(self) -> None:
        """Begin to follow. Raises Unavailable."""
        self.instance = await self._log.instance()
        self._follower = await self._log.follow()
        self.orders.start(self._follower)
        self._reader = asyncio.create_task(self._read_on())

    async def close(self) -> None:
        if self._reader is not None:
            await ended(self._reader)
            await self._follower.close()

    async def look(self) -> None:
        """See that `instance` is what the log says now, before somebody is told; as it was, where it says nothing."""
        with contextlib.suppress(Refused, TimeoutError):
            async with asyncio.timeout(WORD_S):
                await self._check_instance()

    # -- who watches what ---------------------------------------------------------------------------
    def join(self, watcher: Watcher) -> None:
        """Hear of new runs from now on."""
        self._watchers[watcher] = None

    def leave(self, watcher: Watcher) -> None:
        self._watchers.pop(watcher, None)
        for run_id in [run_id for run_id, each in self._watched.items() if watcher in each.watchers]:
            self.unwatch(watcher, run_id)

    async def watch(self, watcher: Watcher, run_id: str, *, named: bool) -> int:
        """Follow a run for it from now on: the number it is at. Raises UnknownRun, Unavailable."""
        if run_id not in self._watched:
            page = await self.ask.end(run_id)
            if run_id not in self._watched:
                self._follow(run_id, page.last)
        watched = self._watched[run_id]
        watched.watchers[watcher] = named or watched.watchers.get(watcher, False)
        return watched.seq

    async def watch_live(self, watcher: Watcher, flow_id: str | None) -> None:
        """Follow what is under way for it: of one flow, or (None) all of it. Raises Unavailable."""
        for run in await self.ask.live(flow_id):
            if not watcher.still_wants(flow_id):  # it said meanwhile what it wants
                return
            run_id = run["run_id"]
            if run_id not in self._watched:
                self._follow(run_id, run.get("last_seq", -1))
            watched = self._watched[run_id]
            if watcher in self._watchers and watcher not in watched.watchers:
                watched.watchers[watcher] = False
                watcher.admit(run_id, run["flow_id"], watched.seq)

    def lost(self, run_id: str, last: int) -> None:
        """The log lacks what was told behind that number: those numbers are given again, and followed again."""
        watched = self._watched.get(run_id)
        if watched is not None:
            watched.seq, watched.mark = last, None
            self._follower.watch(run_id, last)

    def unwatch(self, watcher: Watcher, run_id: str) -> None:
        watched = self._watched.get(run_id)
        if watched is not None:
            watched.watchers.pop(watcher, None)
            if not watched.watchers:
                self._forget(run_id)

    def watches(self, watcher: Watcher, run_id: str) -> bool:
        """Whether the run is followed for it."""
        watched = self._watched.get(run_id)
        return watched is not None and watcher in watched.watchers

    def tidy(self) -> None:
        """Let go of runs that are over and that nobody named. Called now and then."""
        now = time.monotonic()
        for run_id, watched in list(self._watched.items()):
            if watched.over_at is not None and now - watched.over_at > LATE_S:
                for watcher in [each for each, named in watched.watchers.items() if not named]:
                    self._pass(watcher, run_id)

    # -- inside -------------------------------------------------------------------------------------
    def _pass(self, watcher: Watcher, run_id: str) -> None:
        self.unwatch(watcher, run_id)
        watcher.passed(run_id)

    def _follow(self, run_id: str, seq: int) -> None:
        watched = self._watched[run_id] = Watched(run_id, seq)
        if run_id in self._late:
            del self._late[run_id]
            watched.over_at = time.monotonic()
        self._follower.watch(run_id, seq)
        self.metrics.watched.set(len(self._watched))

    def _forget(self, run_id: str) -> None:
        del self._watched[run_id]
        self._follower.unwatch(run_id)
        self.metrics.watched.set(len(self._watched))

    async def _read_on(self) -> None:
        pause_s = 0.0
        while True:
            try:
                if pause_s or time.monotonic() - self._checked >= CHECK_S:
                    await self._check_instance()
                follower = self._follower
                news = await follower.next()
                began_s = time.thread_time()
                if follower is self._follower:  # else it was begun again meanwhile
                    await self._hand_out(news)
                pause_s, self._failing_since = 0.0, None
                rest_s = min(REST_S, RESTS * (follower.reading_s + time.thread_time() - began_s))
            except Exception as error:
                self.metrics.failures.inc()
                self._failures += 1
                self._failing_since = self._failing_since or time.monotonic()
                rest_s = pause_s = min(RETRY_S[1], pause_s * 2 or RETRY_S[0])
                if isinstance(error, Refused):
                    log.warning("The event log cannot be followed now: %s", error)
                else:
                    self._unsure = True
                    log.exception("The event log was followed wrongly; all pages are told to come back")
            await asyncio.sleep(rest_s)

    async def _hand_out(self, news: Sequence[News]) -> None:
        """Tell it to whoever wants it."""
        for each in news:
            try:
                self._appeared(each) if isinstance(each, Appeared) else self._happened(each)
            except Exception:
                log.exception("What the event log tells could not be handed out")
        due, self._due = self._due, {}
        until = time.monotonic() + TURN_S
        for watcher in due:
            watcher.flush()
            if time.monotonic() > until:
                await asyncio.sleep(0)
                until = time.monotonic() + TURN_S

    async def _check_instance(self) -> None:
        """The log may have lost what it kept: it was away, or somebody emptied it."""
        await self.ask.once(("instance",), self._ask_instance)

    async def _ask_instance(self) -> None:
        failures, instance = self._failures, await self._log.instance()
        doubted = instance == self.instance and failures != self._compared
        if doubted and await lacks_told(self._log, self._watched.values()):
            log.warning("The event log lacks events that were told: all relays and pages begin anew")
            instance = await self._log.renew(instance)
        if instance != self.instance or self._unsure:
            await self._begin_again(instance)
        self._compared = failures
        self._checked = time.monotonic()

    async def _begin_again(self, instance: str) -> None:
        """Follow anew, from nothing: pages come back, and say how far they are."""
        follower = await self._log.follow()
        passed, self._follower, self.instance, self._unsure = self._follower, follower, instance, False
        self._watched.clear()
        self._late.clear()
        self.metrics.watched.set(0)
        self.orders.start(follower)
        for watcher in list(self._watchers):
            watcher.begun_again()
        await passed.close()

    def _appeared(self, news: Appeared) -> None:
        self.ask.appeared(news)
        if news.late:
            self._speaks_again(news)
            return
        self._late.pop(news.run_id, None)
        known = self._watched.get(news.run_id)
        if known is not None:
            known.over_at = None
            if news.flow_id is not None:  # it may be of another flow than was thought
                for watcher in [each for each, named in known.watchers.items() if not named and not each.wants(news)]:
                    self._pass(watcher, news.run_id)
        wanting = [watcher for watcher in self._watchers if watcher.wants(news)]
        if known is not None and self._watched.get(news.run_id) is known:  # it has a past that not all were told of
            for watcher in wanting:
                if watcher not in known.watchers:
                    watcher.bring_up_to_date(news.run_id, news.flow_id)
            return
        if wanting:
            self._follow(news.run_id, -1)
            watched = self._watched[news.run_id]
            for watcher in wanting:
                watched.watchers[watcher] = False
                watcher.admit(news.run_id, news.flow_id, watched.seq)

    def _speaks_again(self, news: Appeared) -> None:
        """A run that was over is told of: who was told of it before hears that too, and nobody else."""
        known = self._watched.get(news.run_id)
        if known is not None:
            known.over_at = known.over_at or time.monotonic()
        else:
            self._late[news.run_id] = None
        for watcher in self._watchers:
            if not self.watches(watcher, news.run_id) and watcher.was_told_of(news.run_id) and watcher.wants(news):
                watcher.bring_up_to_date(news.run_id, news.flow_id)

    def _happened(self, batch: Batch) -> None:
        if batch.stream == "orders":
            self.orders.happened(batch.run_id)
        watched = self._watched.get(batch.run_id)
        if batch.stream != "events" or watched is None or not batch.entries:
            return
        bundle = Bundle(batch.entries)
        self.metrics.delivered.inc(watched.happened(bundle))
        self._due.update(dict.fromkeys(watched.watchers))
        if bundle.ts is not None:
            self.metrics.age_s.observe(max(0.0, time.time() - bundle.ts))
