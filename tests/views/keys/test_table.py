from __future__ import annotations

from pyapp.testing.dom import FakeDocument
from pyapp.views.keys.actions import PRESSED
from pyapp.views.keys.table import BY_KEY, COMMANDS, NOT_LISTED
from tests.views.keys.desk import Desk


def test_a_key_does_one_thing() -> None:
    """No two commands share a key or a name."""
    keys = [command.key for command in COMMANDS if command.key]
    assert len(keys) == len(set(keys)) == len(BY_KEY)
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert set(NOT_LISTED) <= {command.name for command in COMMANDS}


def test_every_command_leads_somewhere() -> None:
    """It does something of its own, or presses a button."""
    desk = Desk()
    for command in COMMANDS:
        assert command.name in desk.palette.actions._does or command.name in PRESSED, command.name
    assert isinstance(desk.document, FakeDocument)
