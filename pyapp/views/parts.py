"""Parts: what several views draw alike: icons, statuses, buttons, attributes."""

from __future__ import annotations

from ..locale.catalogue import Catalogue
from ..ports import Document, Element

STATUS_ICONS = {
    "queued": "hourglass",
    "executing": "loader-circle",
    "paused": "circle-pause",
    "unverified": "circle-help",
    "success": "circle-check",
    "error": "octagon-x",
    "killed": "ban",
    "unknown": "circle-dashed",
}


class Parts:
    """Makes elements of one document, in the words of one catalogue; keeps none of them."""

    def __init__(self, document: Document, words: Catalogue) -> None:
        self.document = document
        self.words = words
        self.create = document.create
        self.icon = document.icon
        self.button = document.button

    def status_icon(self, status: str) -> Element:
        """The icon of a status; its shape says it without colour."""
        icon = self.icon(STATUS_ICONS.get(status, "circle"), f"icon status-icon status-{status}")
        return self.create("span", "turning", icon) if status == "executing" else icon

    def empty(self, key: str) -> Element:
        """What a region says while it has nothing to show."""
        return self.create("p", "empty", self.words(key))


def note(element: Element, attribute: str, value: str | bool | None) -> None:
    """Set an attribute to a text, to true or false; None takes it away."""
    if value is None:
        element.removeAttribute(attribute)
    else:
        element.setAttribute(attribute, value if isinstance(value, str) else str(value).lower())


class Told:
    """An element, and what it was last told: the same once more costs neither a crossing nor a style."""

    __slots__ = ("_last", "element")

    def __init__(self, element: Element) -> None:
        self.element = element
        self._last: dict[str, str | bool | None] = {}

    def note(self, attribute: str, value: str | bool | None) -> None:
        if self._new(attribute, value):
            note(self.element, attribute, value)

    def say(self, text: str) -> None:
        if self._new("", text):
            self.element.textContent = text

    def hide(self, hidden: bool) -> None:
        if self._new("hidden", hidden):
            self.element.hidden = hidden

    def _new(self, what: str, value: str | bool | None) -> bool:
        if what in self._last and self._last[what] == value:
            return False
        self._last[what] = value
        return True
