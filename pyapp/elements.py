"""Elements: what of a DOM element views and handlers use, as types. Names are the DOM's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NewType, Protocol


class ClassList(Protocol):
    def add(self, *names: str) -> None: ...
    def remove(self, *names: str) -> None: ...


class Style(Protocol):
    def setProperty(self, name: str, value: str) -> None: ...


class Element(Protocol):
    """The part of a DOM element that views and handlers use."""

    textContent: str
    hidden: bool
    disabled: bool
    value: str
    checked: bool
    scrollTop: float

    @property
    def classList(self) -> ClassList: ...
    @property
    def style(self) -> Style: ...
    @property
    def isConnected(self) -> bool: ...
    @property
    def scrollHeight(self) -> float: ...
    @property
    def clientHeight(self) -> float: ...
    def setAttribute(self, name: str, value: str) -> None: ...
    def getAttribute(self, name: str) -> Any: ...
    def removeAttribute(self, name: str) -> None: ...
    def append(self, *nodes: Any) -> None: ...
    def prepend(self, *nodes: Any) -> None: ...
    def before(self, *nodes: Any) -> None: ...
    def replaceChildren(self, *nodes: Any) -> None: ...
    def remove(self) -> None: ...
    def replaceWith(self, *nodes: Any) -> None: ...
    def focus(self) -> None: ...
    def scrollIntoView(self) -> None: ...


@dataclass(frozen=True, slots=True)
class DomEvent:
    """What a listener is told: the element that matched its selector, the key pressed (if any), the value.

    `command`: Ctrl or ⌘ is held. A listener that answers True has dealt with it: the browser does no more.
    """

    target: Element
    key: str = ""
    value: str = ""
    command: bool = False
    shift: bool = False

    def attribute(self, name: str) -> str | None:
        """An attribute of the element; None when it has none."""
        value = self.target.getAttribute(name)
        return value if isinstance(value, str) else None


Sketch = NewType("Sketch", object)
"""An element that nobody will touch again: it is made with the one that it is put into, at a fraction of the cost."""


class TextStream(Protocol):
    """A text that grows in an element, as Markdown; painted once a frame."""

    def write(self, text: str) -> None: ...
    def end(self) -> None:
        """The text is complete; what comes later is ignored."""
