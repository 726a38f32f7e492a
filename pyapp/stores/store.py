"""Stores: a value, or keyed values, that tell their listeners when something changed.

Five words: get, set, listen, subscribe, batch. Setting what is already there tells nobody. Inside a
batch a change is told once, at its end. A listener that raises costs only itself.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Unlisten = Callable[[], None]


class Batch:
    """Shared by the stores of one page: holds back their notices while a batch is open.

    `on_error(source, error)` receives what a listener raises.
    """

    def __init__(self, on_error: Callable[[str, BaseException], None]) -> None:
        self._on_error = on_error
        self._depth = 0
        self._pending: dict[Telling[Any], None] = {}

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.begin()
        try:
            yield
        finally:
            self.end()

    def begin(self) -> None:
        """Open a batch; batches nest, the outermost counts."""
        self._depth += 1

    def end(self) -> None:
        """Close a batch; the outermost tells the listeners, and what they change in turn."""
        self._depth -= 1
        if self._depth == 0 and self._pending:
            self._flush()

    def changed(self, store: Telling[Any]) -> None:
        """The store must tell: now, or at the end of the open batch."""
        self._pending[store] = None
        if self._depth == 0:
            self._flush()

    def call(self, value: T, *listeners: Callable[[T], None]) -> None:
        """Call each of these; what one raises is reported and goes no further."""
        for listener in listeners:
            try:
                listener(value)
            except BaseException as error:
                self._on_error(getattr(listener, "__qualname__", repr(listener)), error)

    def _flush(self) -> None:
        self._depth += 1
        try:
            while self._pending:
                pending, self._pending = self._pending, {}
                for store in pending:
                    store.tell()
        finally:
            self._depth -= 1


class Telling(Generic[T]):
    """What tells listeners, each for itself; `now()` is what one that subscribes hears first."""

    def __init__(self, batch: Batch, now: Callable[[], T]) -> None:
        self._batch = batch
        self._now = now
        self._listeners: list[Callable[[T], None]] = []

    def listen(self, listener: Callable[[T], None]) -> Unlisten:
        """Call `listener` at each change, with the value or the keys that changed; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def subscribe(self, listener: Callable[[T], None]) -> Unlisten:
        """`listen`, and one call at once with the present value, or every key."""
        self._batch.call(self._now(), listener)
        return self.listen(listener)

    def tell(self) -> None:
        """Call the listeners, if anything changed since."""

    def _call(self, value: T) -> None:
        self._batch.call(value, *self._listeners)


class Store(Telling[T]):
    """One value; replaced, never changed in place."""

    def __init__(self, batch: Batch, value: T) -> None:
        super().__init__(batch, self.get)
        self._value = self._told = value

    def get(self) -> T:
        return self._value

    def set(self, value: T) -> None:
        """Replace the value; equal values tell nobody."""
        if value != self._value:
            self._value = value
            self._batch.changed(self)

    def tell(self) -> None:
        if self._value != self._told:
            self._told = self._value
            self._call(self._value)


class MapStore(Telling[dict[K, None]], Generic[K, V]):
    """Keyed values; listeners get the keys that changed, in that order, so that work never grows with the rest."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch, lambda: dict.fromkeys(self._items))
        self._items: dict[K, V] = {}
        self.get = self._items.get
        """The value of a key, or None: the dict's own, as nothing is called more often. So the dict stays the same."""
        self._changed: dict[K, None] = {}

    def set(self, key: K, value: V) -> None:
        """Put one value; an equal one tells nobody."""
        if key not in self._items or self._items[key] != value:
            self._items[key] = value
            self._changed[key] = None
            self._batch.changed(self)

    def delete(self, key: K) -> None:
        """Remove one value; an absent one is no error."""
        if self._items.pop(key, None) is not None:
            self._touch(key)

    def items(self) -> ItemsView[K, V]:
        return self._items.items()

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __len__(self) -> int:
        return len(self._items)

    def clear(self) -> None:
        for key in list(self._items):
            self.delete(key)

    def _touch(self, key: K) -> None:
        self._changed[key] = None
        self._batch.changed(self)

    def tell(self) -> None:
        changed, self._changed = self._changed, {}
        self._batch.call(changed, *self._listeners)
