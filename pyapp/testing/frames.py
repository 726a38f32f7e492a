"""FakeFrames: frames that come when a test says so."""

from __future__ import annotations

from collections.abc import Callable


class FakeFrame:
    """One drawing that is still to come."""

    def __init__(self, draw: Callable[[], None]) -> None:
        self.draw = draw
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeFrames:
    """Frames of a page. While `hidden` none comes."""

    def __init__(self) -> None:
        self.hidden = False
        self._waiting: list[FakeFrame] = []

    def request(self, draw: Callable[[], None]) -> FakeFrame:
        frame = FakeFrame(draw)
        self._waiting.append(frame)
        return frame

    def paint(self) -> bool:
        """Let one frame come; False when nobody waits for it."""
        if self.hidden:
            return False
        waiting, self._waiting = self._waiting, []
        for frame in waiting:
            if not frame.cancelled:
                frame.draw()
        return any(not frame.cancelled for frame in waiting)

    def paint_all(self, most: int = 10_000) -> None:
        """Let frames come until nothing waits to be drawn."""
        for _ in range(most):
            if not self.paint():
                return
        raise AssertionError("drawing never ends")

    @property
    def pending(self) -> int:
        """How many drawings wait."""
        return sum(not frame.cancelled for frame in self._waiting)
