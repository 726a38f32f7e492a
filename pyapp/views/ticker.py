"""The ticker: one clock for everything on the page whose time goes on.

All of it is drawn as of one instant, at the end of a frame: no part is ever shown longer than its whole. Where very
many have something new to say, they say it in several frames, all as of the first one's instant. Between frames
that draw something anyway it asks for one whenever a part has something new to say, at most every TENTH_S. Whole
seconds change together, on the clock's own: twenty parts that began at twenty moments need one frame a second. While
nothing lives, it asks for none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from math import ceil

from ..clock import Clock, Timer
from ..live.server_clock import ServerClock
from ..locale.catalogue import Catalogue
from ..locale.display import TENTHS_S, duration, next_change, running
from ..ports import Element, Off
from ..run.record import took
from ..stores.link import Away
from .drawing import Drawing
from .frame import Frame

TENTH_S = 0.1
SECOND_S = 1.0
MANY = 24
"""While more than so many live, parts are told in whole seconds: nobody reads that many tenths, and each is drawn."""
AT_ONCE = 200
"""So many parts are told in one frame."""
FORGOTTEN = 8
"""Parts that have ended and may stay in the queue."""

Tell = Callable[[float], float | None]
"""Draws a live part at a moment of the server's clock; the moment at which it says something else, None for never."""


@dataclass(slots=True, eq=False)
class _Part:
    drawing: Drawing
    tell: Tell
    number: int
    changes_at: float = 0.0


class Ticker:
    """Owns one timer, and the live parts of all views."""

    def __init__(self, clock: Clock, server_clock: ServerClock, frame: Frame) -> None:
        self._clock = clock
        self._server_clock = server_clock
        self._frame = frame
        self._parts: dict[_Part, None] = {}
        self._queue: list[tuple[float, int, _Part]] = []
        """A heap of when which part changes next; what is in it and not so any more is passed over."""
        self._numbers = count()
        self._timer: Timer | None = None
        self._now = 0.0
        self._behind = False
        """Parts are still to be told as of the last instant."""
        self.tenths = True
        """Whether parts say tenths of a second now."""
        frame.after(self._tick)

    def live(self, drawing: Drawing, tell: Tell) -> Off:
        """A part of a view lives from now on; the answer ends it."""
        part = _Part(drawing, tell, next(self._numbers))
        self._parts[part] = None
        heappush(self._queue, (0.0, part.number, part))
        self._frame.wake()
        return partial(self._end, part)

    def drop(self, drawing: Drawing) -> None:
        """Nothing of this view lives any more."""
        self._end(*[part for part in self._parts if part.drawing is drawing])

    def stop(self) -> None:
        """Tick no more."""
        self._end(*self._parts)

    def _end(self, *parts: _Part) -> None:
        for part in parts:
            self._parts.pop(part, None)
        if not self._parts:
            self._queue.clear()
            self._disarm()

    def _tick(self) -> None:
        """Draw what has something new to say, and wake when something else has."""
        before, now = self._now, self._now if self._behind else self._server_clock.now()
        tenths, self.tenths = self.tenths, len(self._parts) <= MANY
        self._now = now
        if now < before or tenths != self.tenths:  # the clock is known better than before, or was set back
            self._queue = [(0.0, part.number, part) for part in self._parts]
            for part in self._parts:
                part.changes_at = 0.0
        again: list[_Part] = []
        while self._queue and self._queue[0][0] <= now and len(again) < AT_ONCE:
            changes_at, _, part = heappop(self._queue)
            if part in self._parts and part.changes_at == changes_at:
                again.append(part)
        for part in again:
            self._say(part, now)
        self._behind = len(again) == AT_ONCE
        self._arm(now)

    def _say(self, part: _Part, now: float) -> None:
        try:
            changes_at = part.tell(now)
        except BaseException as error:
            self._frame.failed(part.drawing, error)
            changes_at = None
        if changes_at is None:
            self._parts.pop(part, None)
        elif part in self._parts:
            part.changes_at = changes_at
            heappush(self._queue, (changes_at, part.number, part))

    def _arm(self, now: float) -> None:
        """Wake when the next part has something new to say."""
        self._disarm()
        if len(self._queue) > 2 * len(self._parts) + FORGOTTEN:
            self._queue = [each for each in self._queue if each[2] in self._parts]
            heapify(self._queue)
        while self._queue and self._queue[0][2] not in self._parts:
            heappop(self._queue)
        if self._queue:
            wait_s = 0.0 if self._behind else max(TENTH_S, min(SECOND_S, self._queue[0][0] - now))
            self._timer = self._clock.call_later(wait_s, self._frame.wake)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Elapsed:
    """How long something has run, or ran, in words in an element: it goes on until it is told the end.

    `said`: the sentence of the catalogue in which it is said, in whole seconds; "" for the duration alone.
    """

    def __init__(self, ticker: Ticker, drawing: Drawing, words: Catalogue, element: Element, said: str = "") -> None:
        self._ticker = ticker
        self._drawing = drawing
        self._words = words
        self.element = element
        self._said = said
        self._since: float | None = None
        """When what goes on began."""
        self._off: Off = lambda: None

    def show(self, started_at: float | None, ended_at: float | None, *, live: bool, away: Away | None = None) -> None:
        """Moments by the server's clock; nothing is said of what is not known. What is `away` stands, as of then."""
        if live and away is not None:
            ended_at, live = away.at, False
        since = started_at if live else None
        if since is not None and self._since == since:
            return
        self.stop()
        if since is not None:
            self._since = since
            self._off = self._ticker.live(self._drawing, self._tell)
        else:
            seconds = None if live else took(started_at, ended_at)
            self.element.textContent = "" if seconds is None else duration(self._words, seconds)

    def show_away(self, away: Away | None) -> None:
        """Say how long ago a run was heard of last, once that is to be said; nothing else."""
        since = away.heard_at if away is not None else None
        self.show(since, None, live=since is not None)

    def stop(self) -> None:
        """It is of no use any more, or stands."""
        if self._since is not None:
            self._since = None
            self._off()

    def _tell(self, now: float) -> float | None:
        since = self._since if self._since is not None else now
        age = now - since if now > since else 0.0
        tenths = self._ticker.tenths and not self._said
        time = running(self._words, age, tenths=tenths)
        self.element.textContent = self._words(self._said, time=time) if self._said else time
        change = next_change(age, tenths=tenths)
        if change is None:
            return None
        return since + change if tenths and age < TENTHS_S else float(ceil(since + change))
