"""FakeElement: one element of a DOM in memory. Where a real one would refuse, so does this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from ..ports import Element


class FakeClassList:
    """The classes of one element, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def add(self, *names: str) -> None:
        for name in names:
            if not name or " " in name:
                raise ValueError(f"{name!r} is no class name")
            if name not in self.names:
                self.names.append(name)

    def remove(self, *names: str) -> None:
        self.names = [name for name in self.names if name not in names]

    def contains(self, name: str) -> bool:
        return name in self.names


class FakeStyle:
    def __init__(self) -> None:
        self.properties: dict[str, str] = {}

    def setProperty(self, name: str, value: str) -> None:
        self.properties[name] = value


class FakeElement:
    """One element. Where a real DOM would refuse, so does this one."""

    value = ""
    hidden = disabled = checked = focused = scrolled_to = is_root = False
    scrollTop = scrollHeight = clientHeight = 0.0

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.classList = FakeClassList()
        self.style = FakeStyle()
        self.attributes: dict[str, str] = {}
        self.children: list[FakeElement] = []
        self.parent: FakeElement | None = None
        self.observer: Callable[[FakeElement], None] | None = None
        """Hears of each element that is put into this one, at any depth; at once, where a browser waits a moment."""
        self._text = ""

    @property
    def textContent(self) -> str:
        return self._text + "".join(child.textContent for child in self.children)

    @textContent.setter
    def textContent(self, text: str) -> None:
        self.replaceChildren()
        self._text = text

    @property
    def isConnected(self) -> bool:
        return self.is_root or (self.parent is not None and self.parent.isConnected)

    def setAttribute(self, name: str, value: str) -> None:
        if not isinstance(value, str):
            raise TypeError(f"{name} must be text, not {value!r}")
        self.attributes[name] = value

    def getAttribute(self, name: str) -> str | None:
        return self.attributes.get(name)

    def removeAttribute(self, name: str) -> None:
        self.attributes.pop(name, None)

    def append(self, *nodes: FakeElement) -> None:
        for node in nodes:
            self._adopt(node, len(self.children))

    def prepend(self, *nodes: FakeElement) -> None:
        for place, node in enumerate(nodes):
            self._adopt(node, place)

    def before(self, *nodes: FakeElement) -> None:
        if self.parent is None:
            raise ValueError("this element is nowhere")
        for node in nodes:
            if node is not self:
                node.remove()
                self.parent._adopt(node, self.parent.children.index(self))

    def replaceChildren(self, *nodes: FakeElement) -> None:
        for child in self.children:
            child.parent = None
        self.children = []
        self._text = ""
        self.append(*nodes)

    def replaceWith(self, *nodes: FakeElement) -> None:
        self.before(*nodes)
        self.remove()

    def remove(self) -> None:
        if self.parent is not None:
            self.parent.children.remove(self)
            self.parent = None

    def focus(self) -> None:
        self.focused = True

    def scrollIntoView(self) -> None:
        self.scrolled_to = True

    # -- for tests
    def walk(self) -> Iterator[FakeElement]:
        """Itself and everything in it, in document order."""
        waiting = [self]
        while waiting:
            each = waiting.pop()
            yield each
            waiting += reversed(each.children)

    def matches(self, selector: str) -> bool:
        """`tag`, `.class`, `#id`, `[attribute]`, `[attribute=value]`; any of several with commas between them."""
        return _reading(selector)(self)

    def find(self, selector: str) -> FakeElement:
        """The first match in it; an AssertionError when there is none."""
        found = self.find_all(selector)
        assert found, f"no {selector} in {self.tag}"
        return found[0]

    def find_all(self, selector: str) -> list[FakeElement]:
        matches = _reading(selector)
        return [each for each in self.walk() if matches(each) and each is not self]

    def picture(self) -> tuple[Any, ...]:
        """Everything that can be seen of it and of what is in it, as plain values that can be compared."""
        return (
            self.tag,
            sorted(self.classList.names),
            {**self.attributes, **{f"style.{name}": value for name, value in self.style.properties.items()}},
            [name for name in ("hidden", "disabled", "checked") if getattr(self, name)],
            self.value,
            self._text,
            [child.picture() for child in self.children],
        )

    def _adopt(self, node: FakeElement, place: int) -> None:
        around = self.path()
        if node in around:
            raise ValueError("an element cannot contain itself")
        node.remove()
        self.children.insert(place, node)
        node.parent = self
        for each in around:
            if each.observer is not None:
                each.observer(node)

    def path(self) -> list[FakeElement]:
        """Itself and what it is in, from the inside out."""
        return [self, *(self.parent.path() if self.parent is not None else ())]


@lru_cache(1000)
def _reading(selector: str) -> Callable[[FakeElement], bool]:
    """What a selector asks of an element, read once: each drawing asks it of everything that is on a page."""
    if ", " in selector:
        parts = [_reading(each) for each in selector.split(", ")]
        return lambda element: any(part(element) for part in parts)
    kind, rest = selector[:1], selector[1:]
    if kind == ".":
        return lambda element: rest in element.classList.names
    if kind == "#":
        return lambda element: element.attributes.get("id") == rest
    if kind == "[":
        name, given, value = rest[:-1].partition("=")
        value = value.strip("\"'")
        return lambda element: name in element.attributes and (not given or element.attributes[name] == value)
    return lambda element: element.tag == selector


class FakeStream:
    """A TextStream that puts its text into the element as it comes."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self._ended = False

    def write(self, text: str) -> None:
        if not self._ended:
            self._element.textContent += text

    def end(self) -> None:
        self._ended = True
