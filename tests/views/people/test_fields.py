from __future__ import annotations

from typing import Any

from pyapp.contract.events import SchemaField
from pyapp.locale.catalogue import Catalogue
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.parts import Parts
from pyapp.views.people.fields import MAX_CHOICES, MAX_FIELDS, Fields


def made(*schema: dict[str, Any]) -> tuple[Fields, list[FakeElement], list[FakeElement]]:
    """Some fields, their inputs, and the elements that hold them."""
    fields = Fields(Parts(FakeDocument(), Catalogue(), lambda: 0.0), "1")
    for each in schema:
        fields.field(SchemaField.model_validate(each))
    inputs: Any = fields.inputs
    elements: Any = fields.elements
    return fields, inputs, elements


def test_values_go_in_and_come_out() -> None:
    """By name; what there is no field for is left out, and nothing stays of what stood there before."""
    schema: list[dict[str, Any]] = [
        {"name": "title", "type": "str", "required": False},
        {"name": "count", "type": "int", "required": False},
        {"name": "sure", "type": "bool", "required": False},
        {"name": "tags", "type": "list", "required": False},
        {"name": "way", "type": "str", "choices": ["north", "south"], "required": False},
    ]
    given = {"title": "A", "count": 3, "sure": True, "tags": ["x"], "way": "south"}
    fields, _, _ = made(*schema)
    fields.fill({**given, "unknown": 1})
    assert fields.values() == given
    fields.fill({"sure": False, "title": "B"})
    assert fields.values() == {"title": "B", "count": None, "sure": False, "tags": None, "way": None}


def test_what_is_wrong_stands_directly_below_its_field() -> None:
    """Above what is said about it; the first of them has the focus."""
    fields, (title, count), (_, holder) = made(
        {"name": "title", "type": "str", "required": False},
        {"name": "count", "type": "int", "description": "How many"},
    )
    assert fields.values() is None and count.focused and not title.focused
    assert [each.tag for each in holder.children] == ["label", "input", "p", "p"]
    assert [each.textContent for each in holder.children[2:]] == ["Please fill this in.", "How many"]
    assert count.attributes["aria-describedby"] == "field-1-2-problem field-1-2-hint"
    count.value = "4"
    assert fields.values() == {"title": None, "count": 4} and holder.find(".field-problem").hidden


def test_a_switch_is_on_for_yes_alone() -> None:
    fields, inputs, _ = made(*({"name": str(each), "type": "bool", "value": each} for each in (True, False, "yes", 1)))
    assert [each.checked for each in inputs] == [True, False, False, False]
    inputs[1].checked = True
    assert fields.values() == {"True": True, "False": True, "yes": False, "1": False}


def test_several_of_a_list_are_ticked() -> None:
    """One at least, where that is needed; what is sent is the value, what is read its name."""
    colours = [{"value": "r", "label": "Red", "description": "As blood."}, {"value": "b", "label": "Blue"}]
    fields, (red, blue), (holder,) = made(
        {"name": "colours", "type": "list", "choices": colours, "value": ["b"], "description": "Which?"}
    )
    assert [each.textContent for each in holder.find_all("legend, label, p")] == [
        "Colours", "Red", "As blood.", "Blue", "", "Which?",
    ]  # fmt: skip
    assert (red.attributes["type"], red.checked, blue.checked) == ("checkbox", False, True)
    assert fields.values() == {"colours": ["b"]}
    fields.fill({})
    assert fields.values() is None and holder.find(".field-problem").textContent == "Choose at least one."
    fields.fill({"colours": ["b", "r"]})
    assert fields.values() == {"colours": ["r", "b"]}
    optional, _, _ = made({"name": "colours", "type": "list", "choices": colours, "required": False})
    assert optional.values() == {"colours": None}


def test_one_of_several_is_read_by_its_name() -> None:
    fields, (entry,), _ = made({"name": "size", "type": "int", "choices": [{"value": 3, "label": "Large"}], "value": 3})
    assert [each.textContent for each in entry.children] == ["Choose…", "Large"] and fields.values() == {"size": 3}


def test_nothing_is_no_field() -> None:
    fields, inputs, _ = made()
    assert not fields and inputs == [] and fields.values() == {}
    assert made({"name": "a", "type": "str"})[0]


def test_labels_are_written_as_people_write() -> None:
    fields, _, holders = made(
        {"name": "due_date", "type": "str"},
        {"name": "maxCount", "type": "int"},
        {"name": "Already words", "type": "str"},
        {"name": "x", "type": "str", "title": "Given by the schema"},
    )
    labels = [each.find("label").textContent for each in holders]
    assert labels == ["Due date", "Max count", "Already words", "Given by the schema"] and fields


def test_a_form_has_so_many_choices_and_says_how_many_it_leaves_out() -> None:
    """What has none left is asked for in words; nothing of what is shown is changed by it."""
    many = {"type": "str", "description": "Where", "choices": [f"c{number}" for number in range(MAX_CHOICES - 1)]}
    fields, (few, cut, words), (_, middle, last) = made(
        {"name": "few", "type": "str", "choices": ["a", "b"], "required": False},
        {"name": "cut", **many},
        {"name": "none", "type": "list", "enum": ["x", "y"]},
    )
    assert (len(few.children), len(cut.children), words.tag) == (3, MAX_CHOICES - 1, "textarea")
    assert [each.children[-1].textContent for each in (middle, last)] == [
        "Where One more is not shown.",
        "2 more are not shown.",
    ]
    cut.value, words.value = f"c{MAX_CHOICES - 3}", "x"
    assert fields.values() == {"few": None, "cut": f"c{MAX_CHOICES - 3}", "none": ["x"]}


def test_a_form_has_so_many_fields_and_says_how_many_it_leaves_out() -> None:
    fields, inputs, elements = made()
    fields.schema([SchemaField(name=f"f{number}", type="str") for number in range(MAX_FIELDS + 3)])
    assert len(inputs) == MAX_FIELDS and elements[-1].textContent == "3 more are not shown."
    fields, inputs, elements = made()
    fields.schema([SchemaField(name=f"f{number}", type="str") for number in range(MAX_FIELDS)])
    assert len(inputs) == len(elements) == MAX_FIELDS
