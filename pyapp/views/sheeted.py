"""Sheeted: a keyed list that may be thousands long, in sheets, so that the browser passes over those out of sight.

`content-visibility` on each entry would have the browser look at each in every frame; a sheet is one look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from ..ports import Element
from .keyed import Drawn, Item, Keyed

SHEET = 32
"""So many places are in a sheet: it is about two screens high."""
K = TypeVar("K")
V = TypeVar("V")
I = TypeVar("I", bound=Item)  # noqa: E741


class Sheeted(Generic[K, V, I]):
    """A `Keyed` in parts: owns the sheets, and which one each key is in. The order begins with a number, and so many of
    these are a sheet: the values alone say what stands where, whatever came first. A sheet goes with the last in it.
    """

    def __init__(
        self,
        region: Element,
        element: Callable[[], Element],
        keyed: Callable[[Element], Keyed[K, V, I]],
        *,
        order: Callable[[V], tuple[int, *tuple[Any, ...]]],
        beside: tuple[Element, ...] = (),
    ) -> None:
        self._element = element
        self._keyed = keyed
        self._order = order
        self._sheets: Keyed[int, int, Drawn] = Keyed(
            region, lambda number, _: self._begun(number), order=lambda number: number, beside=beside
        )
        self._lists: dict[int, Keyed[K, V, I]] = {}
        """What stands in each sheet."""
        self._where: dict[K, int] = {}

    def draw(self, key: K, value: V | None) -> None:
        """As `Keyed.draw`; what moves to another sheet stays the item that it is."""
        before, number = self._where.get(key), None if value is None else self._order(value)[0] // SHEET
        item = self._leave(key, before) if before not in (None, number) else None
        if number is None:
            return
        self._where[key] = number
        self._of(number).draw(key, value, item)

    def get(self, key: K | None) -> I | None:
        number = self._where.get(key) if key is not None else None
        return self._of(number).get(key) if number is not None else None

    def clear(self) -> None:
        """Take away everything, at once."""
        self._where.clear()
        self._lists.clear()
        self._sheets.clear()

    def __iter__(self) -> Iterator[K]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)

    def _of(self, number: int) -> Keyed[K, V, I]:
        if number not in self._lists:
            self._sheets.draw(number, number)
        return self._lists[number]

    def _begun(self, number: int) -> Drawn:
        element = self._element()
        self._lists[number] = self._keyed(element)
        return Drawn(element)

    def _leave(self, key: K, number: int) -> I | None:
        """The item that stood in that sheet."""
        items = self._of(number)
        item = items.get(key)
        del self._where[key]
        items.draw(key, None)
        if not items:
            del self._lists[number]
            self._sheets.draw(number, None)
        return item
