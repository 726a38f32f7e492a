"""FakeDocument: the part of the DOM that views and handlers use, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from ..ports import DomEvent, Element, Off, Sketch
from .element import FakeElement, FakeStream
from .marks import MarkedCanvas

__all__ = ["REGIONS", "FakeDocument", "FakeElement", "FakeStream"]

REGIONS = (
    "canvas", "interactions", "runs", "node-output", "chat", "log", "inspector", "notices", "connection",
    "editor", "flow", "canvas-bar", "minimap", "log-bar", "runs-bar", "run-head", "waiting-bar", "timeline",
    "summary", "details", "waiting", "large", "live", "palette", "keys", "toast", "tools", "phone-tabs", "runs-title",
    "run-title", "canvas-title", "view-tabs", "timeline-title", "log-title", "side-title", "chat-title",
    "output-title", "details-title", "interactions-title", "inspector-title", "phone-title",
)  # fmt: skip
"""The ids that index.html has."""


class FakeDocument(MarkedCanvas):
    """A Document in memory, with the regions of index.html."""

    def __init__(self, *, regions: tuple[str, ...] = REGIONS) -> None:
        super().__init__()
        self.root: dict[str, str] = {}
        self.copied: list[str] = []
        self.saved: list[tuple[str, str]] = []
        self.searched: list[tuple[str, str]] = []
        self.large = 0
        """How often the large dialog was opened."""
        self.windows: list[str] = []
        self.refuses: dict[str, Exception] = {}
        """What a browser would not draw of the next frame, by its author."""
        self.happened: Callable[[], None] = lambda: None
        """Called after what a test does to the page: its frames may come."""
        self._regions = {region: FakeElement("div") for region in regions}
        self._watchers: list[Callable[[], None]] = []
        self._listeners: list[tuple[str, str, str, Callable[[DomEvent], object]]] = []
        for name, region in self._regions.items():
            region.is_root = True
            region.setAttribute("id", name)
        self.region("canvas").observer = self._came

    def create(
        self, tag: str, class_name: str = "", *content: Element | Sketch | str, **attributes: str
    ) -> FakeElement:
        element = FakeElement(tag)
        element.classList.add(*class_name.split())
        element.textContent = "".join(each for each in content if isinstance(each, str))
        element.append(*(each for each in content if isinstance(each, FakeElement)))
        for name, value in attributes.items():
            name = name.rstrip("_").replace("_", "-")
            if name.startswith("style-"):
                element.style.setProperty(name.removeprefix("style-"), value)
            else:
                element.setAttribute(name, value)
        return element

    def sketch(self, tag: str, class_name: str = "", *content: Sketch | str, **attributes: str) -> Sketch:
        return Sketch(self.create(tag, class_name, *content, **attributes))

    def sketch_icon(self, name: str, class_name: str = "icon") -> Sketch:
        return Sketch(self.icon(name, class_name))

    def sketch_button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> Sketch:
        return Sketch(self.button(words, icon_name, class_name, **attributes))

    def icon(self, name: str, class_name: str = "icon") -> FakeElement:
        return self.create("svg", class_name, self.create("path"), aria_hidden="true", data_icon=name)

    def button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> FakeElement:
        inside = self.icon(icon_name), self.create("span", "", words)
        return self.create("button", class_name, *inside, type="button", **attributes)

    def sketch_markdown(self, class_name: str, text: str) -> Sketch:
        return self.sketch("div", class_name, text)

    def add_region(self, region_id: str) -> None:
        """Add an empty region, unless it is there."""
        self._regions.setdefault(region_id, FakeElement("div"))

    def region(self, region_id: str) -> FakeElement:
        if region_id not in self._regions:
            raise LookupError(f"The page has no element with id {region_id!r}.")
        return self._regions[region_id]

    def _nodes(self) -> list[FakeElement]:
        return self.region("canvas").find_all("[data-node-id]")

    def node(self, node_id: str) -> FakeElement | None:
        inside = self.region("canvas").walk()
        return next((each for each in inside if each.attributes.get("data-node-id") == node_id), None)

    def part(self, node_id: str, class_name: str) -> FakeElement | None:
        node = self.node(node_id)
        children = node.children if node is not None else []
        return next((child for child in children if child.classList.contains(class_name)), None)

    def save(self, name: str, text: str) -> None:
        self.saved.append((name, text))

    def show_large(self) -> None:
        self.large += 1

    def say_times(self, say: Callable[[float, bool], str]) -> None:
        for each in [each for region in self._regions.values() for each in region.find_all("[data-at]")]:
            each.textContent = say(float(each.attributes["data-at"]), each.attributes["data-exact"] == "True")

    def find_in(self, region_id: str, text: str, *, again: bool = False) -> int:
        if not again:
            self.searched.append((region_id, text))
        return self.region(region_id).textContent.lower().count(text.lower()) if text else 0

    def strip(self, *class_names: str) -> None:
        for element in self.region("canvas").walk():
            element.classList.remove(*class_names)

    def classes(self, owned: tuple[str, ...], wanted: dict[str, str], *, but: Collection[str] | None = ()) -> None:
        seen: set[str] = set()
        for element in self._nodes():
            node_id = element.attributes["data-node-id"]
            left_alone = node_id not in wanted and (but is None or node_id in but)
            if not left_alone and node_id not in seen:
                seen.add(node_id)
                element.classList.remove(*owned)
                element.classList.add(*filter(None, [wanted.get(node_id, "")]))

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

    def hold(self, author: str) -> None:
        """Everything is drawn at once."""

    def release(self) -> dict[str, Exception]:
        refused, self.refuses = self.refuses, {}
        return refused

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
        """As web/js/watch.mjs: what the page draws is in a `.world`, and what it adds to that is `data-grown`."""
        nodes = any("data-node-id" in each.attributes for each in element.walk())
        if nodes and not element.classList.contains("world") and "data-grown" not in element.attributes:
            for watcher in list(self._watchers):
                watcher()

    def fire(self, event: str, element: FakeElement, *, key: str = "", value: str = "", **held: bool) -> bool:
        """Let an event happen on an element: listeners of its region hear of the nearest match.

        `held`: command, shift. Whether one of them dealt with it."""
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
