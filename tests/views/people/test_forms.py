from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import SchemaField
from pyapp.views.people.forms import FieldError, control_of, moment, options_of, read, shown


def field(kind: str, **more: Any) -> SchemaField:
    return SchemaField.model_validate({"name": "x", "type": kind, **more})


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("str", " as typed ", " as typed "),
        ("int", " 12 ", 12),
        ("integer", "-3", -3),
        ("float", "2,5", 2.5),
        ("number", "1e3", 1000.0),
        ("list", "[1, 2]", [1, 2]),
        ("list[str]", "a\n\n b", ["a", "b"]),
        ("list", "7", [7]),
        ("dict", '{"a": 1}', {"a": 1}),
        ("json", "null", None),
        ("Colour", "red", "red"),
    ],
)
def test_what_is_typed_becomes_a_value(kind: str, typed: str, value: object) -> None:
    """By the type of the field; an unknown type is text."""
    assert read(field(kind), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("int", "1.5", "form.whole"),
        ("int", "9" * 30, "form.too_large"),
        ("float", "soon", "form.number"),
        ("float", "1e400", "form.too_large"),
        ("float", "nan", "form.number"),
        ("int", "1.000", "form.thousands"),
        ("int", "1 000 000", "form.thousands"),
        ("int", "1_000", "form.whole"),
        ("int", "10.0", "form.whole"),
        ("float", "1,000", "form.thousands"),
        ("float", "1,000.5", "form.number"),
        ("float", "1.000.000", "form.thousands"),
        ("dict", "[1]", "form.object"),
        ("dict", "{", "form.json"),
        ("list", '{"a": 1}', "form.list"),
        ("dict", "[" * 100_000, "form.json"),
        ("str", "  ", "form.required"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(kind: str, typed: str, problem: str) -> None:
    with pytest.raises(FieldError) as refused:
        read(field(kind), typed)
    assert refused.value.problem == problem


def test_a_fraction_is_written_as_the_page_writes_it() -> None:
    """With its own sign it may have three digits; with the other one that could be thousands."""
    number = field("float")
    assert shown(number, 12.125, ",") == "12,125" and read(number, "12,125", ",") == 12.125
    assert read(number, "12.5", ",") == 12.5 and read(number, "0.125", ",") == 0.125
    with pytest.raises(FieldError) as refused:
        read(number, "12.125", ",")
    assert refused.value.problem == "form.thousands"


def test_an_optional_field_may_be_empty() -> None:
    """Only where the schema says so; who says nothing asks for it."""
    assert read(field("int", required=False), "") is None
    with pytest.raises(FieldError):
        read(field("int", required=True), "")


def test_yes_or_no_is_a_switch() -> None:
    assert control_of(field("bool")) == control_of(field("boolean")) == "switch"


def test_a_list_of_values_is_a_choice() -> None:
    """What is chosen is the value itself, not its text."""
    chosen = field("int", enum=[1, 2, 3])
    assert control_of(chosen) == "choice"
    assert options_of(chosen) == [(1, "1", ""), (2, "2", ""), (3, "3", "")]
    assert read(chosen, "2") == 2


@pytest.mark.parametrize("kind", ["str", "list", "array[string]"])
def test_a_choice_may_have_a_name_and_something_said_of_it(kind: str) -> None:
    """Of a list several may be chosen. What is listed as nothing is no choice: an empty field says that."""
    listed = ["a", {"value": 2, "label": "Two", "description": "More."}, {"name": "c"}, None]
    chosen = field(kind, choices=listed)
    assert control_of(chosen) == ("choice" if kind == "str" else "choices")
    assert options_of(chosen) == [("a", "a", ""), (2, "Two", "More."), ("c", "c", "")]
    assert kind != "str" or read(chosen, "2") == 2
    assert control_of(field(kind, choices=[])) == ("line" if kind == "str" else "json")


def test_long_text_gets_room() -> None:
    assert control_of(field("str")) == "line"
    assert control_of(field("str", value="x" * 200)) == "lines"
    assert shown(field("dict"), {"a": 1}) == '{\n  "a": 1\n}'


@given(st.text(), st.sampled_from(["str", "int", "float", "bool", "list", "dict", "json", "?"]), st.booleans())
def test_whatever_is_typed_gives_a_value_or_a_sentence(typed: str, kind: str, required: bool) -> None:
    try:
        read(field(kind, required=required), typed)
    except FieldError as error:
        assert error.problem.startswith("form.")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        (0, None),
        (12, 12),
        (12.5, 12.5),
        ("12.5", 12.5),
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01T00:01:00", 60.0),
        ("soon", None),
    ],
)
def test_moments(text: float | str | None, seconds: float | None) -> None:
    """Epoch seconds, as number or text, or ISO 8601; without a zone it is UTC."""
    assert moment(text) == seconds
