from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.locale.catalogue import Catalogue
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.bounds import MAX_CHARS, Bounds
from pyapp.views.parts import Parts
from pyapp.views.values import MAX_ITEMS, MAX_ROWS, draw_as, draw_plain, draw_value, forms_of

PARTS = Parts(FakeDocument(), Catalogue(), lambda: 0.0)


def drawn(value: Any) -> FakeElement:
    element = draw_value(PARTS, value)
    assert isinstance(element, FakeElement)
    return element


@pytest.mark.parametrize("text", ["# Title", "- item", "1. first", "a **bold** word", "see `code`", "[x](https://y)"])
def test_markdown_is_told_from_text(text: str) -> None:
    """What looks like Markdown is rendered, the rest stays as it is."""
    assert drawn(text).classList.contains("markdown")
    assert drawn("2 * 3 * 4 = 24\nplain").tag == "pre"


def test_images_come_from_data_urls_alone() -> None:
    """A data URL of an image is shown; any other address is text."""
    assert drawn("data:image/png;base64,AAAA").tag == "img"
    assert drawn("data:text/html,<script>").tag == "pre"
    assert drawn("https://evil.example/x.png").tag == "pre"
    tree = drawn({"chart": "data:image/png;base64,AAAA", "address": "https://evil.example/x.png"})
    assert len(tree.find_all("img")) == 1, "inside a record too"


def test_records_are_a_table() -> None:
    """Columns from all records, numbers marked, long tables cut in words."""
    table = drawn([{"name": "a", "n": 1}, {"name": "b", "extra": None}])
    assert [cell.textContent for cell in table.find_all("th")] == ["name", "n", "extra"]
    assert [cell.textContent for cell in table.find_all("td")] == ["a", "1", "", "b", "", ""]
    assert table.find_all("td")[1].classList.contains("number")
    many = drawn([{"n": number} for number in range(MAX_ROWS + 3)])
    assert len(many.find_all("tr")) == MAX_ROWS + 1
    assert "3 more" in many.textContent
    assert not drawn([{"a": 1}, 2]).find_all("table")
    assert not drawn([{"a": 1}]).find_all("table")


def test_other_json_is_a_tree() -> None:
    """Folds with their size, the first level open; leaves on a line; long lists cut."""
    tree = drawn({"list": [1, 2], "text": "x", "none": None, "empty": {}})
    folds = tree.find_all(".tree-fold")
    assert ["open" in fold.attributes for fold in folds] == [True, False]
    assert "2 items" in tree.textContent and "4 fields" in tree.textContent and "null" in tree.textContent
    assert "5 more" in drawn(list(range(MAX_ITEMS + 5))).textContent
    assert drawn(7).textContent == "7"


def test_what_is_long_is_clipped_in_words() -> None:
    """The rest is counted."""
    element = draw_plain(PARTS, "x" * (MAX_CHARS + 9), "output-error")
    assert isinstance(element, FakeElement) and "9 more characters" in element.textContent


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_any_json_can_be_drawn(value: Any) -> None:
    """Whatever it is, it becomes an element."""
    assert isinstance(drawn(value), FakeElement)


HEAVY = ["[", "[a](", "[a", "**", "**a", "`", "|", "1", "# ", "(", "](", "- ", "\n|a"]


@pytest.mark.parametrize("part", HEAVY)
def test_a_text_that_is_hard_to_search_is_drawn(part: str) -> None:
    """A mebibyte of one thing. A search that goes back from each place would take hours, and this test with it."""
    text = part * (2**20 // len(part))
    assert drawn(text).textContent.startswith(part)
    assert isinstance(drawn({"a": text}), FakeElement)


def test_what_is_not_shown_is_not_searched() -> None:
    """Only what is shown decides whether it looks like Markdown."""
    assert drawn("x" * MAX_CHARS + "\n# Title").tag == "pre"


def test_what_stands_alone_is_open() -> None:
    tree = drawn({"only": {"a": 1, "b": {"c": 2}}})
    assert ["open" in fold.attributes for fold in tree.find_all(".tree-fold")] == [True, True, False]


@pytest.mark.parametrize(
    ("value", "forms"),
    [
        ([{"a": 1}, {"a": 2}], ("table", "tree", "text")),
        ({"a": 1}, ("tree", "text")),
        ('{"a": [1]}', ("tree", "text")),
        ("{ not JSON", ("text",)),
        ("# A title", ("read", "text")),
        ("plain", ("text",)),
        (3, ("text",)),
        ([], ("text",)),
    ],
)
def test_a_value_has_the_forms_that_suit_it(value: Any, forms: tuple[str, ...]) -> None:
    """Each of them can be drawn."""
    assert forms_of(value) == forms
    for form in forms_of(value):
        assert draw_as(PARTS, value, form, Bounds()) is not None


def test_json_that_is_nested_too_deeply_is_text() -> None:
    """It would overflow the stack of the runtime."""
    assert forms_of("[" * 5_000 + "]" * 5_000) == ("text",)


@pytest.mark.parametrize(
    ("value", "english", "dutch"),
    [
        (0.1, "0.1", "0,1"),
        (12000.5, "12,000.5", "12.000,5"),
        (3.14159265358979, "3.14159265358979", "3,14159265358979"),
        (2.0, "2.0", "2,0"),
        (2024, "2024", "2024"),
        (1e-9, "1e-09", "1e-09"),
        (1e300, "1e+300", "1e+300"),
        (math.nan, "NaN", "NaN"),
        (True, "true", "true"),
    ],
)
def test_a_number_in_a_table_is_written_as_the_language_does(value: Any, english: str, dutch: str) -> None:
    """Every digit of it, and none besides; what is written with powers stays as it came."""
    for language, said in (("en", english), ("nl", dutch)):
        parts = Parts(FakeDocument(), Catalogue(language), lambda: 0.0)
        table = parts.create("div", "", draw_value(parts, [{"n": value}, {"n": 0}]))
        assert isinstance(table, FakeElement)
        assert table.find("td").textContent == said
