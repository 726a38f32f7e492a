"""Forms: from what a person typed to the values a requirement asks for. Pure; every refusal is a sentence.

The types are those that schemas of agents use: str, int, float, bool, list, dict and their longer names.
Anything else is text.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from ...contract.events import SchemaField
from ...contract.text import text_of

Control = Literal["line", "lines", "whole", "number", "switch", "json", "choice", "choices"]

_CONTROLS: dict[str, Control] = {
    "str": "line", "string": "line", "text": "lines", "int": "whole", "integer": "whole", "float": "number",
    "number": "number", "decimal": "number", "bool": "switch", "boolean": "switch", "list": "json", "array": "json",
    "dict": "json", "object": "json", "json": "json",
}  # fmt: skip
LONG_CHARS = 80
EXACT = 2**53
"""Larger numbers are not the same on both sides."""
SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""A name that a program gave; anything else is words already."""
SEAMS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
DIGITS = re.compile(r"[+-]?[0-9]+")
FRACTION = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,' \u00a0\u202f])[0-9]{3})+")
"""Thousands, as people write them; `1,000` and `1.000` may also mean a fraction."""
FINITE = ConfigDict(allow_inf_nan=False)
WHOLE = TypeAdapter[int](Annotated[int, Field(ge=-EXACT, le=EXACT)])
NUMBER = TypeAdapter[float](Annotated[float, Field(ge=-EXACT, le=EXACT)], config=FINITE)
JSON = TypeAdapter[JsonValue](JsonValue, config=FINITE)
MOMENT = TypeAdapter(datetime)


class FieldError(ValueError):
    """What a person typed cannot be used. `problem` names the sentence in the catalogue."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def _option(choice: Any) -> tuple[Any, str, str]:
    if not isinstance(choice, dict):
        return choice, text_of(choice), ""
    value = next((choice[key] for key in ("value", "id", "name", "label") if key in choice), choice)
    label = next((choice[key] for key in ("label", "title", "name", "value", "id") if key in choice), choice)
    return value, text_of(label), text_of(choice.get("description"))


def options_of(field: SchemaField) -> list[tuple[Any, str, str]]:
    """What may be chosen, where a field lists that: what is sent for it, what it is called, and what is said of it."""
    listed = (getattr(field, name, None) for name in ("choices", "enum", "options"))
    return [_option(each) for each in next((each for each in listed if isinstance(each, list)), []) if each is not None]


def control_of(field: SchemaField) -> Control:
    """How a field is asked for."""
    kind = field.type.lower().partition("[")[0].strip()
    if options_of(field):
        return "choices" if kind in ("list", "array") else "choice"
    control = _CONTROLS.get(kind, "line")
    long = isinstance(field.value, str) and (len(field.value) > LONG_CHARS or "\n" in field.value)
    return "lines" if control == "line" and long else control


def label_of(field: SchemaField) -> str:
    """What a field is called: as the schema says, else its name as people write: `due_date` is "Due date"."""
    extra = field.model_extra or {}
    given = next((extra[name] for name in ("label", "title") if isinstance(extra.get(name), str)), "")
    if given:
        return given
    plain = SEAMS.sub(" ", field.name.replace("_", " ").replace("-", " ")).strip()
    return plain[:1].upper() + plain[1:].lower() if SIMPLE.fullmatch(field.name) else field.name


def shown(field: SchemaField, value: Any, decimal: str = ".") -> str:
    """A value as a person would have typed it there; `decimal` is the sign of the language's fractions."""
    return text_of(value).replace(".", decimal) if control_of(field) == "number" else text_of(value)


def read(field: SchemaField, text: str, decimal: str = ".") -> Any:
    """The value a person gave; None for an optional field that was left empty. Raises FieldError."""
    control = control_of(field)
    if not text.strip():
        if field.required is not False:
            raise FieldError("form.required")
        return None
    if control == "choice":
        return next((value for value, _, _ in options_of(field) if text_of(value) == text), text)
    if control in ("whole", "number"):
        return _number(text.strip(), decimal, whole=control == "whole")
    return _json(text, field.type) if control == "json" else text


def _number(text: str, decimal: str, *, whole: bool) -> int | float:
    """A sign between thousands is never taken for one of a fraction, nor the other way round."""
    grouped = GROUPED.fullmatch(text)
    if grouped is not None and (whole or grouped[1] != decimal or text.count(decimal) > 1):
        raise FieldError("form.thousands")
    if not (DIGITS if whole else FRACTION).fullmatch(text):
        raise FieldError("form.whole" if whole else "form.number")
    try:
        return WHOLE.validate_strings(text) if whole else NUMBER.validate_strings(text.replace(",", "."))
    except ValidationError:
        raise FieldError("form.too_large") from None


def _json(text: str, kind: str) -> Any:
    """JSON; a list may also be typed as one item a line."""
    wanted = dict if kind.lower().startswith(("dict", "object")) else list if kind.lower() != "json" else object
    try:
        value = JSON.validate_json(text)
    except ValidationError:
        if wanted is list and text.lstrip()[:1] not in "[{":
            return [line.strip() for line in text.splitlines() if line.strip()]
        raise FieldError("form.json") from None
    if not isinstance(value, wanted):
        if wanted is list and not isinstance(value, dict):
            return [value]
        raise FieldError("form.object" if wanted is dict else "form.list")
    return value


def moment(value: float | str | None) -> float | None:
    """An `expires_at` in seconds since the epoch; text is ISO 8601 (UTC if it names no zone) or a number.

    None for what is no moment, or not behind the epoch.
    """
    try:
        when = MOMENT.validate_python(value)
    except ValidationError:
        return None
    seconds = (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()
    return seconds if seconds > 0 else None
