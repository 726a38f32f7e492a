"""The ticker: one clock for everything on the page whose time goes on.

All of it is drawn at one instant, at the end of a frame: no part is ever shown longer than its whole. Between frames
that draw something anyway it asks for one whenever a part has something new to say, at most every TENTH_S; while
nothing lives, for none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..clock import Clock, Timer
from ..live.server_clock import ServerClock
from ..locale.catalogue import Catalogue
from ..locale.display import duration, next_change, running
from ..ports import Element, Off
from ..run.record import took
from .frame import Drawing, Frame

TENTH_S = 0.1
SECOND_S = 1.0

Tell = Callable[[float], float | None]
"""Draws a live part at a moment of the server's clock; the moment at which it says something else, None for never."""


@dataclass(slots=True, eq=False)
class _Part:
    drawing: Drawing
    tell: Tell
    changes_at: float = 0.0


class Ticker:
    """Owns one timer, and the live parts of all views."""

    def __init__(self, clock: Clock, server_clock: ServerClock, frame: Frame) -> None:
        self._clock = clock
        self._server_clock = server_clock
        self._frame = frame
        self._parts: dict[_Part, None] = {}
        self._timer: Timer | None = None
        self._due = 0.0
        self._now = 0.0
        frame.after(self._tick)

    def live(self, drawing: Drawing, tell: Tell) -> Off:
        """A part of a view lives from now on; the answer ends it."""
        part = _Part(drawing, tell)
        self._parts[part] = None
        self._frame.wake()
        return lambda: self._forget(part)

    def drop(self, drawing: Drawing) -> None:
        """Nothing of this view lives any more."""
        for part in [part for part in self._parts if part.drawing is drawing]:
            self._forget(part)

    def stop(self) -> None:
        """Tick no more."""
        self._parts.clear()
        self._disarm()

    def _tick(self) -> None:
        """Draw what has something new to say."""
        before, now = self._now, self._server_clock.now()
        self._now = now
        soonest: float | None = None
        for part in list(self._parts):
            if part.changes_at <= now or now < before:  # the clock is known better than before, or was set back
                changes_at = self._told(part, now)
                if changes_at is None:
                    self._parts.pop(part, None)
                    continue
                part.changes_at = changes_at
            soonest = part.changes_at if soonest is None else min(soonest, part.changes_at)
        if soonest is None:
            self._disarm()
        else:
            self._arm(max(TENTH_S, min(SECOND_S, soonest - now)))

    def _forget(self, part: _Part) -> None:
        self._parts.pop(part, None)
        if not self._parts:
            self._disarm()

    def _told(self, part: _Part, now: float) -> float | None:
        try:
            return part.tell(now)
        except BaseException as error:
            self._frame.failed(part.drawing, error)
            return None

    def _arm(self, delay_s: float) -> None:
        due = self._clock.now() + delay_s
        if self._timer is None or due < self._due:
            self._disarm()
            self._due = due
            self._timer = self._clock.call_later(delay_s, self._fire)

    def _disarm(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _fire(self) -> None:
        self._timer = None
        self._frame.wake()


class Elapsed:
    """How long something has run, or ran, in words in an element: it goes on until it is told the end."""

    def __init__(self, ticker: Ticker, drawing: Drawing, words: Catalogue, element: Element) -> None:
        self._ticker = ticker
        self._drawing = drawing
        self._words = words
        self._element = element
        self._since: float | None = None
        self._off: Off | None = None

    def show(self, started_at: float | None, ended_at: float | None, *, live: bool) -> None:
        """Moments by the server's clock; nothing is said of what is not known."""
        if live and started_at is not None and self._off is not None and self._since == started_at:
            return
        self.stop()
        if live and started_at is not None:
            self._since = started_at
            self._off = self._ticker.live(self._drawing, self._tell)
            return
        seconds = None if live else took(started_at, ended_at)
        self._element.textContent = "" if seconds is None else duration(self._words, seconds)

    def stop(self) -> None:
        """It is of no use any more, or stands."""
        off, self._off = self._off, None
        if off is not None:
            off()

    def _tell(self, now: float) -> float | None:
        since = self._since or 0.0
        age = max(0.0, now - since)
        self._element.textContent = running(self._words, age)
        change = next_change(age)
        return None if change is None else since + change
