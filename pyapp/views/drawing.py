"""Drawing: what one view draws, in parts, each with the keys that wait for a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Protocol

from ..clock import Timer
from ..stores.rows import ViewHealth

SLICE = 16
"""Keys that are drawn before the time is looked at."""
PATIENCE = 3
"""Keys of a view that may fail before the rest of it is left alone, too, until it is drawn anew."""

Draw = Callable[[Any], None]
Mark = Callable[[Iterable[Any]], None]


class Easel(Protocol):
    """What a drawing asks of the frame that drives it."""

    def wants(self, drawing: Drawing) -> None: ...
    def attempt(self, drawing: Drawing, work: Callable[[], None]) -> None: ...
    def failed(self, drawing: Drawing, error: BaseException) -> None: ...
    def tell(self, drawing: Drawing, **changes: Any) -> None: ...


class Drawing:
    """What is drawn in frames, by one view: its parts, each with the keys that wait. The frame drives it."""

    rank = 5
    """The lower, the sooner its turn in a frame: what is looked at first."""
    wipes = False
    """Where a run that has next to nothing yet comes to the front, all goes at once that was there, not one by one."""

    def __init__(self, name: str, frame: Easel) -> None:
        self.name = name
        self.frame = frame
        self.health = ViewHealth(name)
        self.retry: Timer | None = None
        """It raised: then it is drawn anew."""
        self.failed = 0
        """Keys that raised since it was last drawn anew."""
        self.passed_over = 0
        """Frames in which it waited and had no turn."""
        self._stale = False
        self._parts: list[tuple[Draw, Callable[[], Iterable[Any]], dict[Any, bool], dict[Any, None]]] = []
        """Of each the keys that wait, and those that raised last: some of them are drawn when it is drawn anew."""
        frame.tell(self)

    def part(self, draw: Draw, every: Callable[[], Iterable[Any]]) -> Mark:
        """Add a part: `draw(key)` draws one key, `every()` names all there are. Returns what marks keys."""
        waiting: dict[Any, bool] = {}
        self._parts.append((draw, every, waiting, {}))

        def mark(keys: Iterable[Any]) -> None:
            for key in keys:
                waiting[key] = False
            self.frame.wants(self)

        return mark

    def redraw(self) -> None:
        """Draw everything there is, in the next frame, over nothing."""
        self._stale = True
        self.frame.wants(self)

    def wipe(self) -> None:
        """Begin again with nothing drawn, and nothing that lives."""
        self.clear()

    def clear(self) -> None:
        """Take away all that was drawn."""

    def settle(self) -> None:
        """Called at the end of each turn in a frame: for what is said of the whole."""

    @property
    def waits(self) -> bool:
        """Something can be drawn now."""
        if self.failed >= PATIENCE:
            return False
        if self._stale:
            return True
        for _, _, waiting, _ in self._parts:  # noqa: SIM110 (a generator costs more than all it looks at)
            if waiting:
                return True
        return False

    def step(self) -> bool:
        """Draw at most SLICE keys; whether others wait. What raises costs only its own key."""
        if self._stale and self.failed < PATIENCE:
            self._stale = False
            self.frame.attempt(self, self.wipe)
            self.frame.attempt(self, self._mark_all)
        left = SLICE
        for draw, _, waiting, broken in self._parts:
            for key in list(islice(waiting, left)):
                if self.failed >= PATIENCE:
                    break
                left -= 1
                again = waiting.pop(key)
                if broken and not again and key in broken:
                    continue
                try:
                    draw(key)
                    if again:  # it works, and so may the others
                        broken.pop(key, None)
                        self._stale = self._stale or bool(broken)
                        broken.clear()
                except BaseException as error:
                    broken.pop(key, None)
                    broken[key] = None
                    self.frame.failed(self, error)
                    self.failed -= again  # the others are not left alone for one of which this is known
        return self.waits

    def _mark_all(self) -> None:
        for _, every, waiting, broken in self._parts:
            keys = list(every())
            for gone in broken.keys() - keys:
                del broken[gone]
            tried = {*islice(broken, PATIENCE)}
            waiting.clear()
            waiting.update((key, key in tried) for key in keys if key in tried or key not in broken)
