"""What can be sent as a header, and the options of commands that become one."""

from __future__ import annotations

import pytest

from flowglow.__main__ import main
from flowglow.headers import is_name, is_value

CHECK = ("check", "--ws", "ws://127.0.0.1:9/ws", "--api", "http://127.0.0.1:9/api", "--patience", "0.1")
RELAY = ("relay", "--log", "memory", "--port", "0", "--host", "203.0.113.1")


def test_a_value_is_ascii_on_one_line() -> None:
    assert all(map(is_value, ["x", "x y", "Basic a+b/c==", "~"]))
    assert not any(map(is_value, ["", " x", "x ", "x\n", "a\r\nb: c", "x\x00", "x€", "é", "\x7f"]))
    assert all(map(is_name, ["X-Key", "a"])) and not any(map(is_name, ["", "a b", "a\n", "é", "(a)"]))


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ((*CHECK, "--token", "x y€"), "--token"),
        ((*CHECK, "--token", "bad\n"), "--token"),
        ((*CHECK, "--origin", "https://é.example"), "--origin"),
        ((*CHECK, "--header", "X-Key: a\nb"), "--header"),
        ((*CHECK, "--header", "X Key: a"), "--header"),
        ((*CHECK, "--header", "no colon"), "--header"),
        ((*RELAY, "--key", "k€"), "--key"),
        ((*RELAY, "--webhook", "https://portal.example/hook", "--webhook-key", "a\nb"), "--webhook-key"),
    ],
)
def test_an_option_that_can_be_no_header_ends_it(
    words: tuple[str, ...], option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"flowglow {words[0]}: {option} ") and said.err.endswith(".\n") and said.out == ""


def test_one_that_can_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """The relay goes on, and cannot listen there."""
    assert main([*RELAY, "--key", " k ", "--webhook", "https://portal.example/hook", "--webhook-key", "a b"]) == 1
    assert "cannot be listened at" in capsys.readouterr().err
