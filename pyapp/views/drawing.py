"""Drawing: what one view draws, in parts, each with the keys that wait for a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..clock import Timer
from ..stores.rows import ViewHealth

if TYPE_CHECKING:
    from .frame import Frame

SLICE = 16
"""Keys that are drawn before the time is looked at."""
PATIENCE = 3
"""Keys of a view that may fail before the rest of it is left alone, too, until it is drawn anew."""

Draw = Callable[[Any], None]
Mark = Callable[[Iterable[Any]], None]


class Drawing:
    """What is drawn in frames, by one view: its parts, each with the keys that wait. The frame drives it."""

    rank = 5
    """The lower, the sooner its turn in a frame: what is looked at first."""
    wipes = False
    """Where a run that has next to nothing yet comes to the front, all goes at once that was there, not one by one."""

    def __init__(self, name: str, frame: Frame) -> None:
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
        self._parts: list[tuple[Draw, Callable[[], Iterable[Any]], dict[Any, None]]] = []
        frame.tell(self)

    def part(self, draw: Draw, every: Callable[[], Iterable[Any]]) -> Mark:
        """Add a part: `draw(key)` draws one key, `every()` names all there are. Returns what marks keys."""
        waiting: dict[Any, None] = {}
        self._parts.append((draw, every, waiting))

        def mark(keys: Iterable[Any]) -> None:
            for key in keys:
                waiting[key] = None
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
        for _, _, waiting in self._parts:  # noqa: SIM110 (a generator costs more than all it looks at)
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
        for draw, _, waiting in self._parts:
            for key in list(islice(waiting, left)):
                if self.failed >= PATIENCE:
                    break
                left -= 1
                del waiting[key]
                try:
                    draw(key)
                except BaseException as error:
                    self.frame.failed(self, error)
        return self.waits

    def _mark_all(self) -> None:
        for _, every, waiting in self._parts:
            waiting.clear()
            waiting.update(dict.fromkeys(every()))
