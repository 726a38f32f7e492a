"""Keyed: a list on the page, one element for each key. Adds, updates, moves and removes; never draws the rest again."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
        update: Callable[[I, V], None] = lambda item, value: None,
        *,
        order: Callable[[V], Any] = lambda value: 0,
        other: Callable[[I, V], bool] = lambda item, value: False,
        beside: tuple[Element, ...] = (),
    ) -> None:
        self._region = region
        self._make = make
        self._update = update
        self._order = order
        self._other = other
        self._beside = beside
        self._items: dict[K, I] = {}
        self._places: dict[K, tuple[Any, int]] = {}
        self._sorted: list[tuple[tuple[Any, int], K]] = []
        self._serial = 0

    def draw(self, key: K, value: V | None) -> None:
        """Bring the list in line with the value of a key; None where it has none."""
        if value is None:
            self.remove(key)
        else:
            self.put(key, value)

    def put(self, key: K, value: V) -> I:
        """Draw a value under its key."""
        item = self._items.get(key)
        if item is None or self._other(item, value):
            fresh = self._make(key, value)
            if item is not None:
                item.element.replaceWith(fresh.element)
            self._items[key] = item = fresh
        order = self._order(value)
        known = self._places.get(key)
        if known is None:
            self._serial += 1
            self._place(key, (order, self._serial))
        elif known[0] != order:
            self._leave(key)
            self._place(key, (order, known[1]))
        self._update(item, value)
        return item

    def remove(self, key: K) -> None:
        """Take away what is drawn for a key; one that is not there is no error."""
        item = self._items.pop(key, None)
        if item is not None:
            self._leave(key)
            item.element.remove()

    def clear(self) -> None:
        """Take away everything, at once."""
        self._items.clear()
        self._places.clear()
        self._sorted.clear()
        self._region.replaceChildren(*self._beside)

    def get(self, key: K) -> I | None:
        return self._items.get(key)

    def items(self) -> Iterator[tuple[K, I]]:
        """Every key with its item, in the order in which they stand."""
        return ((key, self._items[key]) for _, key in self._sorted)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def _place(self, key: K, place: tuple[Any, int]) -> None:
        self._places[key] = place
        element = self._items[key].element
        if not self._sorted or self._sorted[-1][0] < place:
            self._sorted.append((place, key))
            self._region.append(element)
            return
        index = bisect_left(self._sorted, place, key=lambda each: each[0])
        behind = self._sorted[index][1]
        insort(self._sorted, (place, key), key=lambda each: each[0])
        self._items[behind].element.before(element)

    def _leave(self, key: K) -> None:
        place = self._places.pop(key)
        del self._sorted[bisect_left(self._sorted, place, key=lambda each: each[0])]
