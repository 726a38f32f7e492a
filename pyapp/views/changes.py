"""Changes: which keys of a store changed since the last frame, told once a frame to all that draw from it.

A message costs one note for each store it changed, however many views look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..stores.rows import RunKey
from ..stores.store import Batch, MapStore, Telling
from .frame import Frame

K = TypeVar("K")
Name = Callable[[str], str]  # under which a row is drawn


class Changes(Telling[dict[K, None]]):
    """Owns the keys that nobody was told of yet; tells them at the beginning of a frame, in order of change."""

    def __init__(self, frame: Frame, batch: Batch, store: MapStore[K, Any]) -> None:
        super().__init__(batch, dict)
        self._frame = frame
        self._keys: dict[K, None] = {}
        self._named: dict[Name, Named] = {}
        store.listen(self._note)

    def tell(self) -> None:
        keys, self._keys = self._keys, {}
        self._call(keys)

    def named(self: Changes[RunKey], name: Name, front: Callable[[], str | None]) -> Named:
        """What changes in the run in front, by name: made out once, however many views draw it."""
        if name not in self._named:
            told = self._named[name] = Named(self._batch, dict)
            self.listen(lambda keys: told.tell_of(keys, front() or "", name))
        return self._named[name]

    def _note(self, keys: dict[K, None]) -> None:
        if self._listeners:
            if not self._keys:
                self._frame.before(self.tell)
            self._keys.update(keys)


class Named(Telling[dict[str, None]]):
    """Rows of one run that changed."""

    def tell_of(self, keys: dict[RunKey, None], run: str, name: Name) -> None:
        self._call({name(each): None for run_id, each in keys if run_id == run})
