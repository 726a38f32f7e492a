"""The frame: views draw what changed once a frame, however many messages came in it.

A view never draws in the task of a message. It names what it draws from (`View.draws`), and the frame calls it with
the keys that changed since, in that order, a slice at a time, for at most BUDGET_S; the rest comes in the next frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from ..clock import Clock, Timer
from ..errors import ErrorReporter
from ..ports import Frames
from ..stores.health import ViewHealth
from ..stores.store import MapStore

BUDGET_S = 0.008
"""The longest that views draw in one frame."""
SLICE = 16
"""Keys that are drawn before the time is looked at."""
AGAIN_S = 1.0
MAX_AGAIN_S = 30.0
"""A view that raises is drawn anew after the first of these, then after twice as long, up to the second."""

Draw = Callable[[dict[Any, None]], None]


class Drawing:
    """What one view has to draw: its parts, each with the keys that wait. Owned by the view, driven by the frame."""

    def __init__(self, name: str, frame: Frame, clear: Callable[[], None], *, rank: int) -> None:
        self.name = name
        self.rank = rank
        self.clear = clear
        """Empties the region, so that everything can be drawn anew."""
        self.parts: list[tuple[Draw, Callable[[], Iterable[Any]], dict[Any, None]]] = []
        self.again: Timer | None = None
        """It raised: until then it is left alone."""
        self.streak = 0
        self._frame = frame

    def part(self, draw: Draw, every: Callable[[], Iterable[Any]]) -> Callable[[Iterable[Any]], None]:
        """Add a part: `draw(keys)` draws some, `every()` names all there are. Returns what marks keys."""
        waiting: dict[Any, None] = {}
        self.parts.append((draw, every, waiting))

        def mark(keys: Iterable[Any]) -> None:
            waiting.update(dict.fromkeys(keys))
            self._frame.wants(self)

        return mark

    def anew(self) -> None:
        """Draw everything there is, in the next frame, over nothing."""
        self.clear()
        for _, every, waiting in self.parts:
            waiting.clear()
            waiting.update(dict.fromkeys(every()))
        self._frame.wants(self)

    @property
    def waits(self) -> bool:
        return any(waiting for _, _, waiting in self.parts)

    def step(self) -> None:
        """Draw one slice."""
        for draw, _, waiting in self.parts:
            if waiting:
                keys = dict.fromkeys(islice(waiting, SLICE))
                for key in keys:
                    del waiting[key]
                draw(keys)
                return


class Frame:
    """Owns which views wait to be drawn, and their health. A view that raises costs only its own picture, for a while."""

    def __init__(
        self, frames: Frames, clock: Clock, reporter: ErrorReporter, health: MapStore[str, ViewHealth]
    ) -> None:
        self._frames = frames
        self._clock = clock
        self._reporter = reporter
        self._health = health
        self._waiting: dict[Drawing, None] = {}
        self._timer: Timer | None = None
        self._after: list[Callable[[], None]] = []

    def add(self, name: str, clear: Callable[[], None], *, rank: int) -> Drawing:
        """A view that draws; the lower its rank, the sooner its turn in a frame."""
        self._health.set(name, ViewHealth(name))
        return Drawing(name, self, clear, rank=rank)

    def after(self, listener: Callable[[], None]) -> None:
        """Call `listener` at the end of each frame in which something was drawn."""
        self._after.append(listener)

    def wants(self, drawing: Drawing) -> None:
        """The view has something to draw."""
        self._waiting[drawing] = None
        if self._timer is None:
            self._timer = self._frames.request(self._draw)

    def drop(self, drawing: Drawing) -> None:
        """The view is closed."""
        self._waiting.pop(drawing, None)
        if drawing.again is not None:
            drawing.again.cancel()

    def stop(self) -> None:
        """Draw no more."""
        for drawing in list(self._waiting):
            self.drop(drawing)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _draw(self) -> None:
        self._timer = None
        until = self._clock.now() + BUDGET_S
        late = False
        for drawing in sorted(self._waiting, key=lambda each: each.rank):
            while drawing.waits and drawing.again is None and not late:
                self._step(drawing)
                late = self._clock.now() >= until
            if not drawing.waits or drawing.again is not None:
                self._waiting.pop(drawing, None)
        if self._waiting and self._timer is None:
            self._timer = self._frames.request(self._draw)
        for listener in self._after:
            self._guarded("the end of a frame", listener)

    def _step(self, drawing: Drawing) -> None:
        try:
            drawing.step()
        except BaseException as error:
            self._failed(drawing, error)
        else:
            if drawing.streak and not drawing.waits:
                drawing.streak = 0
                self._note(drawing, well=True)

    def _failed(self, drawing: Drawing, error: BaseException) -> None:
        """It is drawn anew from its stores, after a while."""
        self._reporter.failed(drawing.name, "drawing", error)
        drawing.streak += 1
        self._note(drawing, well=False)
        pause_s = min(MAX_AGAIN_S, AGAIN_S * 2 ** (drawing.streak - 1))

        def again() -> None:
            drawing.again = None
            self._guarded(drawing.name, drawing.anew)

        drawing.again = self._clock.call_later(pause_s, again)

    def _guarded(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self._reporter.failed(name, "drawing", error)

    def _note(self, drawing: Drawing, *, well: bool) -> None:
        health = self._health.get(drawing.name) or ViewHealth(drawing.name)
        if well:
            self._health.set(drawing.name, replace(health, streak=0))
        else:
            summary = self._reporter.recent[-1].summary
            self._health.set(
                drawing.name,
                replace(health, failures=health.failures + 1, streak=drawing.streak, last_error=summary),
            )
