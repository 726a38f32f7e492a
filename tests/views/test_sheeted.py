from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from pyapp.ports import Element
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.keyed import Keyed
from pyapp.views.sheeted import SHEET, Sheeted


@dataclass(slots=True)
class Item:
    element: Element


class Drawn:
    """A list in sheets, with something beside it."""

    def __init__(self) -> None:
        self.document = FakeDocument()
        self.region = self.document.region("node-output")
        self.head = self.document.create("p", "", "head")
        self.list: Sheeted[str, int, Item] = Sheeted(
            self.region,
            lambda: self.document.create("div", "sheet"),
            lambda sheet: Keyed(sheet, self.make, self.update, order=lambda place: place),
            order=lambda place: (place,),
            beside=(self.head,),
        )
        self.list.clear()

    def make(self, key: str, place: int) -> Item:
        return Item(self.document.create("li", data_key=key))

    def update(self, item: Item, place: int) -> None:
        item.element.textContent = str(place)

    def sheets(self) -> list[list[tuple[str, str]]]:
        """By sheet what stands in it, from the top."""
        found = [each for each in self.region.children[1:] if isinstance(each, FakeElement)]
        return [[(li.attributes["data-key"], li.textContent) for li in each.find_all("li")] for each in found]

    def element(self, key: str) -> FakeElement:
        return self.region.find(f"[data-key={key}]")


KEYS = st.sampled_from("abcdefgh")
STEPS = st.lists(st.one_of(st.tuples(KEYS, st.integers(-SHEET - 1, 3 * SHEET) | st.none()), st.just(None)), max_size=40)


@given(STEPS)
def test_what_stands_where_is_said_by_the_values_alone(steps: list[tuple[str, int | None] | None]) -> None:
    """Sorted, in sheets of which none is empty; each key keeps its element, also in another sheet."""
    drawn, expected = Drawn(), dict[str, int]()
    for step in steps:
        before = {key: drawn.element(key) for key in expected}
        if step is None:
            expected.clear()
            before.clear()
            drawn.list.clear()
        else:
            key, place = step
            if place is None:
                expected.pop(key, None)
            else:
                expected[key] = place
            drawn.list.draw(key, place)
        numbers = sorted({place // SHEET for place in expected.values()})
        shown = drawn.sheets()
        inside = [{key for key, place in expected.items() if place // SHEET == number} for number in numbers]
        assert [{key for key, _ in sheet} for sheet in shown] == inside
        places = [int(text) for sheet in shown for _, text in sheet]
        assert places == sorted(places)
        assert drawn.region.children[0] is drawn.head and set(drawn.list) == set(expected)
        assert len(drawn.list) == len(expected)
        for key, element in before.items():
            if key in expected:
                assert drawn.element(key) is element
                item = drawn.list.get(key)
                assert item is not None and item.element is element


def test_what_is_not_there_is_none() -> None:
    drawn = Drawn()
    drawn.list.draw("a", None)
    assert drawn.list.get("a") is None and drawn.list.get(None) is None and not drawn.list


def test_what_moves_to_another_sheet_stays_the_element_that_it_is() -> None:
    drawn = Drawn()
    drawn.list.draw("a", 0)
    drawn.list.draw("b", 1)
    before = drawn.element("a")
    drawn.list.draw("a", SHEET)
    assert drawn.sheets() == [[("b", "1")], [("a", str(SHEET))]] and drawn.element("a") is before
