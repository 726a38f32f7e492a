"""Sheeted: a keyed list that may be thousands long, in sheets, so that the browser passes over those out of sight.

`content-visibility` on each entry would have the browser look at each in every frame; a sheet is one look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from ..ports import Element
from .keyed import Item, Keyed

K = TypeVar("K")
V = TypeVar("V")
I = TypeVar("I", bound=Item)  # noqa: E741


@dataclass(slots=True)
class _Sheet(Generic[K, V, I]):
    element: Element
    items: Keyed[K, V, I]


class Sheeted(Generic[K, V, I]):
    """A `Keyed` in parts: owns the sheets, and which one each key is in. `sheet(value)` is its number: the values alone
    say what stands where, whatever came first; a sheet is there while something is in it.
    """

    def __init__(
        self,
        region: Element,
        make: Callable[[K, V], I],
        update: Callable[[I, V], None],
        *,
        order: Callable[[V], Any],
        sheet: Callable[[V], int],
        element: Callable[[], Element],
        beside: tuple[Element, ...] = (),
    ) -> None:
        self._sheet = sheet
        self._element = element
        self._keyed = partial(Keyed[K, V, I], make=self._made, update=update, order=order)
        self._make = make
        self._sheets: Keyed[int, int, _Sheet[K, V, I]] = Keyed(
            region, lambda _, number: self._begun(), order=lambda number: number, beside=beside
        )
        self._where: dict[K, int] = {}
        self._moving: dict[K, I] = {}
        """What goes to another sheet."""

    def draw(self, key: K, value: V | None) -> None:
        """As `Keyed.draw`; what moves to another sheet stays the item that it is."""
        before, number = self._where.get(key), None if value is None else self._sheet(value)
        if before is not None and before != number:
            self._leave(key, before, moves=number is not None)
        if number is None:
            return
        if before != number:
            self._where[key] = number
            self._sheets.draw(number, number)
        self._of(number).items.draw(key, value)

    def get(self, key: K | None) -> I | None:
        number = self._where.get(key) if key is not None else None
        return self._of(number).items.get(key) if number is not None else None

    def clear(self) -> None:
        """Take away everything, at once."""
        self._where.clear()
        self._sheets.clear()

    def __iter__(self) -> Iterator[K]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)

    def _of(self, number: int) -> _Sheet[K, V, I]:
        sheet = self._sheets.get(number)
        assert sheet is not None
        return sheet

    def _begun(self) -> _Sheet[K, V, I]:
        element = self._element()
        return _Sheet(element, self._keyed(element))

    def _made(self, key: K, value: V) -> I:
        return self._moving.pop(key, None) or self._make(key, value)

    def _leave(self, key: K, number: int, *, moves: bool) -> None:
        items, item = self._of(number).items, self.get(key)
        if moves and item is not None:
            self._moving[key] = item
        del self._where[key]
        items.draw(key, None)
        if not items:
            self._sheets.draw(number, None)
