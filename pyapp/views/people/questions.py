"""Questions: the fields of one card, by the kind of requirement, and the answer they amount to.

A question is made once and never drawn again, so that nothing a person typed is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...contract.events import Requirement, SchemaField
from ...contract.text import text_of
from ...locale.catalogue import Catalogue
from ...ports import Document, Element
from ...run.record import Wanted
from .forms import FieldError, control_of, options_of, read, shown

Read = Callable[[], Any]


class Question:
    """The fields of one requirement, each bearing the `number` of its card, and an id made of it.

    `answer(action)` reads them; None when something is missing, which then is said beside it.
    """

    def __init__(self, document: Document, words: Catalogue, wanted: Wanted, number: str) -> None:
        self._document = document
        self._number = number
        self._words = words
        self._wanted = wanted
        self._readers: dict[str, Read] = {}
        self._first_problem: Element | None = None
        self._parts = 0
        self.inputs: list[Element] = []
        self.elements: list[Element] = []
        self.actions: tuple[str, ...] = ("submit",)
        self._build(wanted.requirement)

    def answer(self, action: str) -> dict[str, Any] | None:
        """What goes to the server, without the id."""
        kind = self._wanted.requirement.kind
        if kind == "confirmation":
            note = self._readers["note"]()
            return {"confirmed": action == "approve", **({"note": note} if note else {})}
        if kind == "output_review" and action == "reject":
            return {"confirmed": False}
        self._first_problem = None
        values = {name: reader() for name, reader in self._readers.items()}
        if self._first_problem is not None:
            self._first_problem.focus()
            return None
        if kind == "output_review":
            edited = values["result"] != text_of(self._reviewed())
            return {"confirmed": True, **({"result": values["result"]} if edited else {})}
        if kind == "external_execution":
            return {"result": values["result"]}
        if kind == "route_selection":
            return {"choices": values["choices"]}
        return {"values": values}

    def _build(self, requirement: Requirement) -> None:
        kind = requirement.kind
        if kind == "confirmation":
            self.actions = ("approve", "reject")
            self._text("note", self._words("interaction.note"), "", required=False)
        elif kind == "output_review":
            self.actions = ("approve", "reject")
            self._text("result", self._words("interaction.review"), text_of(self._reviewed()), required=False, rows=8)
        elif kind == "external_execution":
            self._text("result", self._words("interaction.result"), "")
        elif kind == "route_selection":
            self._choices(requirement.choices or [], bool(requirement.multiple))
        else:
            for field in requirement.input_schema or []:
                self._field(field)
            if requirement.choices:
                self._choices(requirement.choices, bool(requirement.multiple))
            if not self._readers:
                self._text("feedback", self._words("interaction.feedback"), "")

    def _reviewed(self) -> Any:
        """The output to look at: what the pause said, else what came along with the requirement."""
        extra = self._wanted.requirement.model_extra or {}
        candidates = (extra.get("output"), extra.get("content"), self._wanted.content, self._wanted.requirement.raw)
        return next((each for each in candidates if each is not None), "")

    # -- fields -------------------------------------------------------------------------------------
    def _field(self, field: SchemaField) -> None:
        control = control_of(field)
        start = shown(field)
        create = self._document.create
        if control == "switch":
            entry = create("input", type="checkbox")
            entry.checked = start is True
            self._labelled(field.name, entry, field, after=True)
            self._readers[field.name] = lambda: entry.checked
            return
        if control == "choice":
            entry = create("select")
            entry.append(create("option", text=self._words("form.none"), value=""))
            for option in options_of(field):
                entry.append(create("option", text=text_of(option), value=text_of(option)))
        elif control in ("lines", "json"):
            entry = create("textarea", rows="4" if control == "json" else "6")
        else:
            entry = create("input", type="text", autocomplete="off")
            if control in ("whole", "number"):
                entry.setAttribute("inputmode", "numeric" if control == "whole" else "decimal")
        entry.value = str(start)
        problem = self._labelled(field.name, entry, field)
        self._readers[field.name] = lambda: self._checked(field, entry, problem)

    def _checked(self, field: SchemaField, entry: Element, problem: Element) -> Any:
        try:
            value = read(field, entry.value)
        except FieldError as error:
            self._complain(entry, problem, self._words(error.problem, **error.values))
            return None
        self._content(entry, problem)
        return value

    def _text(self, name: str, label: str, start: str, *, required: bool = True, rows: int = 2) -> None:
        entry = self._document.create("textarea", rows=str(rows))
        entry.value = start
        field = SchemaField(name=label, type="text", required=required)
        problem = self._labelled(name, entry, field, optional_said=True)
        self._readers[name] = lambda: self._checked(field, entry, problem) if required else entry.value

    def _labelled(
        self, name: str, entry: Element, field: SchemaField, *, after: bool = False, optional_said: bool = False
    ) -> Element:
        """The entry with its label, what is said about it, and a place for what is wrong with it."""
        create = self._document.create
        identity = self._identity()
        entry.setAttribute("id", identity)
        entry.setAttribute("name", name)
        label = create("label", text=field.name, for_=identity)
        if field.required is False and not optional_said and not after:
            label.append(create("span", "field-optional", f" · {self._words('form.optional')}"))
        problem = create("p", "field-problem", id=f"{identity}-problem")
        problem.hidden = True
        row = create("div", "field field-switch" if after else "field")
        row.append(*((entry, label) if after else (label, entry)))
        if field.description:
            row.append(create("p", "field-hint", field.description, id=f"{identity}-hint"))
            entry.setAttribute("aria-describedby", f"{identity}-hint {identity}-problem")
        else:
            entry.setAttribute("aria-describedby", f"{identity}-problem")
        row.append(problem)
        self._owns(entry)
        self.elements.append(row)
        return problem

    def _identity(self) -> str:
        """An id of its own on the page, without white space."""
        self._parts += 1
        return f"field-{self._number}-{self._parts}"

    def _owns(self, entry: Element) -> None:
        entry.setAttribute("data-of", self._number)
        self.inputs.append(entry)

    def _choices(self, choices: list[Any], multiple: bool) -> None:
        create = self._document.create
        group = self._identity()
        legend = self._words("interaction.choose_many" if multiple else "interaction.choose_one")
        box = create("fieldset", "field field-choices")
        box.append(create("legend", text=legend))
        options: list[tuple[Any, Element]] = []
        for choice in choices:
            value, label, hint = _choice(choice)
            identity = self._identity()
            entry = create("input", type="checkbox" if multiple else "radio", name=group, id=identity)
            line = create("div", "choice")
            line.append(entry, create("label", text=label, for_=identity))
            if hint:
                line.append(create("p", "field-hint", hint))
            box.append(line)
            options.append((value, entry))
            self._owns(entry)
        problem = create("p", "field-problem")
        problem.hidden = True
        box.append(problem)
        self.elements.append(box)

        def chosen() -> list[Any]:
            found = [value for value, entry in options if entry.checked]
            if not found and options:
                self._complain(options[0][1], problem, self._words("form.choose"))
            elif options:
                self._content(options[0][1], problem)
            return found

        self._readers["choices"] = chosen

    def _complain(self, entry: Element, problem: Element, text: str) -> None:
        problem.textContent = text
        problem.hidden = False
        entry.setAttribute("aria-invalid", "true")
        self._first_problem = self._first_problem or entry

    def _content(self, entry: Element, problem: Element) -> None:
        problem.hidden = True
        entry.removeAttribute("aria-invalid")


def _choice(choice: Any) -> tuple[Any, str, str]:
    """What is sent for a choice, what it is called, and what is said of it."""
    if not isinstance(choice, dict):
        return choice, text_of(choice), ""
    value = next((choice[key] for key in ("value", "id", "name", "label") if key in choice), choice)
    label = next((choice[key] for key in ("label", "title", "name", "value", "id") if key in choice), choice)
    return value, text_of(label), text_of(choice.get("description"))
