"""A watcher: what one socket was told so far of each run, and what it is to be told next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from pyapp.run.bounded import BoundedDict

from ..errors import Refused
from ..wire import to_text
from .hub import Hub
from .log.port import Appeared, Page, UnknownRun
from .outbox import Outbox, few
from .watched import Bundle

MAX_NAMED = 1_000
"""Runs that one socket may name; of more the oldest are let go."""
JUST_BEGUN = 200
"""A run of no more events is told whole to who names it: after a start its first events are there already."""
MAX_HELD = 2_000
"""Bundles of live events that wait until a run is brought up to date."""
May = Callable[[str, str | None], Awaitable[bool]]
"""Whether a run (by its id and flow) may be seen."""


class SocketWatcher:
    """Owns the numbers up to which a socket was served. Live events go behind what it is brought up to date with."""

    def __init__(self, hub: Hub, outbox: Outbox, may: May | None, closing: Callable[[int, str], None]) -> None:
        self._hub = hub
        self._outbox = outbox
        self._may = may
        """None: everything."""
        self._closing = closing
        self._served: dict[str, int] = {}
        self._told: BoundedDict[str, int] = BoundedDict(MAX_NAMED)
        """Up to which number it was served of runs that are not watched for it any more."""
        self._held: dict[str, list[Bundle]] = {}
        """Live events of runs that are just being brought up to date."""
        self._named: dict[str, None] = {}
        self._admissions: dict[str, asyncio.Task[None]] = {}
        """Runs of which the portal is just asked whether they may be seen."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._released = asyncio.Event()
        """A run was brought up to date."""
        self._new: dict[str, str | None] | None = {}
        """Runs that began since the socket opened, while nobody knows yet what it wants; None afterwards."""
        self.flow_id: str | None = None
        self.all = False

    @property
    def undecided(self) -> bool:
        """The page did not say yet which flow it shows."""
        return self._new is not None

    # -- what the page wants ------------------------------------------------------------------------
    async def want_all(self) -> None:
        """Tell of every run: what began since the socket opened, whole, and of the others from now on."""
        new, self._new, self.all = self._new or {}, None, True
        for run_id, flow_id in new.items():
            await self._admit(run_id, flow_id)
            if not self.all:  # it said meanwhile which flow it shows
                self._leave_others([run_id])
                return
        await self._hub.watch_live(self, None)

    async def want_flow(self, flow_id: str) -> None:
        """Tell of the runs of this flow, of those that were named, and of those of an earlier flow to their end."""
        new, self._new = self._new or {}, None
        if self.all:
            self.all = False
            self._leave_others(list(self._served))
        self.flow_id = flow_id
        for run_id, of in new.items():
            if of == flow_id:
                await self._admit(run_id, of)
        await self._hub.watch_live(self, flow_id)

    async def want_run(self, run_id: str) -> bool:
        """Tell of this run from now on, of one that has just begun from its beginning.

        False where there is none (yet), or it may not be seen.
        """
        self._name(run_id)
        if run_id in self._served:
            return True
        if not await self._allowed(run_id):
            return False
        try:
            seq = await self._hub.watch(self, run_id, named=True)
        except UnknownRun:
            return False
        if run_id in self._served or run_id in self._held:
            return True
        if not 0 <= seq < JUST_BEGUN:
            self._served[run_id] = seq
            return True
        await self._catch_up(run_id, -1, announced=False)
        return True

    async def catch_up(self, run_id: str, seen: int) -> None:
        """Send what was missed behind number `seen`, as far as it is kept, and what happens from then on."""
        self._name(run_id)
        admission = self._admissions.pop(run_id, None)
        if admission is not None:  # it would begin at the run's present number; the same is asked for here
            admission.cancel()
        else:
            await self._idle(run_id)
        await self._catch_up(run_id, seen, announced=True)

    # -- what the hub says --------------------------------------------------------------------------
    def wants(self, news: Appeared) -> bool:
        if self._new is not None:
            self._new[news.run_id] = news.flow_id
        if self.all or news.run_id in self._named:
            return True
        return self.flow_id is not None and news.flow_id == self.flow_id

    def still_wants(self, flow_id: str | None) -> bool:
        return self.all if flow_id is None else self.flow_id == flow_id

    def admit(self, run_id: str, flow_id: str | None, seq: int) -> None:
        if self._may is None:
            self._served.setdefault(run_id, seq)
            return
        if run_id in self._held:  # it is being brought up to date
            self.bring_up_to_date(run_id, flow_id)
            return
        self._held[run_id] = []
        self._admissions[run_id] = self._do(self._ask_and_admit(run_id, flow_id, seq))

    def bring_up_to_date(self, run_id: str, flow_id: str | None) -> None:
        self._do(self._admit_later(run_id, flow_id))

    def passed(self, run_id: str) -> None:
        served = self._served.pop(run_id, None)
        if served is not None:
            self._told[run_id] = served

    def deliver(self, run_id: str, bundle: Bundle) -> int:
        if run_id in self._held:
            self._held[run_id].append(bundle)
            if len(self._held[run_id]) > MAX_HELD:
                self._closing(1013, "This page reads too slowly.")
            return 0
        served = self._served.get(run_id)
        if served is None or served >= bundle.last:
            return 0
        self._served[run_id] = bundle.last
        parts = bundle.behind(served)
        self._outbox.live(parts)
        return sum(part.count for part in parts)

    def flush(self) -> None:
        self._outbox.flush()

    def begun_again(self) -> None:
        self._closing(1012, "The event log was restarted, or is read anew.")

    def close(self) -> None:
        self._hub.leave(self)
        for task in self._tasks:
            task.cancel()

    async def allowed_by(self, may: May) -> bool:
        """Whether everything that it is told of may still be seen."""
        return all(await asyncio.gather(*(may(run_id, None) for run_id in list(self._served))))

    # -- inside -------------------------------------------------------------------------------------
    async def _admit(self, run_id: str, flow_id: str | None) -> None:
        """Serve a run that began while it was not known whether it is wanted, from its beginning."""
        if run_id in self._served or run_id in self._held:
            return
        if self._may is not None and not await self._may(run_id, flow_id):
            return
        await self._catch_up(run_id, self._told.get(run_id, -1), announced=False)

    async def _ask_and_admit(self, run_id: str, flow_id: str | None, seq: int) -> None:
        """Serve a run from behind that number on, if it may be seen. Whoever cancels it has what is held."""
        assert self._may is not None
        try:
            may = await self._may(run_id, flow_id)
        except Refused as error:
            self._closing(1013, str(error))
            return
        del self._admissions[run_id]
        if may:
            self._served.setdefault(run_id, seq)
        else:
            self._hub.unwatch(self, run_id)
        self._release(run_id)

    async def _admit_later(self, run_id: str, flow_id: str | None) -> None:
        """Serve a run that has a past, or began while it was looked for in vain."""
        try:
            await self._idle(run_id)
            await self._admit(run_id, flow_id)
        except Refused as error:
            self._closing(1013, str(error))

    async def _idle(self, run_id: str) -> None:
        """Wait until the run is not being brought up to date any more."""
        while run_id in self._held:
            self._released.clear()
            await self._released.wait()

    async def _catch_up(self, run_id: str, seen: int, *, announced: bool) -> None:
        """Tell what was missed behind number `seen`; what happens meanwhile is held, and follows."""
        self._held[run_id] = []
        try:
            await self._tell_missed(run_id, seen, announced=announced)
        finally:
            self._release(run_id)

    async def _tell_missed(self, run_id: str, seen: int, *, announced: bool) -> None:
        frame = {"type": "catch_up", "run_id": run_id, "from_seq": seen + 1, "to_seq": seen, "complete": False}
        try:
            if announced and not await self._allowed(run_id):  # of what is not, it was asked before
                raise UnknownRun(run_id)
            seq = await self._hub.watch(self, run_id, named=run_id in self._named)
            page = await self._page(run_id, seen, seq)
        except UnknownRun:
            if run_id not in self._served:
                self._hub.unwatch(self, run_id)
            if announced:
                self._outbox.kept(to_text(frame))
            return
        if page.last < seq:
            self._hub.lost(run_id, page.last)
        start, end = max(seen + 1, page.first), page.last
        frame |= {"from_seq": start, "to_seq": end, "complete": start == seen + 1 and seen <= end}
        if announced:
            self._outbox.kept(to_text(frame))
        served = seen
        while True:
            for texts in few([entry.text for entry in page.entries if entry.seq <= end]):
                await self._outbox.room()
                self._outbox.old(texts)
            served = page.entries[-1].seq if page.entries else end
            if served >= end:
                break
            page = await self._page(run_id, served, end)
        self._served[run_id] = end
        self._hub.metrics.caught_up.inc()

    async def _page(self, run_id: str, after: int, seq: int) -> Page:
        """What is kept behind a number, of after the run was at `seq`: an answer that ends before it may have been
        asked for sooner; the next one was not."""
        page = await self._hub.ask.page(run_id, after)
        return page if page.last >= seq else await self._hub.ask.page(run_id, after)

    def _release(self, run_id: str) -> None:
        """Live events that came meanwhile follow now."""
        told = sum(self.deliver(run_id, bundle) for bundle in self._held.pop(run_id, ()))
        self._hub.metrics.delivered.inc(told)
        self._released.set()
        self._outbox.flush()

    def _leave_others(self, run_ids: Sequence[str]) -> None:
        """Of those runs, tell of none that was not named, nor is of the flow that is watched."""
        for run_id in run_ids:
            if run_id not in self._named:
                self._hub.unwatch(self, run_id)
                self.passed(run_id)

    def _do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Beside everything else, until the socket closes."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _allowed(self, run_id: str) -> bool:
        return self._may is None or await self._may(run_id, None)

    def _name(self, run_id: str) -> None:
        self._named.pop(run_id, None)
        self._named[run_id] = None
        while len(self._named) > MAX_NAMED:
            del self._named[next(iter(self._named))]
