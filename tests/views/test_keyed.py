from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.ports import Element
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.keyed import Keyed


@dataclass(slots=True)
class Item:
    element: Element


@dataclass(frozen=True, slots=True)
class Value:
    place: int
    text: str = ""
    version: int = 0


class Drawn:
    """A keyed list in a region, with something beside it."""

    def __init__(self) -> None:
        self.document = FakeDocument()
        self.region = self.document.region("runs")
        self.head = self.document.create("p", "", "head")
        self.versions: dict[int, int] = {}
        self.list: Keyed[str, Value, Item] = Keyed(
            self.region,
            self.make,
            self.update,
            order=lambda value: value.place,
            other=lambda item, value: self.versions[id(item)] != value.version,
            beside=(self.head,),
        )
        self.list.clear()

    def make(self, key: str, value: Value) -> Item:
        item = Item(self.document.create("li", data_key=key))
        self.versions[id(item)] = value.version
        self.kept = [*getattr(self, "kept", []), item]  # so that no id is given twice
        return item

    def update(self, item: Item, value: Value) -> None:
        item.element.textContent = value.text

    def shown(self) -> list[tuple[str, str]]:
        return [(each.attributes["data-key"], each.textContent) for each in self.region.find_all("li")]

    def element(self, key: str) -> FakeElement:
        return self.region.find(f"[data-key={key}]")


KEYS = st.sampled_from("abcdefgh")
VALUES = st.builds(Value, st.integers(0, 4), st.sampled_from(["x", "y"]), st.integers(0, 1))
STEPS = st.lists(st.one_of(st.tuples(KEYS, VALUES), st.tuples(KEYS, st.none()), st.just(None)), max_size=40)


@given(STEPS)
def test_any_sequence_gives_the_sorted_list(steps: list[tuple[str, Value | None] | None]) -> None:
    """By place, then by arrival; what is beside it stays in front; untouched keys keep their elements."""
    drawn = Drawn()
    expected: dict[str, Value] = {}
    for step in steps:
        before = {key: drawn.element(key) for key in expected}
        if step is None:
            expected.clear()
            drawn.list.clear()
            touched = set("abcdefgh")
        else:
            key, value = step
            touched = {key}
            if value is None:
                expected.pop(key, None)
            else:
                same = key in expected and expected[key].version == value.version
                touched = set() if same else touched
                expected[key] = value
            drawn.list.draw(key, value)
        order = sorted(expected.items(), key=lambda each: each[1].place)
        assert drawn.shown() == [(key, value.text) for key, value in order]
        assert list(drawn.list) == [key for key, _ in drawn.list.items()] == [key for key, _ in order]
        assert drawn.region.children[0] is drawn.head and len(drawn.list) == len(expected)
        for key, element in before.items():
            if key not in touched and key in expected:
                assert drawn.element(key) is element


def test_another_value_gets_another_element_in_the_same_place() -> None:
    """Its neighbours stay where they are."""
    drawn = Drawn()
    for key in "abc":
        drawn.list.draw(key, Value(0, key))
    before = drawn.element("b")
    drawn.list.draw("b", Value(0, "B", version=1))
    assert drawn.shown() == [("a", "a"), ("b", "B"), ("c", "c")] and drawn.element("b") is not before
    assert "b" in drawn.list and drawn.list.get("z") is None
    drawn.list.draw("z", None)
    assert len(drawn.list) == 3


def test_what_stays_in_its_place_is_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another order with the same neighbours: an element that is put where it stands loses the focus all the same."""
    drawn = Drawn()
    for place, key in enumerate("abc"):
        drawn.list.draw(key, Value(place * 10, key))
    moved: list[FakeElement] = []
    adopt = FakeElement._adopt

    def noted(self: FakeElement, node: FakeElement, place: int) -> None:
        moved.append(node)
        adopt(self, node, place)

    monkeypatch.setattr(FakeElement, "_adopt", noted)
    for key, place in (("a", 5), ("b", 15), ("c", 25), ("c", 11)):
        drawn.list.draw(key, Value(place, key))
    assert [key for key, _ in drawn.shown()] == ["a", "c", "b"]
    assert moved == [drawn.element("c")]
