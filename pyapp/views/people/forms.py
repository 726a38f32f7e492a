"""Forms: from what a person typed to the values a requirement asks for. Pure; every refusal is a sentence.

The types are those that schemas of agents use: str, int, float, bool, list, dict and their longer names.
Anything else is text.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic_core import from_json

from ...contract.events import SchemaField
from ...contract.text import text_of

Control = Literal["line", "lines", "whole", "number", "switch", "json", "choice"]
Typed = str | bool

_CONTROLS: dict[str, Control] = {
    "str": "line", "string": "line", "text": "lines", "int": "whole", "integer": "whole", "float": "number",
    "number": "number", "decimal": "number", "bool": "switch", "boolean": "switch", "list": "json", "array": "json",
    "dict": "json", "object": "json", "json": "json",
}  # fmt: skip
LONG_CHARS = 80
LATEST_MOMENT = 1e11
"""Seconds since the epoch, the year 5138; nothing expires later."""


class FieldError(ValueError):
    """What a person typed cannot be used. `problem` names the sentence in the catalogue."""

    def __init__(self, problem: str, **values: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


def options_of(field: SchemaField) -> list[Any]:
    """The values a field may have, where it lists them."""
    for name in ("choices", "enum", "options"):
        options = getattr(field, name, None)
        if isinstance(options, list) and options:
            return options
    return []


def control_of(field: SchemaField) -> Control:
    """How a field is asked for."""
    if options_of(field):
        return "choice"
    control = _CONTROLS.get(field.type.lower().partition("[")[0].strip(), "line")
    long = isinstance(field.value, str) and (len(field.value) > LONG_CHARS or "\n" in field.value)
    return "lines" if control == "line" and long else control


def shown(field: SchemaField) -> Typed:
    """What the field shows at first: the value the schema gives, as a person would have typed it."""
    if control_of(field) == "switch":
        return field.value is True
    return text_of(field.value)


def read(field: SchemaField, typed: Typed) -> Any:
    """The value a person gave; None for an optional field that was left empty. Raises FieldError."""
    control = control_of(field)
    if control == "switch":
        return bool(typed)
    text = str(typed)
    if not text.strip():
        if field.required is not False:
            raise FieldError("form.required")
        return None
    if control == "choice":
        return next((option for option in options_of(field) if text_of(option) == text), text)
    if control in ("whole", "number"):
        return _number(text.strip(), whole=control == "whole")
    return _json(text, field.type) if control == "json" else text


def _number(text: str, *, whole: bool) -> int | float:
    try:
        value = int(text) if whole else float(text.replace(",", "."))
    except ValueError:
        raise FieldError("form.whole" if whole else "form.number") from None
    if not math.isfinite(value) or abs(value) > 2**53:
        raise FieldError("form.too_large")
    return value


def _json(text: str, kind: str) -> Any:
    """JSON; a list may also be typed as one item a line."""
    wanted = dict if kind.lower().startswith(("dict", "object")) else list if kind.lower() != "json" else object
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError:
        if wanted is list and text.lstrip()[:1] not in "[{":
            return [line.strip() for line in text.splitlines() if line.strip()]
        raise FieldError("form.json") from None
    if not isinstance(value, wanted):
        if wanted is list and not isinstance(value, dict):
            return [value]
        raise FieldError("form.object" if wanted is dict else "form.list")
    return value


def moment(value: float | str | None) -> float | None:
    """An `expires_at` in seconds since the epoch; text is ISO 8601 or a number. None for what is no moment."""
    try:
        seconds = float(value) if value is not None else math.nan
    except (ValueError, OverflowError):
        seconds = _iso(str(value))
    return seconds if 0 <= seconds < LATEST_MOMENT else None


def _iso(text: str) -> float:
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return math.nan
