"""FakeKeyboard: keys that a test presses, and what was asked for of the page."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..ports import Off


class FakeKeyboard:
    """Notes what was pressed, focused and opened; answers with what a test has prepared."""

    def __init__(self) -> None:
        self.pressed: list[str] = []
        self.focuses: list[str] = []
        self.missing: set[str] = set()
        """Selectors that match nothing."""
        self.around: dict[str, str] = {}
        """Attribute → its value on what has the focus in it."""
        self.lists: dict[str, list[str]] = {}
        """Attribute → its values on the page."""
        self.opened: list[str] = []
        """Dialogs that are open."""
        self._listeners: list[tuple[Collection[str], Callable[[str], None]]] = []

    def on_keys(self, keys: Collection[str], listener: Callable[[str], None]) -> Off:
        entry = keys, listener
        self._listeners.append(entry)
        return lambda: self._listeners.remove(entry) if entry in self._listeners else None

    def press(self, selector: str) -> bool:
        if selector not in self.missing:
            self.pressed.append(selector)
        return selector not in self.missing

    def focus(self, selector: str) -> bool:
        if selector not in self.missing:
            self.focuses.append(selector)
        return selector not in self.missing

    def focused(self, selector: str, attribute: str) -> str | None:
        return self.around.get(attribute)

    def listed(self, selector: str, attribute: str) -> list[str]:
        return self.lists.get(attribute, [])

    def dialog(self, region_id: str, *, opened: bool) -> None:
        if region_id in self.opened:
            self.opened.remove(region_id)
        if opened:
            self.opened.append(region_id)

    # -- for tests
    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def hit(self, key: str) -> bool:
        """Press a key where nobody types; whether anybody wanted it. With a dialog open nobody does."""
        wanted = [listener for keys, listener in self._listeners if key in keys and not self.opened]
        for listener in wanted:
            listener(key)
        return bool(wanted)
