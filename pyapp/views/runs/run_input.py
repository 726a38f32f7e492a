"""RunInput: what the next run of one flow is given: a text of many lines, or the fields that the flow asks for."""

from __future__ import annotations

from typing import Any

from ...contract.events import SchemaField
from ...contract.flow import Flow
from ...contract.text import text_of
from ...locale.display import one_line
from ...ports import DomEvent, Element
from ..parts import Parts, Told, note
from ..people.fields import Fields
from ..people.forms import FieldError, control_of, read

SHOWN_CHARS = 80
VALUE = SchemaField(name="input", type="json")
HOLDS = "data-holds"
"""Borne by a text in which a value stands that is none: changed, it is one still; kept with it (web/js/kept.mjs)."""


class Wrong(Exception):
    """What was filled in cannot be used. It is said beside it; of a text, `problem` names the sentence."""

    def __init__(self, problem: str = "") -> None:
        super().__init__(problem)
        self.problem = problem


class RunInput:
    """Owns the element of one flow's input. It is kept while another flow is on the canvas, with what was typed."""

    def __init__(self, parts: Parts, flow: Flow) -> None:
        self._parts = parts
        self.schema = flow.input_schema
        words, create = parts.words, parts.create
        self._fields = Fields(parts, "run-input")
        if self.schema:
            self._fields.schema(self.schema)
            self._shown = create("span", "run-form-shown")
            self._lost = Told(create("p", "field-hint run-form-lost", role="status"))
            summary = create("summary", "", create("span", "", words("editor.form")), self._shown)
            panel = create("div", "run-form-fields", self._lost.element, *self._fields.elements)
            self.element = create("details", "run-given run-form", summary, panel, id="run-input")
            self.tell()
        else:
            hint = words("editor.input")
            said = {"placeholder": hint, "aria_label": hint, "title": words("editor.keys")}
            self.element = create("textarea", "run-given", id="run-input", rows="1", autocomplete="off", **said)

    def given(self) -> Any:
        """What was filled in; None for nothing. Raises Wrong, with the focus where it is."""
        if not self.schema:
            text = self.element.value.strip()
            return self._value(text) if text and self.element.getAttribute(HOLDS) else text or None
        note(self.element, "open", "")
        values = self._fields.values()
        if values is None:
            raise Wrong
        note(self.element, "open", None)
        self._lost.say("")
        return {name: value for name, value in values.items() if value is not None} or None

    def _value(self, text: str) -> Any:
        """What was filled in as a value, and changed: a value, or words in its place; no value that lacks its end."""
        try:
            return read(VALUE, text)
        except FieldError as error:
            if text[0] in "{[":
                self.element.focus()
                raise Wrong(error.problem) from None
            return text

    def fill(self, given: Any) -> None:
        """Put this in, to be changed, and bring a person there."""
        if not self.schema:
            self.element.value = text_of(given)
            note(self.element, HOLDS, None if isinstance(given, str | None) else "json")
            self.element.focus()
            return
        self._fields.fill(given if isinstance(given, dict) else {})
        lost, filled, names = given, self.tell(), {each.name for each in self.schema}
        if isinstance(given, dict):
            lost = {name: each for name, each in given.items() if name not in filled and (each or name not in names)}
        what = one_line(lost, SHOWN_CHARS) if lost not in (None, {}) else ""
        self._lost.say(self._parts.words("editor.lost", what=what) if what else "")
        note(self.element, "open", "")
        self._fields.inputs[0].focus()

    def tell(self) -> dict[str, Any]:
        """Say in one line what is filled in, by name. A text that is empty is to be a text."""
        if not self.schema and not self.element.value:
            note(self.element, HOLDS, None)
        entries = zip(self.schema or (), self._fields.inputs, strict=False)
        filled = {field.name: value for field, entry in entries if (value := _stands_in(field, entry))}
        if self.schema:
            self._shown.textContent = one_line(filled, SHOWN_CHARS)
        return filled

    def plays(self, event: DomEvent) -> bool:
        """Whether a key means Play: Ctrl or ⌘ with Enter; Enter alone where there is one line and no more."""
        if event.key != "Enter" or event.shift:
            return False
        lines = event.attribute("rows") is not None
        return event.command or not lines or ("\n" not in event.value and not self.schema)


def _stands_in(field: SchemaField, entry: Element) -> str | bool:
    """What an entry holds, right or not; the value of one that is switched on or off says nothing."""
    return entry.checked if control_of(field) == "switch" else entry.value
