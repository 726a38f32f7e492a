"""A watcher: which runs one socket is told of, and from where on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from ..errors import Refused
from .hub import Hub
from .log.port import Appeared, UnknownRun
from .outbox import Outbox
from .told import Told
from .watched import Bundle

MAX_NAMED = 1_000
"""Runs that one socket may name; of more the oldest are let go."""
JUST_BEGUN = 200
"""A run of no more events is told whole to who names it: after a start its first events are there already."""
May = Callable[[str, str | None], Awaitable[bool]]
"""Whether a run (by its id and flow) may be seen."""


class SocketWatcher:
    """Owns what a page wants to be told of, and asks whether it may. How far it was told, `Told` knows."""

    def __init__(self, hub: Hub, outbox: Outbox, may: May | None, closing: Callable[[int, str], None]) -> None:
        self._hub = hub
        self._outbox = outbox
        self._may = may
        """None: everything."""
        self._closing = closing
        self._told = Told(hub, outbox)
        self._named: dict[str, None] = {}
        self._admissions: dict[str, asyncio.Task[None]] = {}
        """Runs of which the portal is just asked whether they may be seen."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._bringing: set[str] = set()
        """Runs that are just being brought up to date, or wait for it."""
        self._beginning: dict[str, str | None] = {}
        """Runs that began since the socket opened and are still to be told of, all one after the other."""
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
        new = self._beginning = dict(self._new or {})
        self._new, self.all = None, True
        while new:
            run_id, flow_id = next(iter(new.items()))
            await self._admit(run_id, flow_id)
            new.pop(run_id, None)
            if not self.all:  # it said meanwhile which flow it shows, and what began of that is told there
                if flow_id != self.flow_id:
                    self._leave_others([run_id])
                return
        await self._hub.watch_live(self, None)

    async def want_flow(self, flow_id: str) -> None:
        """Tell of the runs of this flow, of those that were named, and of those of an earlier flow to their end."""
        new, self._new, self._beginning = (self._new or {}) | self._beginning, None, {}
        if self.all:
            self.all = False
            self._leave_others(self._told.runs)
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
        if self._tells_whole(run_id):
            return True
        if not await self._allowed(run_id):
            return False
        try:
            seq = await self._hub.watch(self, run_id, named=True)
            while self._told.holds(run_id):  # it may just be admitted, without its past
                await self._told.idle(run_id)
                seq = await self._hub.watch(self, run_id, named=True)
        except UnknownRun:
            return False
        if self._tells_whole(run_id):
            return True
        if 0 <= seq < JUST_BEGUN:
            await self._catch_up(run_id, -1)
        else:
            self._told.begin(run_id, seq)
        return True

    async def catch_up(self, run_id: str, seen: int) -> None:
        """Send what was missed behind number `seen`, as far as it is kept, and what happens from then on."""
        self._name(run_id)
        admission = self._admissions.pop(run_id, None)
        if admission is not None:  # it would begin at the run's present number; the same is asked for here
            admission.cancel()
        else:
            await self._told.idle(run_id)
        await self._catch_up(run_id, seen, announced=True)

    # -- what the hub says --------------------------------------------------------------------------
    def wants(self, news: Appeared) -> bool:
        if self._new is not None and not news.late:
            self._new[news.run_id] = news.flow_id
        if self.all or news.run_id in self._named:
            return True
        return self.flow_id is not None and news.flow_id == self.flow_id

    def still_wants(self, flow_id: str | None) -> bool:
        return self.all if flow_id is None else self.flow_id == flow_id

    def admit(self, run_id: str, flow_id: str | None, seq: int) -> None:
        last = self._told.last(run_id)
        if self._told.holds(run_id) or 0 <= last < seq:  # it is being brought up to date, or has a past
            self.bring_up_to_date(run_id, flow_id)
        elif self._may is None:
            self._told.begin(run_id, seq)
        else:
            self._told.hold(run_id)
            self._admissions[run_id] = self._do(self._ask_and_admit(run_id, flow_id, seq))

    def bring_up_to_date(self, run_id: str, flow_id: str | None) -> None:
        if run_id not in self._bringing:
            self._bringing.add(run_id)
            self._do(self._admit_later(run_id, flow_id)).add_done_callback(lambda _: self._bringing.discard(run_id))

    def was_told_of(self, run_id: str) -> bool:
        return self._told.last(run_id) >= 0

    def passed(self, run_id: str) -> None:
        self._told.end(run_id)

    def deliver(self, run_id: str, bundle: Bundle) -> int:
        return self._told.deliver(run_id, bundle)

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
        return all(await asyncio.gather(*(may(run_id, None) for run_id in self._told.seen)))

    # -- inside -------------------------------------------------------------------------------------
    async def _admit(self, run_id: str, flow_id: str | None) -> None:
        """Serve a run from where it was left, or from its beginning, if it may be seen."""
        if run_id in self._told or self._told.holds(run_id):
            return
        if self._may is not None:
            if not await self._may(run_id, flow_id):
                return
            await self._told.idle(run_id)  # as the page may have asked for it meanwhile
            if run_id in self._told:
                return
        await self._catch_up(run_id, self._told.last(run_id))

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
            self._told.begin(run_id, seq)
        else:
            self._hub.unwatch(self, run_id)
        self._told.release(run_id)
        self._settle(run_id)

    async def _admit_later(self, run_id: str, flow_id: str | None) -> None:
        """Serve a run that has a past, or began while it was looked for in vain."""
        try:
            await self._told.idle(run_id)
            await self._admit(run_id, flow_id)
        except Refused as error:
            self._closing(1013, str(error))

    async def _catch_up(self, run_id: str, seen: int, *, announced: bool = False) -> None:
        async def watch() -> int:
            if announced and not await self._allowed(run_id):  # of what is not, it was asked before
                raise UnknownRun(run_id)
            return await self._hub.watch(self, run_id, named=run_id in self._named)

        known = await self._told.catch_up(run_id, seen, watch, announced=announced)
        if not known and run_id not in self._told:
            self._hub.unwatch(self, run_id)
        self._settle(run_id)

    def _tells_whole(self, run_id: str) -> bool:
        return run_id in self._told and not self._told.lacks_past(run_id)

    def _settle(self, run_id: str) -> None:
        """A run that was let go of while it was brought up to date is not told of."""
        if not self._hub.watches(self, run_id):
            self._told.end(run_id)

    def _leave_others(self, run_ids: Sequence[str]) -> None:
        """Tell of none of those runs but those that were named."""
        for run_id in run_ids:
            if run_id not in self._named:
                self._hub.unwatch(self, run_id)
                self._told.end(run_id)

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
