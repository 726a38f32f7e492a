"""pyapp.protocols.agui.schema: what a property is, though it says so by a reference or a choice."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel

from pyapp.protocols.agui.interrupts import of_interrupt
from pyapp.protocols.agui.schema import flat


class Colour(StrEnum):
    RED, BLUE = "red", "blue"


class Answer(BaseModel):
    amount: int | None
    colour: Colour
    sure: bool | None = None


class Agreed(BaseModel):
    approved: bool | None
    reason: str | None = None


def asked(schema: Any) -> Any:
    return of_interrupt({"id": "i", "responseSchema": schema}, None)


def test_the_forms_that_pydantic_writes() -> None:
    fields = asked(Answer.model_json_schema())["input_schema"]
    assert [(each["name"], each["type"], each.get("choices")) for each in fields] == [
        ("amount", "integer", None),
        ("colour", "string", ["red", "blue"]),
        ("sure", "boolean", None),
    ]
    assert asked(Agreed.model_json_schema())["kind"] == "confirmation"


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": ["null", "integer"]}, "integer"),
        ({"$ref": "#/$defs/a~1b", "title": "T"}, "number"),
        ({"allOf": [{"$ref": "#/$defs/a~1b"}]}, "number"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, None),
        ({"$ref": "#/$defs/round"}, None),
        ({"$ref": "#/nowhere"}, None),
        ({"$ref": "elsewhere.json"}, None),
        ("no schema", None),
    ],
)
def test_references_and_choices_are_followed_as_far_as_they_lead(schema: Any, kind: str | None) -> None:
    definitions = {"a/b": {"type": "number", "title": "N"}, "round": {"$ref": "#/$defs/round"}}
    found = flat({"properties": {"x": schema}, "$defs": definitions})["properties"]["x"]
    assert found.get("type") == kind
    assert found.get("title") == (schema.get("title", found.get("title")) if isinstance(schema, dict) else None)


def test_what_is_no_schema_says_nothing() -> None:
    assert flat(None) == flat([1]) == {}
    assert flat({"properties": [1]}) == {"properties": [1]}
