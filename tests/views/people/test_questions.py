from __future__ import annotations

from typing import Any

import pytest

from pyapp.contract.events import Requirement
from pyapp.locale.catalogue import Catalogue
from pyapp.run.record import Wanted
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.parts import Parts
from pyapp.views.people.questions import Question


def asked(number: str = "1", content: Any = None, **requirement: Any) -> tuple[Question, list[FakeElement]]:
    wanted = Wanted(Requirement.model_validate({"id": "q", **requirement}), content=content)
    question = Question(Parts(FakeDocument(), Catalogue(), lambda: 0.0), wanted, number)
    return question, [each for each in question.inputs if isinstance(each, FakeElement)]


@pytest.mark.parametrize(
    ("kind", "actions", "answer"),
    [
        ("confirmation", ("approve", "reject"), {"confirmed": True}),
        ("output_review", ("approve", "reject"), {"confirmed": True}),
        ("external_execution", ("submit",), None),
        ("user_feedback", ("submit",), None),
    ],
)
def test_each_kind_has_its_ways_out(kind: str, actions: tuple[str, ...], answer: Any) -> None:
    """What needs no words can be answered at once; what needs some says so."""
    question, _ = asked(kind=kind)
    assert question.actions == actions and question.answer(actions[0]) == answer


def test_a_note_is_asked_for_unless_there_is_no_place_for_it() -> None:
    question, inputs = asked(kind="confirmation", note=False)
    assert inputs == [] and question.answer("reject") == {"confirmed": False}
    for told in ({}, {"note": True}, {"note": "Say why."}):
        question, (note,) = asked(kind="confirmation", **told)
        note.value = "So."
        assert question.answer("approve") == {"confirmed": True, "note": "So."}


def test_ids_are_its_own_and_the_same_each_time() -> None:
    """Made of the card's number, so that two pages that show the same are the same."""
    schema = [{"name": "a", "type": "str"}, {"name": "b", "type": "bool"}]
    ids = [
        [each.attributes["id"] for each in asked(number, kind="user_input", input_schema=schema)[1]] for number in "121"
    ]
    assert ids[0] == ids[2] and not set(ids[0]) & set(ids[1]) and len(set(ids[0])) == 2


def test_a_value_is_read_as_its_type() -> None:
    """Wrong ones are said beside the field, which gets the focus."""
    schema = [
        {"name": "n", "type": "int", "value": 3, "description": "How many"},
        {"name": "m", "choices": ["x", "y"], "type": "str"},
    ]
    question, (number, menu) = asked(kind="user_input", input_schema=schema)
    assert number.value == "3" and "-hint" in number.attributes["aria-describedby"]
    menu.value = "y"
    assert question.answer("submit") == {"values": {"n": 3, "m": "y"}}
    number.value = "three"
    assert question.answer("submit") is None and number.focused
    assert number.attributes["aria-invalid"] == "true"


def test_the_output_to_look_at_is_what_the_pause_said_first() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"content": "said"}, "said"),
        ({"raw": {"a": 1}}, '{\n  "a": 1\n}'),
        ({"output": "own", "content": "x"}, "own"),
    ]
    for given, shown in cases:
        _, (entry,) = asked(kind="output_review", **given)
        assert entry.value == shown
