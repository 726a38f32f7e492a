"""FakeDocument: the part of the DOM that views and handlers use, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from ..ports import DomEvent, Element, Off

REGIONS = (
    "canvas", "interactions", "runs", "node-output", "chat", "log", "inspector", "notices", "connection",
    "editor", "flow", "canvas-bar", "minimap", "log-bar", "runs-bar", "run-head", "waiting-bar", "timeline",
    "summary", "details", "large", "live", "palette", "tools", "phone-tabs", "runs-title", "run-title", "canvas-title",
    "view-tabs", "timeline-title", "log-title", "side-title", "chat-title", "output-title", "details-title",
    "interactions-title", "inspector-title", "phone-title",
)  # fmt: skip
"""The ids that index.html has."""


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
        yield self
        for child in self.children:
            yield from child.walk()

    def matches(self, selector: str) -> bool:
        """`tag`, `.class`, `#id`, `[attribute]`, `[attribute=value]`; any of several with commas between them."""
        if ", " in selector:
            return any(self.matches(each) for each in selector.split(", "))
        if selector.startswith("."):
            return self.classList.contains(selector[1:])
        if selector.startswith("#"):
            return self.attributes.get("id") == selector[1:]
        if selector.startswith("["):
            name, given, value = selector[1:-1].partition("=")
            return name in self.attributes and (not given or self.attributes[name] == value.strip("\"'"))
        return self.tag == selector

    def find(self, selector: str) -> FakeElement:
        """The first match in it; an AssertionError when there is none."""
        found = self.find_all(selector)
        assert found, f"no {selector} in {self.tag}"
        return found[0]

    def find_all(self, selector: str) -> list[FakeElement]:
        return [each for each in self.walk() if each is not self and each.matches(selector)]

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


class FakeDocument:
    """A Document in memory, with the regions of index.html."""

    def __init__(self, *, regions: tuple[str, ...] = REGIONS) -> None:
        self.root: dict[str, str] = {}
        self.copied: list[str] = []
        self.saved: list[tuple[str, str]] = []
        self.searched: list[tuple[str, str]] = []
        self.large = 0
        """How often the large dialog was opened."""
        self.windows: list[str] = []
        self.happened: Callable[[], None] = lambda: None
        """Called after what a test does to the page: its frames may come."""
        self._regions = {region: FakeElement("div") for region in regions}
        self._watchers: list[Callable[[], None]] = []
        self._listeners: list[tuple[str, str, str, Callable[[DomEvent], object]]] = []
        for name, region in self._regions.items():
            region.is_root = True
            region.setAttribute("id", name)
        self.region("canvas").observer = self._came

    def create(self, tag: str, class_name: str = "", *content: Element | str, **attributes: str) -> FakeElement:
        element = FakeElement(tag)
        element.classList.add(*class_name.split())
        element.textContent = "".join(each for each in content if isinstance(each, str))
        element.append(*(each for each in content if isinstance(each, FakeElement)))
        for name, value in attributes.items():
            element.setAttribute(name.rstrip("_").replace("_", "-"), value)
        return element

    def icon(self, name: str, class_name: str = "icon") -> FakeElement:
        return self.create("svg", class_name, self.create("use", href=f"#icon-{name}"), aria_hidden="true")

    def button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> FakeElement:
        inside = self.icon(icon_name), self.create("span", "", words)
        return self.create("button", class_name, *inside, type="button", **attributes)

    def region(self, region_id: str) -> FakeElement:
        if region_id not in self._regions:
            raise LookupError(f"The page has no element with id {region_id!r}.")
        return self._regions[region_id]

    def node(self, node_id: str) -> FakeElement | None:
        found = self.region("canvas").find_all(f"[data-node-id={node_id}]")
        return found[0] if found else None

    def part(self, node_id: str, class_name: str) -> FakeElement | None:
        node = self.node(node_id)
        children = node.children if node is not None else []
        return next((child for child in children if child.classList.contains(class_name)), None)

    def save(self, name: str, text: str) -> None:
        self.saved.append((name, text))

    def show_large(self) -> None:
        self.large += 1

    def find_in(self, region_id: str, text: str) -> None:
        self.searched.append((region_id, text))

    def strip(self, *class_names: str) -> None:
        for element in self.region("canvas").walk():
            element.classList.remove(*class_names)

    def classes(self, owned: tuple[str, ...], wanted: dict[str, str], *, but: Collection[str] | None = ()) -> None:
        seen: set[str] = set()
        for element in self.region("canvas").find_all("[data-node-id]"):
            node_id = element.attributes["data-node-id"]
            left_alone = node_id not in wanted and (but is None or node_id in but)
            if not left_alone and node_id not in seen:
                seen.add(node_id)
                element.classList.remove(*owned)
                element.classList.add(*filter(None, [wanted.get(node_id, "")]))

    def mark(self, attribute: str, wanted: dict[str, str]) -> None:
        for element in self.region("canvas").find_all("[data-node-id]"):
            element.attributes.pop(attribute, None)
            value = wanted.get(element.attributes["data-node-id"])
            if value is not None:
                element.setAttribute(attribute, value)

    def on_nodes_added(self, listener: Callable[[], None]) -> Off:
        return _listed(self._watchers, listener)

    def markdown(self, element: Element, text: str) -> None:
        element.textContent = text

    html = markdown

    def stream(self, element: Element) -> FakeStream:
        return FakeStream(element)

    def holds_focus(self, region_id: str) -> bool:
        return any(each.focused for each in self.region(region_id).walk())

    def scroll_to(self, element: Element) -> None:
        element.scrollIntoView()

    def open_window(self, url: str) -> None:
        self.windows.append(url)

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def on(self, region_id: str, event: str, selector: str, listener: Callable[[DomEvent], object]) -> Off:
        return _listed(self._listeners, (region_id, event, selector, listener))

    def root_attribute(self, name: str, value: str) -> None:
        self.root[name] = value

    # -- for tests
    @property
    def listeners(self) -> int:
        return len(self._listeners) + len(self._watchers)

    def add_nodes(self, *node_ids: str) -> None:
        """Put bare node elements on the canvas, as a page of somebody else would."""
        for node_id in node_ids:
            self.region("canvas").append(self.create("div", "node", data_node_id=node_id))
        self.happened()

    def _came(self, element: FakeElement) -> None:
        """As web/js/watch.mjs: the flow that the page draws itself is in a `.world`."""
        nodes = any("data-node-id" in each.attributes for each in element.walk())
        if nodes and not element.classList.contains("world"):
            for watcher in list(self._watchers):
                watcher()

    def fire(self, event: str, element: FakeElement, *, key: str = "", value: str = "", **held: bool) -> bool:
        """Let an event happen on an element: listeners of its region hear of the nearest match.

        `held`: command, shift. Whether one of them dealt with it.
        """
        path, dealt = element.path(), False
        for region_id, name, selector, listener in list(self._listeners):
            if name == event and self._regions[region_id] in path:
                inside = path[: path.index(self._regions[region_id])]
                target: Any = next((each for each in inside if each.matches(selector)), None)
                if target is not None:
                    dealt |= listener(DomEvent(target, key, value or target.value, **held)) is True
        self.happened()
        return dealt

    def press(self, element: Element | FakeElement) -> None:
        """Click an element, unless it is disabled or hidden."""
        assert isinstance(element, FakeElement)
        assert not element.disabled and not element.hidden, "nobody can press this"
        self.fire("click", element)


def _listed(entries: list[Any], entry: object) -> Off:
    entries.append(entry)
    return lambda: entries.remove(entry) if entry in entries else None
