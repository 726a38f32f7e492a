"""The command line of the package."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from flowglow.__main__ import main
from flowglow.check.checks import CHECKS
from flowglow.check.options import NAMES
from flowglow.commands import COMMANDS


def test_what_is_no_command_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])
    assert ended.value.code == 2
    assert "dance" in capsys.readouterr().err


def test_a_command_whose_libraries_are_not_installed_says_how_to_get_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come with an extra of the command's name; the other commands are of use without."""

    def without(name: str) -> object:
        if name.endswith(".relay"):
            raise ModuleNotFoundError("No module named 'redis.asyncio'", name="redis.asyncio")
        return import_module(name)

    monkeypatch.setattr("flowglow.__main__.import_module", without)
    assert main(["relay", "--port", "1"], ["serve", "relay"]) == 1
    assert "pip install 'flowglow[relay]'" in capsys.readouterr().err
    assert main(["--ws", "nowhere"], ["serve", "relay"]) == 1
    assert "Write it as wss://" in capsys.readouterr().err


def test_what_the_check_takes_is_told_without_its_libraries(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("httpx", "websockets", "rich"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith(("flowglow.check", "flowglow.commands.check"))]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit) as ended:
        main(["check", "--help"])
    assert ended.value.code == 0 and "--patience" in capsys.readouterr().out
    assert main(["check", "--ws", "wss://p.example/ws", "--api", "https://p.example/api"]) == 1
    assert "pip install 'flowglow[watch]'" in capsys.readouterr().err


def test_the_checks_are_called_as_they_can_be_asked_for() -> None:
    assert tuple(CHECKS) == NAMES


def test_our_own_mistake_is_not_taken_for_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> object:
        raise ModuleNotFoundError("No module named 'flowglow.gone'", name="flowglow.gone")

    monkeypatch.setattr("flowglow.__main__.import_module", broken)
    with pytest.raises(ModuleNotFoundError):
        main(["serve"])


def test_every_command_says_what_it_does() -> None:
    for name in COMMANDS:
        assert import_module(f"flowglow.commands.{name}").__doc__
