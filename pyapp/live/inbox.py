"""The inbox: one queue, one consumer, strict order. Nothing that raises stops it.

A frame is decoded, its events are put into the logs of their runs, folded, and brought to the handlers, in the browser
task in which it came. After BUDGET_S of work the browser gets its turn, and what is left goes on in the next task that
comes, be it another frame's; nothing overtakes what is queued.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from ..clock import Timer
from ..contract.control import CatchUp, Control
from ..contract.decode import Decoded, Malformed, Unknown, decode
from ..contract.events import BaseEvent, Event
from ..errors import describe
from ..stores.rows import MAX_QUARANTINE
from .intake import Intake
from .shared import Shared

MAX_QUEUED = 5_000
"""Frames that may wait as they came; with more, the oldest are taken into their runs' records without being drawn."""
BUDGET_S = 0.02
"""The longest stretch of handling before the browser gets its turn."""
FOLD_SLICE = 64
"""Events that are folded anew before the time is looked at."""
AHEAD = 512
"""Items that are taken into the logs before a record that is to be made anew has its turn: they may be late, too."""


@dataclass(slots=True)
class Parcel:
    """What came together: items that are decoded when their turn comes."""

    items: Iterator[Decoded]
    again: bool = False
    """They were asked for: what they tell is shown as it is now, without playing delays."""
    done: asyncio.Future[None] | None = field(default=None)


class Inbox:
    """Owns the queue. Draws nothing, never raises."""

    def __init__(self, shared: Shared, intake: Intake, decode: Callable[[object], Iterator[Decoded]] = decode) -> None:
        self._shared = shared
        self.intake, self._tracking = intake, intake.tracking
        self._decode = shared.seam("decode", decode)
        self._next_item = shared.seam("inbox", self._handle)
        self.waiting: deque[Parcel] = deque()
        """What came and was not handled yet."""
        self._draining = False
        self._will_go_on = False
        """What is left has a turn of its own, should no frame come before."""
        self._rest: Timer | None = None
        """A record is to be made anew, later."""
        self._ahead = 0
        self._listeners: list[Callable[[Control], None]] = []
        self._unknown: set[str] = set()
        self.slices = 0
        """How often the browser got its turn while something was waiting."""

    def on_control(self, listener: Callable[[Control], None]) -> None:
        """Call `listener` with each control frame, in its turn."""
        self._listeners.append(listener)

    def receive(self, frame: object) -> None:
        """Take one frame, as it came from the socket."""
        batch = self._shared.stores.batch
        batch.begin()
        try:
            self._shared.stores.metrics.count("received")
            self._put(Parcel(self._decoded(frame)))
            if not self._draining:  # a browser task of its own: also before what is left of others has its turn
                self._drain()
        finally:
            batch.end()

    def take(self, items: Iterable[Decoded], *, again: bool = True) -> asyncio.Future[None]:
        """Take events that were asked for over HTTP; the future is done when they are in."""
        parcel = Parcel(iter(items), again, asyncio.get_running_loop().create_future())
        self._put(parcel)
        self.nudge()
        assert parcel.done is not None
        return parcel.done

    def nudge(self) -> None:
        """There is work in the runs' records, though nothing came."""
        if not self._draining and not self._will_go_on:
            with self._shared.stores.batch():
                self._drain()

    def clear(self) -> None:
        """Forget what waits."""
        for parcel in self.waiting:
            if parcel.done is not None:
                parcel.done.cancel()
        self.waiting.clear()
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None

    # -- inside -----------------------------------------------------------------------------------
    def _put(self, parcel: Parcel) -> None:
        self.waiting.append(parcel)
        if len(self.waiting) > MAX_QUEUED:
            self._read_ahead()

    def _drain(self) -> None:
        """Handle what waits, for at most BUDGET_S, but one event at least; the rest after the browser's turn."""
        clock = self._shared.clock
        until = clock.now() + BUDGET_S
        self._draining = True
        try:
            while self._step():
                if clock.now() >= until:
                    self._yield()
                    return
            if self.intake.to_paint:
                self._guarded("painting", self.intake.paint)
            if self._rest is not None or self._tracking.rebuilds:
                self._come_back()
        finally:
            self._draining = False

    def _yield(self) -> None:
        self.slices += 1
        if not self._will_go_on:
            self._will_go_on = True
            self._shared.clock.call_later(0, self._go_on)

    def _come_back(self) -> None:
        """Wake when a record is to be made anew."""
        rests_s = self._tracking.rests_s
        if self._rest is not None:
            self._rest.cancel()
        self._rest = None if rests_s is None else self._shared.clock.call_later(rests_s, self._rested)

    def _rested(self) -> None:
        self._rest = None
        self.nudge()

    def _go_on(self) -> None:
        self._will_go_on = False
        self.nudge()

    def _step(self) -> bool:
        """Handle the oldest item that waits, or fold a slice of a record in the making; False when there is nothing."""
        due = bool(self._tracking.rebuilds) and self._tracking.rests_s == 0.0
        while self.waiting and not (due and self._ahead >= AHEAD):
            if self._handle_next(self.waiting[0], drawn=True):
                self._ahead += 1
                return True
            self.waiting.popleft()
        self._ahead = 0
        if due:
            self._guarded("folding anew", lambda: self.intake.work(FOLD_SLICE))
        return due

    def _handle_next(self, parcel: Parcel, *, drawn: bool) -> bool:
        """Handle its next item; False when there is none left, which who waits for it is told."""
        try:
            item = next(parcel.items, None)
            if item is not None:
                self._next_item(item, parcel.again, drawn=drawn)
        except Exception as error:
            self._failed("an event", error)
            return True
        if item is None and parcel.done is not None and not parcel.done.done():
            parcel.done.set_result(None)
        return item is not None

    def _read_ahead(self) -> None:
        """Too much waits: the oldest is taken into the records now, and drawn later with the rest."""
        parcel = self.waiting.popleft()
        while self._handle_next(parcel, drawn=False):
            pass

    def _decoded(self, frame: object) -> Iterator[Decoded]:
        """What a frame holds; should reading it fail in the page itself, that is one thing that is malformed."""
        try:
            yield from self._decode(frame)
        except Exception as error:
            self._shared.reporter.failed("decode", "a frame", error)
            yield Malformed(f"The page itself failed on a frame: {describe(error)}.", "")

    def _handle(self, item: Decoded, again: bool, *, drawn: bool) -> None:
        if type(item) is Unknown:
            item = cast(Decoded, self._shared.own.read(item))
        if isinstance(item, BaseEvent):
            event: Event = item
            self.intake.event(event, again=again, drawn=drawn)
        elif isinstance(item, Malformed | Unknown):
            self._put_aside(item)
            if item.used is not None:
                self.intake.used(*item.used)
        else:
            if isinstance(item, CatchUp):
                self.intake.catch_up(item)
            for listener in self._listeners:
                listener(item)

    def _put_aside(self, item: Malformed | Unknown) -> None:
        """With its reason; of what is unknown, one of each name, as far as they are remembered."""
        if isinstance(item, Malformed):
            self._shared.stores.metrics.count("malformed", item.count)
            self._shared.put_aside(item.reason, item.text)
            return
        self._shared.stores.metrics.count("unknown")
        if item.name not in self._unknown and len(self._unknown) < MAX_QUARANTINE:
            self._unknown.add(item.name)
            self._shared.reporter.log("warning", f"[Inbox] {item.reason}")
            self._shared.put_aside(item.reason)

    def _guarded(self, doing: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            self._failed(doing, error)

    def _failed(self, doing: str, error: BaseException) -> None:
        """The one path that all events share goes on with the next."""
        self._shared.stores.metrics.count("failed")
        self._shared.reporter.failed("Inbox", doing, error)
        self._shared.put_aside(f"The page itself failed on {doing}: {describe(error)}.")
