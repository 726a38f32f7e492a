"""BrowserDocument: the page's DOM. Elements are the DOM nodes themselves; a miss is None."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import js
from pyodide.ffi import create_proxy, jsnull, to_js

from ..ports import DomEvent, Element, Off, TextStream
from ..run.bounded import BoundedDict

MAX_KNOWN = 30_000


class BrowserDocument:
    """Finds, makes and listens. One listener on a region serves all elements in it."""

    def __init__(self) -> None:
        self._known: BoundedDict[tuple[str, str], Element] = BoundedDict(MAX_KNOWN)
        """Node id and class of a part ("" is the node itself) → the element that was found."""
        self._nearest = to_js({"block": "nearest"}, dict_converter=js.Object.fromEntries)
        self._make, self._icon, self._button = js.flowglow.make, js.flowglow.icon, js.flowglow.button

    def create(self, tag: str, class_name: str = "", *content: Element | str, **attributes: str) -> Element:
        pairs = _pairs(attributes)
        return self._make(tag, class_name, len(pairs), *pairs, *content)

    def icon(self, name: str, class_name: str = "icon") -> Element:
        return self._icon(name, class_name)

    def button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> Element:
        pairs = _pairs({"type": "button", **attributes})
        return self._button(words, icon_name, class_name, len(pairs), *pairs)

    def region(self, region_id: str) -> Element:
        element = js.document.getElementById(region_id)
        if element is jsnull:
            raise LookupError(f"The page has no element with id {region_id!r}; index.html must have it once.")
        return element

    def node(self, node_id: str) -> Element | None:
        return self._find((node_id, ""))

    def part(self, node_id: str, class_name: str) -> Element | None:
        return self._find((node_id, class_name))

    def _find(self, key: tuple[str, str]) -> Element | None:
        """Searching costs as much as there are nodes; what was found before only has to be still there."""
        known = self._known.get(key)
        if known is not None and known.isConnected:
            return known
        node_id, class_name = key
        selector = f'#canvas [data-node-id="{js.CSS.escape(node_id)}"]'
        found = js.document.querySelector(f"{selector} > .{class_name}" if class_name else selector)
        if found is jsnull:
            self._known.pop(key, None)
            return None
        self._known[key] = found
        return found

    def on_nodes_added(self, listener: Callable[[], None]) -> Off:
        proxy = create_proxy(listener)
        observer = js.flowglow.watchNodes(self.region("canvas"), proxy)

        def off() -> None:
            observer.disconnect()
            proxy.destroy()

        return off

    def markdown(self, element: Element, text: str) -> None:
        js.flowglow.markdown(element, text)

    def html(self, element: Element, text: str) -> None:
        js.flowglow.html(element, text)

    def stream(self, element: Element) -> TextStream:
        return js.flowglow.stream(element)

    def holds_focus(self, region_id: str) -> bool:
        region: Any = self.region(region_id)
        return bool(region.contains(js.document.activeElement))

    def scroll_to(self, element: Element) -> None:
        shown: Any = element
        shown.scrollIntoView(self._nearest)

    def open_window(self, url: str) -> None:
        js.window.open(url, "_blank", "noopener,noreferrer")

    def copy(self, text: str) -> None:
        js.flowglow.copyText(text)

    def save(self, name: str, text: str) -> None:
        js.flowglow.saveText(name, text)

    def show_large(self) -> None:
        js.flowglow.showLarge()

    def find_in(self, region_id: str, text: str) -> None:
        js.flowglow.findIn(self.region(region_id), text)

    def strip(self, *class_names: str) -> None:
        js.flowglow.stripClasses(self.region("canvas"), *class_names)

    def classes(self, owned: tuple[str, ...], wanted: dict[str, str], *, but: Collection[str] | None = ()) -> None:
        pairs = to_js([list(each) for each in wanted.items()])
        js.flowglow.setClasses(self.region("canvas"), to_js(owned), pairs, None if but is None else to_js(list(but)))

    def mark(self, attribute: str, wanted: dict[str, str]) -> None:
        js.flowglow.markNodes(self.region("canvas"), attribute, to_js([list(each) for each in wanted.items()]))

    def on(self, region_id: str, event: str, selector: str, listener: Callable[[DomEvent], object]) -> Off:
        region: Any = self.region(region_id)

        def heard(happened: Any) -> None:
            target = happened.target.closest(selector)
            if target is not jsnull and region.contains(target):
                command = bool(getattr(happened, "ctrlKey", False) or getattr(happened, "metaKey", False))
                shift = bool(getattr(happened, "shiftKey", False))
                told = DomEvent(target, getattr(happened, "key", ""), getattr(target, "value", ""), command, shift)
                if listener(told) is True:
                    happened.preventDefault()

        proxy = create_proxy(heard)
        region.addEventListener(event, proxy, js.flowglow.life.capturing)  # also events that do not bubble

        def off() -> None:
            region.removeEventListener(event, proxy, True)
            proxy.destroy()

        return off

    def root_attribute(self, name: str, value: str) -> None:
        js.document.documentElement.setAttribute(name, value)


def _pairs(attributes: dict[str, str]) -> list[str]:
    return [each for name, value in attributes.items() for each in (name.rstrip("_").replace("_", "-"), value)]
