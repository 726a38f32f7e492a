"""FakeAddress: an address with a history, as a browser keeps them."""

from __future__ import annotations

from collections.abc import Callable

from ..ports import Off


class FakeAddress:
    """The places of one tab, and which of them the page is at."""

    base = "http://page.test/"

    def __init__(self, query: str = "") -> None:
        self.places = [query]
        self.at = 0
        self._listeners: list[Callable[[], None]] = []
        self._leaving: list[Callable[[], None]] = []

    def read(self) -> str:
        return self.places[self.at]

    def write(self, query: str, *, push: bool) -> None:
        if push:
            self.places[self.at + 1 :] = [query]
            self.at += 1
        else:
            self.places[self.at] = query

    def link(self) -> str:
        return self.base + self.read()

    def on_moved(self, listener: Callable[[], None]) -> Off:
        return _listening(self._listeners, listener)

    def on_leaving(self, listener: Callable[[], None]) -> Off:
        return _listening(self._leaving, listener)

    # -- for tests
    @property
    def listeners(self) -> int:
        return len(self._listeners) + len(self._leaving)

    def leave(self) -> None:
        """The page is about to load itself."""
        for listener in list(self._leaving):
            listener()

    def move(self, steps: int) -> None:
        """Go back (below 0) or forward."""
        assert 0 <= self.at + steps < len(self.places), "there is no such place"
        self.at += steps
        for listener in list(self._listeners):
            listener()


def _listening(listeners: list[Callable[[], None]], listener: Callable[[], None]) -> Off:
    listeners.append(listener)
    return lambda: listeners.remove(listener) if listener in listeners else None
