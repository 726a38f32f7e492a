from __future__ import annotations

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from pyapp.link.backoff import CAP_S, FIRST_S, delays, limits


def test_limits_double_up_to_the_cap() -> None:
    """With the largest chance the delays are the limits themselves."""
    assert list(islice(limits(1.0, 5.0), 5)) == [1, 2, 4, 5, 5]
    assert list(islice(delays(lambda: 1.0), 7)) == [0.5, 1, 2, 4, 8, 16, 20]


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=40))
def test_delays_stay_in_bounds(chances: list[float]) -> None:
    """The first within half a second, none over twenty, for ever."""
    chance = iter(chances)
    found = list(islice(delays(lambda: next(chance)), len(chances)))
    assert found[0] <= FIRST_S
    assert all(0 <= delay <= CAP_S for delay in found)
