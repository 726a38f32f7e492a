"""Sheets: so many nodes or edges of a flow in one element, which the browser paints for itself.

Where one of some thousand changes, the browser looks at all that are painted with it: with sheets at fifty, however
many the flow has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from ...ports import Element

SHEET = 50
"""Elements of a sheet."""
T = TypeVar("T")


def in_sheets(sheet: Callable[..., Element], elements: Sequence[Element]) -> Sequence[Element]:
    """The elements in sheets, each made by `sheet("div", "sheet", *elements)`; as they are where one would hold all."""
    if len(elements) <= SHEET:
        return elements
    return [sheet("div", "sheet", *some) for some in batched(elements, SHEET)]


def batched(found: Iterable[T], size: int) -> Iterator[list[T]]:
    """So many at a time, less at last."""
    rest = iter(found)
    while some := list(islice(rest, size)):
        yield some
