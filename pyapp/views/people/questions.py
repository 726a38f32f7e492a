"""Questions: the fields of one card, by the kind of requirement, and the answer they amount to.

A question is made once and never drawn again, so that nothing a person typed is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from ...contract.events import SchemaField
from ...contract.text import text_of
from ...ports import Element
from ...run.record import Wanted
from ..parts import Parts, note
from .forms import FieldError, control_of, options_of, read, shown


class Question:
    """The fields of one requirement, each bearing the `number` of its card, and an id made of it."""

    def __init__(self, parts: Parts, wanted: Wanted, number: str) -> None:
        self._parts = parts
        self._words = parts.words
        self._number = number
        self._ids = (f"field-{number}-{serial}" for serial in count(1))
        """Each its own on the page, without white space."""
        self._kind = wanted.requirement.kind
        self._reviewed = text_of(_reviewed(wanted))
        self._readers: dict[str, Callable[[], Any]] = {}
        self._first_problem: Element | None = None
        self.inputs: list[Element] = []
        self.elements: list[Element] = []
        self.actions = ("approve", "reject") if self._kind in ("confirmation", "output_review") else ("submit",)
        self._build(wanted)

    def answer(self, action: str) -> dict[str, Any] | None:
        """What goes to the server, without the id; None when something is missing, which then is said beside it."""
        if self._kind == "output_review" and action == "reject":
            return {"confirmed": False}
        self._first_problem = None
        values = {name: reader() for name, reader in self._readers.items()}
        if self._first_problem is not None:
            self._first_problem.focus()
            return None
        if self._kind == "confirmation":
            return {"confirmed": action == "approve", **({"note": values["note"]} if values["note"] else {})}
        if self._kind == "output_review":
            return {"confirmed": True, **(values if values["result"] != self._reviewed else {})}
        return values if self._kind in ("external_execution", "route_selection") else {"values": values}

    def _build(self, wanted: Wanted) -> None:
        requirement, words = wanted.requirement, self._words
        if self._kind == "confirmation":
            self._text("note", words("interaction.note"), required=False)
        elif self._kind == "output_review":
            self._text("result", words("interaction.review"), self._reviewed, required=False, rows=8)
        elif self._kind == "external_execution":
            self._text("result", words("interaction.result"))
        elif self._kind == "route_selection":
            self._choices(requirement.choices or [], bool(requirement.multiple))
        else:
            for field in requirement.input_schema or []:
                self._field(field)
            if requirement.choices:
                self._choices(requirement.choices, bool(requirement.multiple))
            if not self._readers:
                self._text("feedback", words("interaction.feedback"))

    # -- fields -------------------------------------------------------------------------------------
    def _field(self, field: SchemaField) -> None:
        control, create = control_of(field), self._parts.create
        if control == "switch":
            entry = create("input", type="checkbox")
            entry.checked = shown(field) is True
            self._labelled(field.name, entry, field, after=True)
            self._readers[field.name] = lambda: entry.checked
            return
        if control == "choice":
            known = [(self._words("form.none"), ""), *((text_of(each), text_of(each)) for each in options_of(field))]
            entry = create("select", "", *(create("option", "", text, value=value) for text, value in known))
        elif control in ("lines", "json"):
            entry = create("textarea", rows="4" if control == "json" else "6")
        else:
            mode = {"whole": "numeric", "number": "decimal"}.get(control, "text")
            entry = create("input", type="text", autocomplete="off", inputmode=mode)
        entry.value = str(shown(field))
        problem = self._labelled(field.name, entry, field)
        self._readers[field.name] = lambda: self._checked(field, entry, problem)

    def _text(self, name: str, label: str, start: str = "", *, required: bool = True, rows: int = 2) -> None:
        """Free words; those that are not required are taken as they are."""
        entry = self._parts.create("textarea", rows=str(rows))
        entry.value = start
        field = SchemaField(name=label, type="text")
        problem = self._labelled(name, entry, field)
        self._readers[name] = lambda: self._checked(field, entry, problem) if required else entry.value

    def _labelled(self, name: str, entry: Element, field: SchemaField, *, after: bool = False) -> Element:
        """The entry with its label, what is said about it, and a place for what is wrong with it."""
        create, identity = self._parts.create, next(self._ids)
        optional = field.required is False and not after
        more = [create("span", "field-optional", f" · {self._words('form.optional')}")] if optional else []
        label = create("label", "", field.name, *more, for_=identity)
        told = [create("p", "field-hint", field.description, id=f"{identity}-hint")] if field.description else []
        told.append(self._problem(id=f"{identity}-problem"))
        for attribute, value in (("id", identity), ("name", name)):
            note(entry, attribute, value)
        note(entry, "aria-describedby", " ".join(str(each.getAttribute("id")) for each in told))
        self._owns(entry)
        inside = (entry, label) if after else (label, entry)
        self.elements.append(create("div", "field field-switch" if after else "field", *inside, *told))
        return told[-1]

    def _problem(self, **attributes: str) -> Element:
        problem = self._parts.create("p", "field-problem", **attributes)
        problem.hidden = True
        return problem

    def _owns(self, entry: Element) -> None:
        note(entry, "data-of", self._number)
        self.inputs.append(entry)

    def _choices(self, choices: list[Any], multiple: bool) -> None:
        create, name = self._parts.create, next(self._ids)
        legend = create("legend", "", self._words("interaction.choose_many" if multiple else "interaction.choose_one"))
        options, lines = list[tuple[Any, Element]](), list[Element]()
        for choice in choices:
            value, label, hint = _choice(choice)
            identity = next(self._ids)
            entry = create("input", type="checkbox" if multiple else "radio", name=name, id=identity)
            hints = [create("p", "field-hint", hint)] if hint else []
            lines.append(create("div", "choice", entry, create("label", "", label, for_=identity), *hints))
            options.append((value, entry))
            self._owns(entry)
        problem = self._problem()
        self.elements.append(create("fieldset", "field field-choices", legend, *lines, problem))

        def chosen() -> list[Any]:
            found = [value for value, entry in options if entry.checked]
            if options:
                self._say(options[0][1], problem, "" if found else self._words("form.choose"))
            return found

        self._readers["choices"] = chosen

    # -- what is wrong ------------------------------------------------------------------------------
    def _checked(self, field: SchemaField, entry: Element, problem: Element) -> Any:
        try:
            value = read(field, entry.value)
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


def _reviewed(wanted: Wanted) -> Any:
    """The output to look at: what came with the requirement, else what the pause said."""
    extra = wanted.requirement.model_extra or {}
    candidates = (extra.get("output"), extra.get("content"), wanted.content, wanted.requirement.raw)
    return next((each for each in candidates if each is not None), "")


def _choice(choice: Any) -> tuple[Any, str, str]:
    """What is sent for a choice, what it is called, and what is said of it."""
    if not isinstance(choice, dict):
        return choice, text_of(choice), ""
    value = next((choice[key] for key in ("value", "id", "name", "label") if key in choice), choice)
    label = next((choice[key] for key in ("label", "title", "name", "value", "id") if key in choice), choice)
    return value, text_of(label), text_of(choice.get("description"))
