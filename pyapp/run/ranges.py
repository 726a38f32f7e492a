"""Ranges of numbers, in order and apart from each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Range = tuple[int, int]
"""First and last number, both included."""


def strike(ranges: list[Range], seq: int) -> bool:
    """Take one number out; False when it is in none of them."""
    place = bisect_right(ranges, seq, key=lambda each: each[0]) - 1
    if place < 0 or seq > ranges[place][1]:
        return False
    first, last = ranges[place]
    parts = [(first, seq - 1), (seq + 1, last)]
    ranges[place : place + 1] = [each for each in parts if each[0] <= each[1]]
    return True


def count(ranges: list[Range]) -> int:
    """How many numbers are in them."""
    return sum(last - first + 1 for first, last in ranges)


def gaps(first: int, seen: Iterable[int], last: int) -> list[Range]:
    """The numbers from `first` to `last` that are not among those `seen`."""
    found = []
    for seq in sorted(seen):
        if seq > first:
            found.append((first, seq - 1))
        first = max(first, seq + 1)
    return [*found, (first, last)] if last >= first else found
