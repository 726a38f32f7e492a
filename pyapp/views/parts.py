"""Parts: what several views draw alike: icons, statuses, buttons, attributes."""

from __future__ import annotations

from collections.abc import Callable

from ..locale.catalogue import Catalogue
from ..locale.display import exact_time, start_time
from ..ports import Document, Element, Sketch

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
    """Makes elements of one document, in the words of one catalogue, by one clock; keeps none of them."""

    def __init__(self, document: Document, words: Catalogue, now: Callable[[], float]) -> None:
        self.document = document
        self.words = words
        self._now = now
        self.create = document.create
        self.icon = document.icon
        self.button = document.button
        self.sketch = document.sketch
        self.sketch_icon = document.sketch_icon
        self.sketch_button = document.sketch_button

    def status_icon(self, status: str) -> Element:
        """The icon of a status; its shape says it without colour."""
        if status == "executing":
            return self.create("span", "turning", self.sketch_icon(*_status(status)))
        return self.icon(*_status(status))

    def sketch_status(self, status: str) -> Sketch:
        """The same, for the inside of another element."""
        icon = self.sketch_icon(*_status(status))
        return self.sketch("span", "turning", icon) if status == "executing" else icon

    def when(self, ts: float | None, *, exact: bool = False) -> str:
        """When something was, as far from now as it is."""
        return start_time(self.words, ts, self._now(), exact=exact)

    def moment(self, class_name: str, ts: float | None, *, exact: bool = False) -> Element:
        """The same in an element of its own, one look away from the whole of it."""
        known = {"data_at": str(ts), "data_exact": str(exact)} if ts is not None else {}
        return self.create("time", class_name, self.when(ts, exact=exact), title=exact_time(ts), **known)

    def empty(self, key: str) -> Element:
        """What a region says while it has nothing to show."""
        return self.create("p", "empty", self.words(key))


def _status(status: str) -> tuple[str, str]:
    """The icon of a status, and its classes."""
    return STATUS_ICONS.get(status, "circle"), f"icon status-icon status-{status}"


def note(element: Element, attribute: str, value: str | bool | None) -> None:
    """Set an attribute to a text, to true or false; None takes it away."""
    if value is None:
        element.removeAttribute(attribute)
    else:
        element.setAttribute(attribute, str(value).lower() if value is True or value is False else value)


class Told:
    """An element, and what it was last told: the same once more costs neither a crossing nor a style.

    A `bare` one has just been made, without any of what it will be told.
    """

    __slots__ = ("_last", "_never", "element")

    def __init__(self, element: Element, *, bare: bool = False) -> None:
        self.element = element
        self._last: dict[str, str | bool | None] = {}
        self._never = None if bare else ...  # what counts as told where nothing was

    def note(self, attribute: str, value: str | bool | None) -> None:
        last = self._last
        if (last[attribute] if attribute in last else self._never) != value:  # noqa: SIM401 (a call is half of it)
            last[attribute] = value
            note(self.element, attribute, value)

    def say(self, text: str) -> None:
        if self._last.get("", self._never) != text:
            self._last[""] = text
            self.element.textContent = text

    def hide(self, hidden: bool) -> None:
        if self._last.get("hidden", self._never) != hidden:
            self._last["hidden"] = hidden
            self.element.hidden = hidden
