"""MarkedCanvas: what FakeDocument writes on many nodes of its canvas at once, as web/js/marks.mjs does."""

from __future__ import annotations

from .element import FakeElement


class MarkedCanvas:
    """Owns what nodes are called by themselves, and the words around that."""

    def __init__(self) -> None:
        self._names: dict[FakeElement, str | None] = {}
        self._first: dict[FakeElement, str | None] = {}
        self._around: dict[FakeElement, str] = {}

    def _nodes(self) -> list[FakeElement]:
        """The elements of nodes on the canvas."""
        raise NotImplementedError

    def mark(self, attribute: str, wanted: dict[str, str | None]) -> None:
        for element in self._nodes():
            node_id = element.attributes["data-node-id"]
            if node_id in wanted:
                self._put_around(element, "")
                _note(element, attribute, wanted[node_id])

    def unmark(self, attribute: str) -> None:
        self._unmark(self._bearing(attribute, None), attribute)

    def name(self, node_id: str, name: str) -> None:
        for element in [each for each in self._nodes() if each.attributes["data-node-id"] == node_id][:1]:
            self._first.setdefault(element, self._names.get(element, element.getAttribute("aria-label")))
            self._names[element] = name
            self._call(element)

    def unname(self) -> None:
        for element, name in self._first.items():
            self._names[element] = name
            self._call(element)

    def empty(self, class_name: str) -> None:
        for part in [part for node in self._nodes() for part in node.children if part.classList.contains(class_name)]:
            part.replaceChildren()
            part.attributes.pop("data-times", None)

    def mark_rest(self, attribute: str, value: str, words: str, at_most: int) -> bool:
        rest = [each for each in self._nodes() if attribute not in each.attributes]
        for element in rest[:at_most]:
            element.setAttribute(attribute, value)
            self._put_around(element, words)
        return len(rest) > at_most

    def unmark_rest(self, attribute: str, value: str, at_most: int) -> bool:
        bearing = self._bearing(attribute, value)
        self._unmark(bearing[:at_most], attribute)
        return len(bearing) > at_most

    def _bearing(self, attribute: str, value: str | None) -> list[FakeElement]:
        nodes = self._nodes()
        bearing = [each for each in nodes if attribute in each.attributes]
        return [each for each in bearing if value in (None, each.getAttribute(attribute))]

    def _unmark(self, elements: list[FakeElement], attribute: str) -> None:
        for element in elements:
            self._put_around(element, "")
            element.removeAttribute(attribute)

    def _put_around(self, element: FakeElement, words: str) -> None:
        if self._around.get(element, "") != words:
            self._around[element] = words
            self._call(element)

    def _call(self, element: FakeElement) -> None:
        own = self._names.setdefault(element, element.getAttribute("aria-label"))
        words = self._around.get(element)
        name = words.replace("{name}", own or element.attributes["data-node-id"]) if words else own
        _note(element, "aria-label", name)


def _note(element: FakeElement, attribute: str, value: str | None) -> None:
    if value is None:
        element.removeAttribute(attribute)
    else:
        element.setAttribute(attribute, value)
