"""The frame: views draw what changed once a frame, however many messages came in it.

A view never draws in the task of a message. It names what it draws from (`View.draws`), and the frame draws the keys
that changed since, in that order, for at most BUDGET_S; the rest comes in the next frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..clock import Clock, Timer
from ..errors import ErrorReporter
from ..ports import Document, Frames
from ..stores.rows import ViewHealth
from ..stores.store import MapStore
from .drawing import Drawing

BUDGET_S = 0.008
"""The longest that views draw in one frame."""
AGAIN_S = 1.0
MAX_AGAIN_S = 30.0
"""A view that raised is drawn anew after the first of these, then after twice as long, up to the second."""


class Frame:
    """Owns which views wait to be drawn, and tells their health. What raises costs only its own key, for a while."""

    def __init__(
        self,
        frames: Frames,
        clock: Clock,
        reporter: ErrorReporter,
        health: MapStore[str, ViewHealth],
        document: Document,
    ) -> None:
        self._frames = frames
        self._document = document
        self._clock = clock
        self._reporter = reporter
        self._health = health
        self._waiting: dict[Drawing, None] = {}
        self._requested: Timer | None = None
        """The frame that was asked for, or is drawn: what wants to be drawn then is, or asks for the next one."""
        self._before: dict[Callable[[], None], None] = {}
        self._after: list[Callable[[], None]] = []

    def before(self, work: Callable[[], None]) -> None:
        """Call `work` once, at the beginning of the next frame. It must not raise."""
        self._before[work] = None
        self.wake()

    def after(self, listener: Callable[[], None]) -> None:
        """Call `listener` at the end of each frame. It must not raise."""
        self._after.append(listener)

    def wake(self) -> None:
        """Have a frame, even if nothing waits."""
        if self._requested is None:
            self._requested = self._frames.request(self._draw)

    def wants(self, drawing: Drawing) -> None:
        """The view has something to draw."""
        self._waiting[drawing] = None
        if self._requested is None:
            self.wake()

    def drop(self, drawing: Drawing) -> None:
        """The view is closed."""
        self._waiting.pop(drawing, None)
        if drawing.retry is not None:
            drawing.retry.cancel()
            drawing.retry = None

    def stop(self) -> None:
        """Draw no more."""
        self._waiting.clear()
        self._before.clear()
        if self._requested is not None:
            self._requested.cancel()
            self._requested = None

    def attempt(self, drawing: Drawing, work: Callable[[], None]) -> None:
        """Do a part of a view's work; what it raises is that view's failure."""
        try:
            work()
        except BaseException as error:
            self.failed(drawing, error)

    def failed(self, drawing: Drawing, error: BaseException) -> None:
        """Something of a view raised: all of it is drawn anew from its stores, after a while."""
        self._reporter.failed(drawing.name, "drawing", error)
        drawing.failed += 1
        failures, streak = drawing.health.failures + 1, drawing.health.streak
        if drawing.retry is None:
            pause_s = min(MAX_AGAIN_S, AGAIN_S * 2**streak)
            drawing.retry = self._clock.call_later(pause_s, lambda: self._again(drawing))
            streak += 1
        self.tell(drawing, failures=failures, streak=streak, last_error=self._reporter.recent[-1].summary)

    def tell(self, drawing: Drawing, **changes: Any) -> None:
        """How a view is."""
        drawing.health = replace(drawing.health, **changes)
        self._health.set(drawing.name, drawing.health)

    def _again(self, drawing: Drawing) -> None:
        drawing.retry, drawing.failed = None, 0
        drawing.redraw()

    def _draw(self) -> None:
        """One frame: the view that is looked at first has its turn first; who was passed over comes up in the order."""
        until = self._clock.now() + BUDGET_S
        had: set[Drawing] = set()
        self._document.hold("")
        try:
            self._draw_all(had, until)
        finally:
            self._requested = None  # whatever happens, there will be other frames
            for author, error in self._document.release().items():
                self._refused(next((each for each in had if each.name == author), None), error)
            if self._waiting or self._before:
                self.wake()

    def _draw_all(self, had: set[Drawing], until: float) -> None:
        before, self._before = self._before, {}
        for work in before:
            work()
        while ready := [
            (each.rank - each.passed_over, place, each) for place, each in enumerate(self._waiting) if each not in had
        ]:
            for _, _, drawing in sorted(ready):
                had.add(drawing)
                self._document.hold(drawing.name)
                self._turn(drawing, until)
                if self._clock.now() >= until:
                    break
            else:
                continue
            break
        for drawing in self._waiting:
            drawing.passed_over = 0 if drawing in had else drawing.passed_over + 1
        self._document.hold("")
        for listener in self._after:
            listener()

    def _refused(self, drawing: Drawing | None, error: Exception) -> None:
        """The browser would not draw something: that is its view's failure, too."""
        if drawing is not None:
            self.failed(drawing, error)
        else:
            self._reporter.failed("page", "drawing", error)

    def _turn(self, drawing: Drawing, until: float) -> None:
        drawing.passed_over = 0
        while drawing.step():
            if self._clock.now() >= until:
                break
        try:
            drawing.settle()
        except BaseException as error:
            self.failed(drawing, error)
        if not drawing.waits:
            self._waiting.pop(drawing, None)
            if drawing.retry is None and drawing.health.streak:
                self.tell(drawing, streak=0)
