"""Collections that cannot grow without end: the oldest entry leaves when a new one needs its place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedSet(Generic[K]):
    """A set of at most `limit` items; adding one more forgets the one added longest ago."""

    def __init__(self, limit: int, items: Iterable[K] = ()) -> None:
        self._limit = limit
        self._items: OrderedDict[K, None] = OrderedDict()
        for item in items:
            self.add(item)

    def add(self, item: K) -> None:
        self._items[item] = None
        if len(self._items) > self._limit:
            self._items.popitem(last=False)

    def discard(self, item: K) -> None:
        self._items.pop(item, None)

    def clear(self) -> None:
        self._items.clear()

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __len__(self) -> int:
        return len(self._items)


class BoundedDict(OrderedDict[K, V]):
    """A dict of at most `limit` entries.

    A new key over the limit evicts the oldest entry that `may_evict` lets go; where there is none, it grows:
    what is open is never evicted.
    """

    def __init__(self, limit: int, may_evict: Callable[[V], bool] = lambda _: True) -> None:
        super().__init__()
        self._limit = limit
        self._may_evict = may_evict

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        if len(self) > self._limit:
            candidates = (k for k, v in self.items() if k != key and self._may_evict(v))
            evicted = next(candidates, None)
            if evicted is not None:
                del self[evicted]
