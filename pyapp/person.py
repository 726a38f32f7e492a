"""Ports of the person at the page: where they are, and what whoever uses no pointer needs. Beside `pyapp.ports`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .ports import Off


class Address(Protocol):
    """The page's address, of which the page itself may change the query string."""

    def read(self) -> str:
        """The query string, with its "?"; "" for none."""

    def write(self, query: str, *, push: bool) -> None:
        """Have this query string; `push` makes a place to come back to. Where a browser refuses, nothing happens."""

    def link(self) -> str:
        """All of the address as it is now."""

    def on_moved(self, listener: Callable[[], None]) -> Off:
        """Call `listener` when a person went back or forward; the address is another one then."""


class Keyboard(Protocol):
    """What whoever uses no pointer needs: keys, the focus, buttons that are pressed for them, dialogs."""

    def on_keys(self, keys: Collection[str], listener: Callable[[str], None]) -> Off:
        """Call `listener(key)` for these keys (`Mod+k`: with Ctrl or ⌘), where nobody types and no dialog is open."""

    def press(self, selector: str) -> bool:
        """Press what matches, as a person would; False where it is not to be seen, or disabled."""

    def focus(self, selector: str) -> bool:
        """Put the focus on what matches, or on the first in it that takes it; False where there is nothing."""

    def focused(self, selector: str, attribute: str) -> str | None:
        """An attribute of what matches and has the focus in it."""

    def listed(self, selector: str, attribute: str) -> list[str]:
        """An attribute of everything that matches, in the order of the page."""

    def dialog(self, region_id: str, *, opened: bool) -> None:
        """Open a dialog over the page, or close it; the focus goes back to where it was."""
