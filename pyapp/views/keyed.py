"""Keyed: a list on the page, one element for each key. Adds, updates, moves and removes; never draws the rest again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

from ..ports import Element


class Item(Protocol):
    """What is drawn for one key: its element, and whatever its view must remember of it."""

    @property
    def element(self) -> Element: ...


@dataclass(slots=True)
class Drawn:
    """The item of a view that remembers nothing but the value it drew."""

    element: Element
    value: Any = None


K = TypeVar("K")
V = TypeVar("V")
I = TypeVar("I", bound=Item)  # noqa: E741


class Keyed(Generic[K, V, I]):
    """Owns the children of `region` behind those that stand there `beside` it, and their order.

    `make(key, value)` gives the item of a new key, `update(item, value)` brings it in line with its value: both are
    called for a new one. `order(value)` is what the list is sorted by; equal ones stay in the order in which they
    came. A value for which `other(item, value)` is true gets a new element in the place of the old one.
    """

    def __init__(
        self,
        region: Element,
        make: Callable[[K, V], I],
        update: Callable[[I, V], None] | None = None,
        *,
        order: Callable[[V], Any] | None = None,
        other: Callable[[I, V], bool] | None = None,
        beside: tuple[Element, ...] = (),
    ) -> None:
        self.region = region
        self._make = make
        self._update = update
        self._order = order
        self._other = other
        self._beside = beside
        self._items: dict[K, I] = {}
        self._places: dict[K, tuple[Any, int, K]] = {}
        """Key → its order, its number among all that came, itself."""
        self._sorted: list[tuple[Any, int, K]] = []
        self._numbers = count()

    def draw(self, key: K, value: V | None, comes: I | None = None) -> None:
        """Bring the list in line with the value of a key; None where it has none. An item that `comes` is not made."""
        item = self._items.get(key)
        if comes is not None:
            item = self._items[key] = comes
        if value is None:
            if item is not None:
                self._leave(key)
                self._items.pop(key).element.remove()
            return
        if item is None or (self._other is not None and self._other(item, value)):
            fresh = self._items[key] = self._make(key, value)
            if item is not None:
                item.element.replaceWith(fresh.element)
            item = fresh
        order = self._order(value) if self._order is not None else 0
        if key not in self._places:
            self._place((order, next(self._numbers), key))
        elif (place := self._places[key])[0] != order:
            self._place((order, *place[1:]), self._leave(key))
        if self._update is not None:
            self._update(item, value)

    def clear(self) -> None:
        """Take away everything, at once."""
        self._items.clear()
        self._places.clear()
        self._sorted.clear()
        self.region.replaceChildren(*self._beside)

    def get(self, key: K | None) -> I | None:
        return self._items.get(key) if key is not None else None

    def items(self) -> Iterator[tuple[K, I]]:
        """Every key with its item, in the order in which they stand."""
        return ((key, self._items[key]) for key in self)

    def __iter__(self) -> Iterator[K]:
        return (key for _, _, key in self._sorted)

    def __len__(self) -> int:
        return len(self._sorted)

    def _place(self, place: tuple[Any, int, K], stood: int | None = None) -> None:
        """Where it `stood` before, it stays untouched: an element that is moved loses the focus."""
        key, index = place[2], bisect_left(self._sorted, place)
        element = self._items[key].element
        if index == stood:
            pass
        elif index < len(self._sorted):
            self._items[self._sorted[index][2]].element.before(element)
        else:
            self.region.append(element)
        self._sorted.insert(index, place)
        self._places[key] = place

    def _leave(self, key: K) -> int:
        """Where it stood."""
        index = bisect_left(self._sorted, self._places.pop(key))
        del self._sorted[index]
        return index
