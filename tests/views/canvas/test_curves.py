from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.ports import Box
from pyapp.views.canvas.curves import curve, runs_down


def at(x: float, y: float) -> Box:
    return Box(x, y, 100.0, 50.0)


def test_the_direction_is_that_of_most_edges() -> None:
    """Left to right where targets are to the right, however far apart; downwards where they are below."""
    right = [(at(0, 0), at(200, y)) for y in (-300, 0, 300)]
    down = [(at(0, 0), at(x, 200)) for x in (-300, 0, 300)]
    assert not runs_down(right) and runs_down(down)
    assert not runs_down([])


def test_a_line_leaves_and_arrives_in_the_direction_of_the_flow() -> None:
    """From side to side, or from bottom to top; stacked boxes are joined vertically, upwards too."""
    assert curve(at(0, 0), at(200, 100), down=False).startswith("M100.0 25.0 C")
    assert curve(at(0, 0), at(200, 100), down=False).endswith("200.0 125.0")
    assert curve(at(0, 0), at(200, 100), down=True).startswith("M50.0 50.0 C")
    assert curve(at(0, 0), at(200, 100), down=True).endswith("250.0 100.0")
    assert curve(at(0, 0), at(200, 0), down=True).startswith("M100.0 25.0"), "beside it, not below"
    assert curve(at(0, 0), at(0, 200), down=False).startswith("M50.0 50.0")
    assert curve(at(0, 200), at(0, 0), down=False).startswith("M50.0 200.0")


@given(st.floats(-500, 500), st.floats(-500, 500), st.booleans())
def test_a_line_always_ends_on_both_boxes(x: float, y: float, down: bool) -> None:
    """Wherever the boxes are, the ends are on their edges."""
    numbers = [float(each) for each in curve(at(0, 0), at(x, y), down=down).replace("M", "").replace("C", "").split()]
    (x1, y1), (x2, y2) = numbers[:2], numbers[-2:]
    assert (x1, y1) in {(100.0, 25.0), (50.0, 0.0), (50.0, 50.0)}
    assert -0.06 <= x2 - x <= 100.06 and -0.06 <= y2 - y <= 50.06
