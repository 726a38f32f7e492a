"""KeySheet: every key and what it does, made of the table that binds them."""

from __future__ import annotations

from typing import get_args

from ...ports import Element
from ..context import ViewContext
from ..parts import note
from .items import shown_key
from .table import COMMANDS, Part


class KeySheet:
    """Draws the dialog `#keys` each time it opens, in the words of that moment."""

    def __init__(self, context: ViewContext) -> None:
        self._context = context
        self._words = context.words
        self._create = context.document.create

    def open(self) -> None:
        dialog = self._context.document.region("keys")
        title = self._create("h2", "", self._words("keys.title"), id="keys-title")
        parts = [self._part(part) for part in get_args(Part)]
        arrows = self._line(self._words("keys.arrows"), self._words("keys.arrows.canvas"))
        folds = self._line("- +", self._words("keys.fold"))
        close = self._context.parts.button(self._words("keys.close"), "x", "quiet keys-close", data_close="")
        note(dialog, "aria-labelledby", "keys-title")
        inside = self._create("div", "keys-parts", *parts, self._create("dl", "keys-part", arrows, folds))
        dialog.replaceChildren(title, close, inside)
        self._context.platform.keyboard.dialog("keys", opened=True)

    def close(self) -> None:
        self._context.platform.keyboard.dialog("keys", opened=False)

    def _part(self, part: Part) -> Element:
        lines = [
            self._line(shown_key(self._context, command.key), self._words(f"command.{command.name}"))
            for command in COMMANDS
            if command.part == part and command.key
        ]
        return self._create(
            "section", "", self._create("h3", "", self._words(f"keys.{part}")), self._create("dl", "keys-part", *lines)
        )

    def _line(self, key: str, words: str) -> Element:
        create = self._create
        return create("div", "keys-line", create("dt", "", create("kbd", "", key)), create("dd", "", words))
