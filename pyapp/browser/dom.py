"""BrowserDocument: the page's DOM. What is written in a frame crosses the border once; a miss is None."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import js
from pyodide.ffi import jsnull

from ..ports import DomEvent, Element, Off, Sketch, TextStream
from ..run.bounded import BoundedDict
from .element import CanvasElement, CanvasRegion, StrokedElement, StrokedStream
from .listening import listening, listening_to
from .strokes import Strokes

MAX_KNOWN = 30_000


class BrowserDocument:
    """Finds, makes and listens. One listener on a region serves all elements in it."""

    def __init__(self) -> None:
        self._strokes = Strokes()
        self._regions: dict[str, StrokedElement] = {}
        self._known: BoundedDict[tuple[str, str], CanvasElement] = BoundedDict(MAX_KNOWN)
        """Node id and class of a part ("" is the node itself) → the element that was found."""
        self.hold, self.release = self._strokes.hold, self._strokes.release

    # -- making -----------------------------------------------------------------------------------
    def create(
        self, tag: str, class_name: str = "", *inside: Element | Sketch | str, **attributes: str
    ) -> StrokedElement:
        number = self._strokes.number()
        self._strokes.write(("make", number, tag, class_name, _pairs(attributes) if attributes else (), inside))
        return StrokedElement(self._strokes, number)

    def sketch(self, tag: str, class_name: str = "", *inside: Sketch | str, **attributes: str) -> Sketch:
        return Sketch(("make", tag, class_name, _pairs(attributes) if attributes else (), inside))

    def sketch_icon(self, name: str, class_name: str = "icon") -> Sketch:
        return Sketch(("icon", name, class_name))

    def sketch_button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> Sketch:
        return Sketch(("button", words, icon_name, class_name, ["type", "button", *_pairs(attributes)]))

    def icon(self, name: str, class_name: str = "icon") -> StrokedElement:
        return self._made(self.sketch_icon(name, class_name))

    def button(self, words: str, icon_name: str, class_name: str = "", **attributes: str) -> StrokedElement:
        return self._made(self.sketch_button(words, icon_name, class_name, **attributes))

    def sketch_markdown(self, class_name: str, text: str) -> Sketch:
        return Sketch(("markdown", class_name, text))

    def _made(self, sketch: Any) -> StrokedElement:
        """A sketch with a number, by which it is known from now on."""
        number, (what, *given) = self._strokes.number(), sketch
        self._strokes.write((what, number, *given))
        return StrokedElement(self._strokes, number)

    # -- finding ----------------------------------------------------------------------------------
    def region(self, region_id: str) -> StrokedElement:
        region = self._regions.get(region_id)
        if region is None:
            found = js.document.getElementById(region_id)
            if found is jsnull:
                raise LookupError(f"The page has no element with id {region_id!r}; index.html must have it once.")
            number = self._strokes.know(found)
            if region_id == "canvas":
                region = CanvasRegion(self._strokes, number, found, self._forget_nodes)
            else:
                region = StrokedElement(self._strokes, number, found)
            self._regions[region_id] = region
        return region

    def node(self, node_id: str) -> CanvasElement | None:
        return self._known.get((node_id, "")) or self._find(node_id, "")

    def part(self, node_id: str, class_name: str) -> CanvasElement | None:
        return self._known.get((node_id, class_name)) or self._find(node_id, class_name)

    def _find(self, node_id: str, class_name: str) -> CanvasElement | None:
        """What was found is known until others come or some go; then it costs no crossing."""
        found = self._strokes.find(node_id, class_name)
        if found is jsnull:
            return None
        known = self._known[node_id, class_name] = CanvasElement(self._strokes, found)
        return known

    def _forget_nodes(self) -> None:
        """Other elements than before are on the canvas."""
        self._known.clear()
        self._strokes.forget_nodes()

    def on_nodes_added(self, listener: Callable[[], None]) -> Off:
        def changed(foreign: bool) -> None:
            self._forget_nodes()
            if foreign:
                listener()

        canvas = self.region("canvas").raw
        return listening(changed, lambda proxy: js.flowglow.watchNodes(canvas, proxy).disconnect)

    # -- writing ----------------------------------------------------------------------------------
    def markdown(self, element: Element, text: str) -> None:
        _ours(element).write("markdown", text)

    def html(self, element: Element, text: str) -> None:
        _ours(element).write("html", text)

    def stream(self, element: Element) -> TextStream:
        return StrokedStream(self._strokes, _ours(element))

    def name(self, node_id: str, name: str) -> None:
        self._strokes.write(("name", 0, node_id, name))

    def badge(self, node_id: str, order: int, **told: str) -> None:
        self._strokes.write(("badge", 0, node_id, order, _pairs(told)))

    def empty(self, class_name: str) -> None:
        self._strokes.write(("empty", 0, class_name))

    def unname(self) -> None:
        self._strokes.write(("unname", 0))

    def holds_focus(self, region_id: str) -> bool:
        return bool(self.region(region_id).raw.contains(js.document.activeElement))

    def scroll_to(self, element: Element) -> None:
        _ours(element).write("scroll to")

    def open_window(self, url: str) -> None:
        js.window.open(url, "_blank", "noopener,noreferrer")

    def copy(self, text: str) -> None:
        js.flowglow.copyText(text)

    def save(self, name: str, text: str) -> None:
        js.flowglow.saveText(name, text)

    def show_large(self) -> None:
        js.flowglow.showLarge()

    def say_times(self, say: Callable[[float, bool], str]) -> None:
        for each in js.document.querySelectorAll("time[data-at]"):
            each.textContent = say(float(each.dataset.at), each.dataset.exact == "True")

    def find_in(self, region_id: str, text: str, *, again: bool = False) -> int:
        return int(js.flowglow.findIn(self.region(region_id).raw, text, again))

    def strip(self, *class_names: str) -> None:
        self._strokes.draw()
        js.flowglow.stripClasses(*class_names)

    def classes(self, owned: tuple[str, ...], wanted: dict[str, str], *, but: Collection[str] | None = ()) -> None:
        if not wanted and but is None:
            return  # nobody gets or loses one
        self._strokes.draw()
        js.flowglow.setClasses(json.dumps([owned, list(wanted.items()), None if but is None else list(but)]))

    def mark(self, attribute: str, wanted: dict[str, str | None]) -> None:
        self._strokes.draw()
        js.flowglow.markNodes(attribute, json.dumps(list(wanted.items())))

    def unmark(self, attribute: str) -> None:
        self._strokes.draw()
        js.flowglow.unmarkNodes(attribute, jsnull)

    def mark_rest(self, attribute: str, value: str, words: str, at_most: int) -> bool:
        self._strokes.draw()
        return bool(js.flowglow.markRest(attribute, value, words, at_most))

    def unmark_rest(self, attribute: str, value: str, at_most: int) -> bool:
        self._strokes.draw()
        return bool(js.flowglow.unmarkNodes(attribute, value, at_most))

    def on(self, region_id: str, event: str, selector: str, listener: Callable[[DomEvent], object]) -> Off:
        region: Any = self.region(region_id).raw

        def heard(happened: Any) -> None:
            target = happened.target.closest(selector)
            if target is not jsnull and region.contains(target):
                command = bool(getattr(happened, "ctrlKey", False) or getattr(happened, "metaKey", False))
                shift = bool(getattr(happened, "shiftKey", False))
                element = StrokedElement(self._strokes, self._strokes.know(target), target)
                told = DomEvent(element, getattr(happened, "key", ""), getattr(target, "value", ""), command, shift)
                if listener(told) is True:
                    happened.preventDefault()

        return listening_to(region, event, heard, js.flowglow.life.capturing)  # also events that do not bubble

    def root_attribute(self, name: str, value: str) -> None:
        js.document.documentElement.setAttribute(name, value)


def _pairs(attributes: dict[str, str]) -> list[str]:
    pairs: list[str] = []
    for name, value in attributes.items():
        pairs += (_named(name), value)
    return pairs


@cache
def _named(name: str) -> str:
    """How an attribute is called on the page; there are few."""
    return name.rstrip("_").replace("_", "-")


def _ours(element: Element) -> StrokedElement:
    assert isinstance(element, StrokedElement)
    return element
