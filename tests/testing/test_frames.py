from __future__ import annotations

import pytest

from pyapp.testing.frames import FakeFrames


def test_a_frame_comes_when_a_test_says_so() -> None:
    """Once for each request, not for one that was cancelled; what it asks for comes in the next."""
    frames = FakeFrames()
    drawn: list[str] = []
    frames.request(lambda: drawn.append("a"))

    def chain() -> None:
        drawn.append("b")
        frames.request(lambda: drawn.append("c"))

    frames.request(chain)
    frames.request(lambda: drawn.append("never")).cancel()
    assert frames.pending == 2 and drawn == []
    assert frames.paint() and drawn == ["a", "b"]
    frames.paint_all()
    assert drawn == ["a", "b", "c"] and not frames.paint() and frames.pending == 0


def test_nothing_is_drawn_while_nobody_looks() -> None:
    """It waits."""
    frames = FakeFrames()
    frames.hidden = True
    frames.request(lambda: None)
    frames.paint_all()
    assert frames.pending == 1
    frames.hidden = False
    frames.paint_all()
    assert frames.pending == 0


def test_drawing_that_never_ends_is_an_error() -> None:
    """Of the page, said as one."""
    frames = FakeFrames()

    def draw() -> None:
        frames.request(draw)

    frames.request(draw)
    with pytest.raises(AssertionError, match="never ends"):
        frames.paint_all(5)
