"""Ranges of numbers: a number that is taken out leaves what is beside it."""

from __future__ import annotations

import pytest

from pyapp.run.ranges import Range, count, gaps, strike


@pytest.mark.parametrize(
    ("seq", "left"),
    [
        (2, [(3, 4), (8, 8)]),
        (3, [(2, 2), (4, 4), (8, 8)]),
        (4, [(2, 3), (8, 8)]),
        (8, [(2, 4)]),
    ],
)
def test_a_number_that_is_struck_leaves_what_is_beside_it(seq: int, left: list[Range]) -> None:
    ranges = [(2, 4), (8, 8)]
    assert strike(ranges, seq) and ranges == left
    assert not strike(ranges, seq) and ranges == left
    assert count(ranges) == 3


def test_a_number_that_is_in_none_changes_nothing() -> None:
    ranges = [(2, 4), (8, 8)]
    assert not any(strike(ranges, seq) for seq in (1, 5, 7, 9)) and ranges == [(2, 4), (8, 8)]
    assert count(ranges) == 4 and count([]) == 0


def test_gaps_are_what_was_not_seen_up_to_the_last() -> None:
    assert gaps(3, [], 2) == [] and gaps(3, [], 3) == [(3, 3)]
    assert gaps(3, {9, 5, 6}, 9) == [(3, 4), (7, 8)]
    assert gaps(3, [3, 1], 5) == [(4, 5)], "what was seen before the first is no gap"
