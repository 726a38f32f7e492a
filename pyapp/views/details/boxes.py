"""Boxes: a value under its title, as a tree, a table or text, to copy, to save, and to open large."""

from __future__ import annotations

from typing import Any

from ...contract.text import text_of
from ...ports import DomEvent, Element
from ..parts import Parts, Told, note
from ..values import LARGE_CHARS, Form, draw_as, forms_of
from .find import Find

ACTIONS = {"copy": "copy", "save": "file-output", "large": "maximize-2"}


class Boxes:
    """Makes the boxes of one view, and keeps of each its value and the form that a person chose."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._values: dict[str, tuple[str, Any]] = {}
        """Key → title and value."""
        self._bodies: dict[str, Element] = {}
        self._switches: dict[str, dict[Form, Told]] = {}
        self._forms: dict[str, Form] = {}
        self.search = Find(parts, "large")
        """In the value that is open large."""

    def clear(self) -> None:
        """Every box has gone. What a person chose stays for those that come back."""
        self._values.clear()
        self._bodies.clear()
        self._switches.clear()

    def make(self, key: str, title: str, value: Any) -> Element:
        """A box of this value; the same key again is the same box, drawn anew."""
        self._values[key] = title, value
        body = self._bodies[key] = self._parts.create("div", "box-body")
        head = self._parts.create(
            "div", "box-head", self._parts.create("span", "box-title", title), self._tools(key, value)
        )
        self._draw(key)
        return self._parts.create("div", "box", head, body, role="group", aria_label=title)

    def press(self, event: DomEvent) -> None:
        """A person pressed a button of a box."""
        key, action = event.attribute("data-box") or "", event.attribute("data-act") or ""
        known = self._values.get(key)
        if known is None:
            return
        title, value = known
        document = self._parts.document
        if action == "copy":
            document.copy(text_of(value))
        elif action == "save":
            document.save(_file_name(title, value), text_of(value))
        elif action == "large":
            self._open(key)
        elif action in forms_of(value):
            self._forms[key] = action
            self._draw(key)

    def _draw(self, key: str) -> None:
        value = self._values[key][1]
        shown = self._form(key)
        self._bodies[key].replaceChildren(draw_as(self._parts, value, shown))
        for form, switch in self._switches[key].items():
            switch.note("aria-pressed", form == shown)

    def _form(self, key: str) -> Form:
        """The chosen one, as long as the value has it."""
        forms = forms_of(self._values[key][1])
        chosen = self._forms.get(key)
        return chosen if chosen in forms else forms[0]

    def _tools(self, key: str, value: Any) -> Element:
        create, words, forms = self._parts.create, self._parts.words, forms_of(value)
        said = {"type": "button", "data_box": key}
        switches = self._switches[key] = {
            form: Told(create("button", "quiet box-form", words(f"box.{form}"), data_act=form, **said))
            for form in (forms if len(forms) > 1 else ())
        }
        buttons = [
            self._parts.button(words(f"box.{name}"), symbol, "quiet box-act", data_box=key, data_act=name)
            for name, symbol in ACTIONS.items()
        ]
        return create("div", "box-tools", *(each.element for each in switches.values()), *buttons)

    def _open(self, key: str) -> None:
        title, value = self._values[key]
        parts, region = self._parts, self._parts.document.region("large")
        close = parts.button(parts.words("zone.close"), "x", "quiet", data_close="large", autofocus="")
        self.search.clear()
        inside = parts.create("h2", "", title), self.search.told, self.search.field, close
        head = parts.create("div", "large-head", *inside)
        body = parts.create("div", "large-body", draw_as(parts, value, self._form(key), LARGE_CHARS))
        note(region, "aria-label", title)
        region.replaceChildren(head, body)
        parts.document.show_large()


def _file_name(title: str, value: Any) -> str:
    name = "-".join("".join(each if each.isalnum() else " " for each in title.lower()).split()) or "value"
    return f"{name}.{'txt' if isinstance(value, str) else 'json'}"
