"""Fields: what a person fills in, made of a schema, and the values it amounts to; what is wrong is said at each.

Made once and never drawn again, so that nothing a person typed is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from ...contract.events import SchemaField
from ...contract.text import text_of
from ...ports import Element
from ..parts import Parts, note
from .forms import FieldError, control_of, label_of, options_of, read, shown

MAX_FIELDS, MAX_CHOICES = 100, 1_000
"""In one form; more of either would hold the page up for seconds."""


class Fields:
    """Owns the elements of some fields. Each bears `number`, and an id made of it."""

    def __init__(self, parts: Parts, number: str) -> None:
        self._parts = parts
        self._words = parts.words
        self._decimal = parts.words("number.decimal")
        self._number = number
        self._ids = (f"field-{number}-{serial}" for serial in count(1))
        """Each its own on the page, without white space."""
        self._readers: dict[str, Callable[[], Any]] = {}
        self._writers: dict[str, Callable[[Any], None]] = {}
        self._first_problem: Element | None = None
        self._room = MAX_CHOICES
        self.inputs: list[Element] = []
        self.elements: list[Element] = []

    def __bool__(self) -> bool:
        return bool(self._readers)

    def values(self) -> dict[str, Any] | None:
        """What was filled in by name; None when something is wrong, which then is said beside it and has the focus."""
        self._first_problem = None
        values = {name: reader() for name, reader in self._readers.items()}
        if self._first_problem is not None:
            self._first_problem.focus()
            return None
        return values

    def fill(self, values: dict[str, Any]) -> None:
        """Put these values in, as far as there is a field for them; a field that is not named is left empty."""
        for name, write in self._writers.items():
            write(values.get(name))

    # -- fields -------------------------------------------------------------------------------------
    def schema(self, fields: list[SchemaField]) -> None:
        """The fields of a schema; that there are too many of them is said."""
        for field in fields[:MAX_FIELDS]:
            self.field(field)
        if len(fields) > MAX_FIELDS:
            words = self._words("form.left_out", count=len(fields) - MAX_FIELDS)
            self.elements.append(self._parts.create("p", "field-hint", words))

    def field(self, field: SchemaField) -> None:
        """A field of a schema, by its type."""
        field = self._bounded(field)
        control, create = control_of(field), self._parts.create
        if control == "choices":
            self._options(field, multiple=True)
            return
        if control == "switch":
            entry = create("input", type="checkbox")
            entry.checked = field.value is True
            self._labelled(field.name, entry, field, after=True)
            self._readers[field.name] = lambda: entry.checked
            self._writers[field.name] = lambda value: setattr(entry, "checked", value is True)
            return
        if control == "choice":
            known = [("", self._words("form.none")), *((text_of(each), name) for each, name, _ in options_of(field))]
            entry = create("select", "", *(create("option", "", name, value=value) for value, name in known))
        elif control in ("lines", "json"):
            entry = create("textarea", rows="4" if control == "json" else "6")
        else:
            mode = {"whole": "numeric", "number": "decimal"}.get(control, "text")
            entry = create("input", type="text", autocomplete="off", inputmode=mode)
        self._writers[field.name] = lambda value: setattr(entry, "value", shown(field, value, self._decimal))
        self._writers[field.name](field.value)
        problem = self._labelled(field.name, entry, field)
        self._readers[field.name] = lambda: self._checked(field, entry, problem)

    def text(self, name: str, label: str, start: str = "", *, required: bool = True, rows: int = 2) -> None:
        """Free words; those that are not required are taken as they are."""
        entry = self._parts.create("textarea", rows=str(rows))
        entry.value = start
        field = SchemaField(name=label, type="text")
        problem = self._labelled(name, entry, field)
        self._readers[name] = lambda: self._checked(field, entry, problem) if required else entry.value
        self._writers[name] = lambda value: setattr(entry, "value", text_of(value))

    def choices(self, choices: list[Any], multiple: bool) -> None:
        """One of several, or more of them."""
        label = self._words("interaction.choose_many" if multiple else "interaction.choose_one")
        field = {"name": "choices", "type": "list", "label": label, "choices": choices}
        self._options(self._bounded(SchemaField.model_validate(field)), multiple)

    # -- inside -------------------------------------------------------------------------------------
    def _bounded(self, field: SchemaField) -> SchemaField:
        """The field with as many choices as there is room for, and what is said of the others; without any: words."""
        listed = options_of(field)
        kept, more = listed[: self._room], len(listed) - self._room
        self._room -= len(kept)
        if more <= 0:
            return field
        choices = [{"value": value, "label": label, "description": hint} for value, label, hint in kept]
        said = " ".join(filter(None, (field.description, self._words("form.left_out", count=more))))
        return field.model_copy(update={"choices": choices, "description": said})

    def _options(self, field: SchemaField, multiple: bool) -> None:
        create, name = self._parts.create, next(self._ids)
        options, lines = list[tuple[Any, Element]](), list[Element]()
        for value, label, hint in options_of(field):
            identity = next(self._ids)
            entry = create("input", type="checkbox" if multiple else "radio", name=name, id=identity)
            hints = [create("p", "field-hint", hint)] if hint else []
            lines.append(create("div", "choice", entry, create("label", "", label, for_=identity), *hints))
            options.append((value, entry))
            self._owns(entry)
        problem = self._problem()
        hints = [create("p", "field-hint", field.description)] if field.description else []
        legend = create("legend", "", *self._name(field))
        self.elements.append(create("fieldset", "field field-choices", legend, *lines, problem, *hints))

        def chosen() -> list[Any] | None:
            found = [value for value, entry in options if entry.checked]
            if options and field.required is not False:
                self._say(options[0][1], problem, "" if found else self._words("form.choose"))
            return found or None

        def choose(values: Any) -> None:
            for value, entry in options:
                entry.checked = isinstance(values, list) and value in values

        self._readers[field.name], self._writers[field.name] = chosen, choose
        choose(field.value)

    def _name(self, field: SchemaField, *, after: bool = False) -> list[Element | str]:
        """What a field is called, and whether it may be left empty."""
        more = self._parts.create("span", "field-optional", f" · {self._words('form.optional')}")
        return [label_of(field), *([more] if field.required is False and not after else [])]

    def _labelled(self, name: str, entry: Element, field: SchemaField, *, after: bool = False) -> Element:
        """The entry with its label, what is wrong with it directly below, then what is said about it."""
        create, identity = self._parts.create, next(self._ids)
        label = create("label", "", *self._name(field, after=after), for_=identity)
        problem = self._problem(id=f"{identity}-problem")
        hints = [create("p", "field-hint", field.description, id=f"{identity}-hint")] if field.description else []
        told = [problem, *hints]
        for attribute, value in (("id", identity), ("name", name)):
            note(entry, attribute, value)
        note(entry, "aria-describedby", " ".join(str(each.getAttribute("id")) for each in told))
        self._owns(entry)
        inside = (entry, label) if after else (label, entry)
        self.elements.append(create("div", "field field-switch" if after else "field", *inside, *told))
        return problem

    def _problem(self, **attributes: str) -> Element:
        problem = self._parts.create("p", "field-problem", **attributes)
        problem.hidden = True
        return problem

    def _owns(self, entry: Element) -> None:
        note(entry, "data-of", self._number)
        self.inputs.append(entry)

    def _checked(self, field: SchemaField, entry: Element, problem: Element) -> Any:
        try:
            value = read(field, entry.value, self._decimal)
        except FieldError as error:
            return self._say(entry, problem, self._words(error.problem))
        self._say(entry, problem, "")
        return value

    def _say(self, entry: Element, problem: Element, text: str) -> None:
        """What is wrong with an entry; "" for nothing."""
        problem.textContent, problem.hidden = text, not text
        note(entry, "aria-invalid", "true" if text else None)
        if text:
            self._first_problem = self._first_problem or entry
