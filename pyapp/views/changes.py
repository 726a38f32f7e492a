"""Changes: which keys of a store changed since the last frame, told once a frame to all that draw from it.

A message costs one note for each store it changed, however many views look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ..ports import Off
from ..stores.store import Batch, MapStore
from .frame import Frame

K = TypeVar("K")


class Changes(Generic[K]):
    """Owns the keys that nobody was told of yet. A listener that raises costs only itself."""

    def __init__(self, frame: Frame, batch: Batch, store: MapStore[K, Any]) -> None:
        self._frame = frame
        self._batch = batch
        self._keys: dict[K, None] = {}
        self._listeners: list[Callable[[dict[K, None]], None]] = []
        store.listen(self._note)

    def follow(self, listener: Callable[[dict[K, None]], None]) -> Off:
        """Call `listener` at the beginning of a frame with what changed before it, in order; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _note(self, keys: dict[K, None]) -> None:
        if self._listeners:
            self._keys.update(keys)
            self._frame.before(self._tell)

    def _tell(self) -> None:
        keys, self._keys = self._keys, {}
        for listener in list(self._listeners):
            self._batch.call(listener, keys)
