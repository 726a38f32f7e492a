"""Changes: which keys of a store changed since the last frame, told once a frame to all that draw from it.

A message costs one note for each store it changed, however many views look at it.
"""

from __future__ import annotations

from typing import Any, TypeVar

from ..stores.store import Batch, MapStore, Telling
from .frame import Frame

K = TypeVar("K")


class Changes(Telling[dict[K, None]]):
    """Owns the keys that nobody was told of yet; tells them at the beginning of a frame, in order of change."""

    def __init__(self, frame: Frame, batch: Batch, store: MapStore[K, Any]) -> None:
        super().__init__(batch, dict)
        self._frame = frame
        self._keys: dict[K, None] = {}
        store.listen(self._note)

    def tell(self) -> None:
        keys, self._keys = self._keys, {}
        self._call(keys)

    def _note(self, keys: dict[K, None]) -> None:
        if self._listeners:
            self._keys.update(keys)
            self._frame.before(self.tell)
