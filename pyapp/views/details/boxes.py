"""Boxes: a value under its title, as a tree, a table or text, to copy, to save, and to open large."""

from __future__ import annotations

from typing import Any

from ...contract.text import text_of
from ...ports import DomEvent, Element
from ..bounds import LARGE_CHARS, Bounds, times_in
from ..parts import Parts, Told, note
from ..values import Form, draw_as, forms_of
from .find import Find

LARGE = "\n"
"""No box has this key."""
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
        self._bounds: dict[str, Bounds] = {}
        """How each was drawn last; under LARGE the one that is open large."""
        self._wanted = ""
        self._large: tuple[Any, Form, Element] | None = None
        self.search = Find(parts, "large")
        """In the value that is open large."""

    def clear(self) -> None:
        """Every box has gone. What a person chose stays for those that come back."""
        self._values.clear()
        self._bodies.clear()
        self._switches.clear()
        self._bounds = {key: bounds for key, bounds in self._bounds.items() if key == LARGE}

    @property
    def unseen(self) -> int:
        """How often what is wanted stands in what is not drawn."""
        return sum(bounds.unseen for key, bounds in self._bounds.items() if key != LARGE)

    def want(self, text: str) -> None:
        """Draw the boxes of which something is left out so that this text is seen, wherever it stands in them."""
        self._wanted = text
        for key, (_, value) in self._values.items():
            if self._is_other(key, value, text):
                self._draw(key)

    def seek(self, text: str) -> None:
        """Search in what is open large."""
        if self._large is not None and self._is_other(LARGE, self._large[0], text):
            self._draw_large(text)
        self.search.seek(text, self._bounds[LARGE].unseen if LARGE in self._bounds else 0)

    def make(self, key: str, title: str, value: Any) -> Element:
        """A box of this value; the same key again is the same box, drawn anew."""
        self._values[key] = title, value
        body = self._bodies[key] = self._parts.create("div", "box-body")
        head = self._parts.create(
            "div", "box-head", self._parts.create("span", "box-title", title), self._tools(key, value)
        )
        self._draw(key)
        return self._parts.create("div", "box", head, body, role="group", aria_label=title)

    def trace(self, key: str, text: str) -> Element:
        """What went wrong, without the frame of a box; what is sought is found in it as in one."""
        self._values[key], self._forms[key], self._switches[key] = ("", text), "trace", {}
        body = self._bodies[key] = self._parts.create("div")
        self._draw(key)
        return body

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
        bounds = self._bounds[key] = Bounds(wanted=self._wanted)
        self._bodies[key].replaceChildren(draw_as(self._parts, value, shown, bounds))
        for form, switch in self._switches[key].items():
            switch.note("aria-pressed", form == shown)

    def _form(self, key: str) -> Form:
        """The chosen one, as long as the value has it; a trace has but one."""
        forms = forms_of(self._values[key][1])
        chosen = self._forms.get(key)
        return chosen if chosen in (*forms, "trace") else forms[0]

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
        body = parts.create("div", "large-body")
        self._large = value, self._form(key), body
        self._draw_large("")
        note(region, "aria-label", title)
        region.replaceChildren(head, body)
        parts.document.show_large()

    def _draw_large(self, wanted: str) -> None:
        assert self._large is not None
        value, form, body = self._large
        bounds = self._bounds[LARGE] = Bounds(LARGE_CHARS, wanted)
        body.replaceChildren(draw_as(self._parts, value, form, bounds))

    def _is_other(self, key: str, value: Any, wanted: str) -> bool:
        """Whether it is to be drawn anew for what is wanted now, or because of what was."""
        bounds = self._bounds[key]
        was, stands = (each and times_in(value, each) for each in (bounds.wanted, wanted.lower()))
        return bounds.cut and bounds.wanted != wanted.lower() and bool(was or stands)


def _file_name(title: str, value: Any) -> str:
    name = "-".join("".join(each if each.isalnum() else " " for each in title.lower()).split()) or "value"
    return f"{name}.{'txt' if isinstance(value, str) else 'json'}"
