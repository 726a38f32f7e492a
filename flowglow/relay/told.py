"""How far one socket was told of each run: what happens now goes behind what it is brought up to date with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pyapp.run.bounded import BoundedDict

from ..wire import to_text
from .hub import Hub
from .log.port import Page, UnknownRun
from .outbox import Outbox, parts_of
from .watched import Bundle

MAX_PASSED = 1_000
"""Runs that are not watched any more of which it is remembered how far they were told."""


class Told:
    """Owns the numbers up to which a socket was told. Which runs it is told of, and why, others decide."""

    def __init__(self, hub: Hub, outbox: Outbox) -> None:
        self._hub = hub
        self._outbox = outbox
        self._served: dict[str, int] = {}
        self._without_past: set[str] = set()
        """Those of `_served` that were told from some number on, and nobody asked for what was before."""
        self._passed: BoundedDict[str, int] = BoundedDict(MAX_PASSED)
        self._held: dict[str, list[Bundle]] = {}
        """Live events of runs that are just being brought up to date."""
        self._released = asyncio.Event()
        """A run was brought up to date."""
        self._telling: set[str] = set()
        """Runs of which it is just told what was missed: as long as the page takes for that."""

    def __contains__(self, run_id: str) -> bool:
        """Whether it is told of that run, behind a number that is known."""
        return run_id in self._served

    @property
    def runs(self) -> list[str]:
        return list(self._served)

    @property
    def seen(self) -> list[str]:
        """The same, and those of which it is just told what was missed."""
        return list({**self._served, **dict.fromkeys(self._telling)})

    def lacks_past(self, run_id: str) -> bool:
        """Whether it is told of that run without what happened before."""
        return run_id in self._without_past

    def begin(self, run_id: str, seq: int) -> None:
        """Tell of a run from behind that number on, unless it is told of by now."""
        if run_id not in self._served:
            self._served[run_id] = seq
            if seq >= 0:
                self._without_past.add(run_id)

    def end(self, run_id: str) -> None:
        """Tell of it no more."""
        served = self._served.pop(run_id, None)
        self._without_past.discard(run_id)
        if served is not None:
            self._passed[run_id] = served

    def last(self, run_id: str) -> int:
        """Up to which number it was told of a run that it is not told of now; -1 where it never was."""
        return self._passed.get(run_id, -1)

    def deliver(self, run_id: str, bundle: Bundle) -> int:
        """Something happened in a run: how many events of it are told now."""
        if run_id in self._held:
            if self._outbox.hold(bundle.parts):
                self._held[run_id].append(bundle)
            return 0
        served = self._served.get(run_id)
        if served is None or served >= bundle.last:
            return 0
        self._served[run_id] = bundle.last
        parts = bundle.behind(served)
        self._outbox.live(parts)
        return sum(part.count for part in parts)

    # -- bringing up to date ------------------------------------------------------------------------
    def holds(self, run_id: str) -> bool:
        """Whether what happens in that run waits."""
        return run_id in self._held

    def hold(self, run_id: str) -> None:
        """What happens waits from now on."""
        self._unheld(run_id)
        self._held[run_id] = []

    def release(self, run_id: str) -> None:
        """Live events that came meanwhile follow now."""
        told = sum(self.deliver(run_id, bundle) for bundle in self._unheld(run_id))
        self._hub.metrics.delivered.inc(told)
        self._released.set()
        self._outbox.flush()

    def _unheld(self, run_id: str) -> list[Bundle]:
        """What waited, and does no longer: first all of it, as all of it fitted."""
        held = self._held.pop(run_id, [])
        for bundle in held:
            self._outbox.unhold(bundle.parts)
        return held

    async def idle(self, run_id: str) -> None:
        """Wait until nothing of the run waits any more."""
        while run_id in self._held:
            self._released.clear()
            await self._released.wait()

    async def catch_up(self, run_id: str, seen: int, watch: Callable[[], Awaitable[int]], *, announced: bool) -> bool:
        """Tell what was missed behind number `seen`; what happens meanwhile follows.

        `watch` begins to follow it and gives the number it is at. False where that raises UnknownRun.
        """
        self.hold(run_id)
        try:
            return await self._tell_missed(run_id, seen, watch, announced=announced)
        finally:
            self._telling.discard(run_id)
            self.release(run_id)

    async def _tell_missed(
        self, run_id: str, seen: int, watch: Callable[[], Awaitable[int]], *, announced: bool
    ) -> bool:
        frame = {"type": "catch_up", "run_id": run_id, "from_seq": seen + 1, "to_seq": seen, "complete": False}
        try:
            seq = await watch()
            self._telling.add(run_id)
            page = await self._page(run_id, seen, seq)
        except UnknownRun:
            if announced:
                self._outbox.kept(to_text(frame))
            return False
        if page.last < seq:
            self._hub.lost(run_id, page.last)
        start, end = max(seen + 1, page.first), page.last
        frame |= {"from_seq": start, "to_seq": end, "complete": start == seen + 1 and seen <= end}
        if announced:
            self._outbox.kept(to_text(frame))
        served = seen
        while True:
            for part in parts_of([entry.text for entry in page.entries if entry.seq <= end]):
                await self._outbox.room()
                self._outbox.old(part)
            served = page.entries[-1].seq if page.entries else end
            if served >= end:
                break
            page = await self._page(run_id, served, end)
        self._served[run_id] = end
        self._without_past.discard(run_id)
        self._hub.metrics.caught_up.inc()
        return True

    async def _page(self, run_id: str, after: int, seq: int) -> Page:
        """What is kept behind a number, of after the run was at `seq`: an answer that ends before it may have been
        asked for sooner; the next one was not."""
        page = await self._hub.ask.page(run_id, after)
        return page if page.last >= seq else await self._hub.ask.page(run_id, after)
