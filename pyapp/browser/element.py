"""Elements of the page, as the port names them: what is written on one is a stroke, what is read is the browser's.

An element is known by its number, and lives in JavaScript for as long as somebody here holds it, or the page does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from .strokes import Strokes


class StrokedClasses:
    """The classes of one element, written as strokes."""

    __slots__ = ("_element",)

    def __init__(self, element: StrokedElement) -> None:
        self._element = element

    def add(self, *names: str) -> None:
        self._element.write("add", *names)

    def remove(self, *names: str) -> None:
        self._element.write("drop", *names)


class LiveClasses:
    """The classes of an element on the canvas, written at once: a class is never later than its message.

    The browser's own functions are kept, as asking for them costs as much as calling them.
    """

    __slots__ = ("add", "remove")

    def __init__(self, raw: Any) -> None:
        classes = raw.classList
        self.add, self.remove = classes.add, classes.remove


class StrokedStyle:
    __slots__ = ("_element",)

    def __init__(self, element: StrokedElement) -> None:
        self._element = element

    def setProperty(self, name: str, value: str) -> None:
        self._element.write("style", name, value)


class _Written:
    """A property of the browser's element: written as a stroke, where it can be, and read from there."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, element: StrokedElement, owner: type) -> Any:
        return getattr(element.raw, self._name)

    def __set__(self, element: StrokedElement, value: Any) -> None:
        element._strokes.write(("set", element.number, self._name, value))


def _putting(how: str) -> Callable[..., None]:
    """The browser's function of that name, as a stroke."""
    return lambda element, *nodes: element._strokes.write(("put", element.number, how, nodes))


def _putting_now(how: str) -> Callable[..., None]:
    """The same on the canvas: it is drawn at once."""

    def put(canvas: CanvasRegion, *nodes: Any) -> None:
        canvas.write("put", how, nodes)
        canvas.changed()

    return put


class StrokedElement:
    """One element. `raw` is the browser's own."""

    __slots__ = ("_known", "_strokes", "number")

    textContent = cast(str, _Written())
    hidden = cast(bool, _Written())
    disabled = cast(bool, _Written())
    value = cast(str, _Written())
    checked = cast(bool, _Written())
    scrollHeight = cast(float, _Written())
    clientHeight = cast(float, _Written())
    scrollTop = cast(float, _Written())
    isConnected = cast(bool, _Written())

    def __init__(self, strokes: Strokes, number: int, raw: Any = None) -> None:
        self._strokes = strokes
        self.number = number
        self._known = raw

    def __del__(self) -> None:
        self._strokes.free(self.number)

    def write(self, what: str, *given: Any) -> None:
        """Add a stroke on this element."""
        self._strokes.write((what, self.number, *given))

    @property
    def raw(self) -> Any:
        """The browser's own element; all that was written anywhere is there, as where it stands depends on all."""
        self._strokes.draw()
        if self._known is None:
            self._known = self._strokes.raw(self.number)
        return self._known

    @property
    def classList(self) -> StrokedClasses | LiveClasses:
        return StrokedClasses(self)

    @property
    def style(self) -> StrokedStyle:
        return StrokedStyle(self)

    def setAttribute(self, name: str, value: str) -> None:
        self._strokes.write(("attribute", self.number, name, value))

    def getAttribute(self, name: str) -> Any:
        return self.raw.getAttribute(name)

    def removeAttribute(self, name: str) -> None:
        self.write("no attribute", name)

    append, prepend = _putting("append"), _putting("prepend")
    before, replaceWith = _putting("before"), _putting("replaceWith")
    replaceChildren, remove = _putting("replaceChildren"), _putting("remove")
    focus, scrollIntoView = _putting("focus"), _putting("scrollIntoView")


class CanvasElement(StrokedElement):
    """A node of the canvas, or a part of one, whoever made it: found, and its classes are written at once."""

    __slots__ = ("_classes",)

    def __init__(self, strokes: Strokes, raw: Any) -> None:
        super().__init__(strokes, strokes.know(raw), raw)
        self._classes: LiveClasses | None = None

    @property
    def classList(self) -> LiveClasses:
        if self._classes is None:
            self._classes = LiveClasses(self._known)
        return self._classes


class CanvasRegion(StrokedElement):
    """The canvas: what is put on it is there at once, and whoever looks for nodes finds these."""

    __slots__ = ("_changed",)

    def __init__(self, strokes: Strokes, number: int, raw: Any, changed: Callable[[], None]) -> None:
        super().__init__(strokes, number, raw)
        self._changed = changed

    append, prepend, replaceChildren = map(_putting_now, ("append", "prepend", "replaceChildren"))

    def changed(self) -> None:
        """Other elements may be on it."""
        self._strokes.draw()
        self._changed()


class StrokedStream:
    """A text that grows in an element: its words are strokes."""

    __slots__ = ("_number", "_strokes")

    def __init__(self, strokes: Strokes, element: StrokedElement) -> None:
        self._strokes = strokes
        self._number = strokes.number()
        strokes.write(("stream", self._number, element))

    def __del__(self) -> None:
        self._strokes.free(self._number)

    def write(self, text: str) -> None:
        self._strokes.write(("write", self._number, text))

    def end(self) -> None:
        self._strokes.write(("end", self._number))
