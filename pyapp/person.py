"""Ports of the person at the page: where they are, and what whoever uses no pointer needs. Beside `pyapp.ports`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
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

    def on_leaving(self, listener: Callable[[], None]) -> Off:
        """Call `listener` before the page loads itself anew from its address."""


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


class Channel(Protocol):
    """A way to one window, made by that window: nobody else can speak or listen there."""

    def open(self, received: Callable[[object], None]) -> None:
        """Call `received` with each message from now on, the ones that wait first."""

    def send(self, text: str) -> None: ...
    def close(self) -> None:
        """Hear and say nothing more."""


@dataclass(frozen=True, slots=True)
class Knock:
    """What a window said to this one. The browser vouches for all but `text`."""

    origin: str
    from_parent: bool
    """It came from the window that shows this page in its frame."""
    text: str
    channel: Channel | None = None
    """The way that came with it; None where there was not exactly one."""


class Host(Protocol):
    """The window that shows this page in a frame, and how the page follows its wishes."""

    def on_knock(self, listener: Callable[[Knock], None]) -> Off:
        """Call `listener` for each message to this window that is meant for flowglow; what came before comes first."""

    def greet(self, *, acts: bool) -> None:
        """Say to whoever is around that this page listens. It says no more to a window that nobody vouches for."""

    def show_theme(self, theme: str) -> None: ...
    def speak(self, language: str) -> None:
        """Speak another language: the page is loaded anew, where it stands."""

    def hide(self, parts: Collection[str]) -> None:
        """Leave these parts of the page out of sight; all others are seen."""

    def style(self, looks: dict[str, str]) -> None:
        """Looks that go over the page's own, by name; all others are its own again."""

    def on_height(self, listener: Callable[[float], None]) -> Off:
        """Call `listener` with the height in CSS pixels at which all is seen well, now and when it is another."""
