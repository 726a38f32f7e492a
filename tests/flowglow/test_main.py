"""The command line of the package."""

from __future__ import annotations

from importlib import import_module

import pytest

from flowglow.__main__ import main
from flowglow.commands import COMMANDS


def test_what_is_no_command_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])
    assert ended.value.code == 2
    assert "dance" in capsys.readouterr().err


def test_every_command_says_what_it_does() -> None:
    for name in COMMANDS:
        assert import_module(f"flowglow.commands.{name}").__doc__
