from __future__ import annotations

from pyapp.views.drawing import PATIENCE, SLICE
from tests.views.painted import Painted


def test_a_step_draws_no_more_than_a_slice() -> None:
    """Over all of its parts, in their order; what was drawn waits no more."""
    page = Painted()
    drawing, mark = page.add("v")
    mark(range(SLICE - 1))
    drawing.part(lambda key: page.log.append(("other", key)), tuple)(range(5))
    drawing.step()
    assert page.drawn("v") == list(range(SLICE - 1)) and page.drawn("other") == [0]
    assert drawing.waits
    drawing.step()
    assert page.drawn("other") == [0, 1, 2, 3, 4] and not drawing.waits


def test_drawn_anew_it_begins_with_nothing() -> None:
    """All there is, over nothing; what waited before is drawn once."""
    page = Painted()
    drawing, mark = page.add("v", "a", "b")
    mark(["b", "gone"])
    drawing.redraw()
    drawing.step()
    assert page.log == [("v", "clear"), ("v", "a"), ("v", "b")] and not drawing.waits


def test_after_some_failures_the_rest_of_it_is_left_alone() -> None:
    """Each costs its own key, and PATIENCE of them the others of this view, until it is drawn anew."""
    page = Painted()
    drawing, mark = page.add("v")
    page.broken = {("v", key) for key in range(PATIENCE)}
    mark(range(PATIENCE + 2))
    drawing.step()
    assert page.drawn("v") == [] and not drawing.waits
    drawing.failed = 0
    assert drawing.waits
