from __future__ import annotations

from typing import Any

import pytest

from pyapp.contract.flow import Flow
from pyapp.locale.catalogue import Catalogue
from pyapp.ports import DomEvent
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.parts import Parts
from pyapp.views.runs.run_input import RunInput, Wrong

SCHEMA: list[dict[str, Any]] = [
    {"name": "question", "type": "str"},
    {"name": "max_rounds", "type": "int", "value": 5, "required": False},
    {"name": "fast", "type": "bool"},
]


def made(*schema: dict[str, Any]) -> tuple[RunInput, FakeElement]:
    flow = Flow.model_validate({"id": "f", **({"input_schema": schema} if schema else {})})
    given = RunInput(Parts(FakeDocument(), Catalogue(), lambda: 0.0), flow)
    assert isinstance(given.element, FakeElement)
    return given, given.element


def test_a_text_is_taken_as_it_is_and_nothing_is_none() -> None:
    given, element = made()
    assert element.tag == "textarea" and given.given() is None
    element.value = " two\nlines \n"
    assert given.given() == "two\nlines"
    given.fill({"a": 1})
    assert element.value == '{\n  "a": 1\n}' and element.focused


@pytest.mark.parametrize("value", [{"a": 1}, ["a"], 0, False, 1.5])
def test_a_value_that_is_no_text_stays_one(value: Any) -> None:
    """Filled in from another run, and changed; what stands in its place may be words."""
    given, element = made()
    given.fill(value)
    assert given.given() == value and type(given.given()) is type(value)
    element.value = ' {"a": 2}'
    assert given.given() == {"a": 2}
    element.value = "words"
    assert given.given() == "words"
    element.value = '{"a": 2'
    with pytest.raises(Wrong) as wrong:
        given.given()
    assert wrong.value.problem == "form.json"


def test_a_text_that_looks_like_a_value_is_a_text() -> None:
    """Typed, or filled in from a run that was given text; also after a value that was taken out."""
    given, element = made()
    element.value = "123"
    assert given.given() == "123"
    for before in ({"a": 1}, "words"):
        given.fill(before)
        element.value = ""
        given.tell()
        element.value = '{"a": 1}'
        assert given.given() == '{"a": 1}'
    given.fill('{"a": 1}')
    assert given.given() == '{"a": 1}'


def test_a_schema_is_a_form() -> None:
    """With what it begins with; what is left empty is not sent; folded it says what is in it."""
    given, element = made(*SCHEMA)
    question, rounds, fast = element.find_all("input")
    assert rounds.value == "5" and "Max rounds" in element.textContent
    question.value, fast.checked = "Why?", True
    given.tell()
    assert "question: Why?" in element.find(".run-form-shown").textContent
    assert given.given() == {"question": "Why?", "max_rounds": 5, "fast": True}
    rounds.value = ""
    assert given.given() == {"question": "Why?", "fast": True} and "open" not in element.attributes


def test_a_box_says_what_it_is_by_its_mark() -> None:
    """Browsers give every checkbox the value "on"."""
    given, element = made(*SCHEMA)
    fast, shown = element.find_all("input")[2], element.find(".run-form-shown")
    fast.value = "on"
    given.tell()
    assert shown.textContent == "max_rounds: 5"
    fast.checked = True
    given.tell()
    assert shown.textContent == "max_rounds: 5, fast: true"


def test_what_is_wrong_is_seen() -> None:
    """The form opens, and the focus is there."""
    given, element = made(*SCHEMA)
    with pytest.raises(Wrong):
        given.given()
    assert "open" in element.attributes and element.find("input").focused


def test_what_another_run_was_given_is_filled_in() -> None:
    """As far as there are fields for it."""
    given, element = made(*SCHEMA)
    given.fill({"question": "Again?", "max_rounds": 2, "other": 1})
    assert given.given() == {"question": "Again?", "max_rounds": 2, "fast": False}
    given.fill("no object")
    assert element.find("input").focused


@pytest.mark.parametrize(
    ("given", "lost"),
    [
        ({"question": "Again?", "max_rounds": 0, "fast": False}, ""),
        ({"question": None}, ""),
        (None, ""),
        ({"question": "Again?", "other": {"a": 1}, "no": 0}, "other: "),
        ({"no": False}, "no: false"),
        ({"question": "Again?", "fast": "yes"}, "fast: yes"),
        ("no object", "no object"),
        (0, "0"),
    ],
)
def test_what_has_no_place_in_the_form_is_said(given: Any, lost: str) -> None:
    """Until it is run, or something else is filled in."""
    form, element = made(*SCHEMA)
    form.fill(given)
    said = element.find(".run-form-lost")
    assert bool(said.textContent) == bool(lost) and lost in said.textContent
    form.fill({"question": "Why?"})
    assert not said.textContent
    form.fill({"question": "Why?", "other": 1})
    form.given()
    assert not said.textContent


@pytest.mark.parametrize(
    ("text", "held", "plays"),
    [
        ("one line", {}, True),
        ("one line", {"shift": True}, False),
        ("two\nlines", {}, False),
        ("two\nlines", {"command": True}, True),
    ],
)
def test_enter_plays_one_line_and_with_ctrl_any(text: str, held: dict[str, bool], plays: bool) -> None:
    given, element = made()
    assert given.plays(DomEvent(element, "Enter", text, **held)) is plays
    assert not given.plays(DomEvent(element, "a", text))


def test_enter_in_a_form() -> None:
    """In a field of one line it plays, in one of many only with Ctrl."""
    given, element = made({"name": "a", "type": "str"}, {"name": "b", "type": "text"})
    line, lines = element.find("input"), element.find("textarea")
    assert given.plays(DomEvent(line, "Enter", "x")) and not given.plays(DomEvent(lines, "Enter", "x"))
    assert given.plays(DomEvent(lines, "Enter", "x", command=True))
