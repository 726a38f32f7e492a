from __future__ import annotations

from pyapp.views.keys.table import BY_KEY, COMMANDS
from tests.views.keys.desk import Desk


def test_the_sheet_is_the_table() -> None:
    """Every key that does something stands there once, with its words; it is closed by its button."""
    desk = Desk()
    desk.hit("?")
    sheet = desk.region("keys")
    assert desk.keyboard.opened == ["keys"]
    assert len(sheet.find_all("kbd")) == len(BY_KEY) + 2
    words = [line.textContent for line in sheet.find_all("dd")]
    for command in COMMANDS:
        if command.key:
            assert desk.context.words(f"command.{command.name}") in words
    desk.press(sheet.find("[data-close]"))
    assert desk.keyboard.opened == [] and desk.errors == []
