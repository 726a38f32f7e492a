"""The command line of a relay: what it can never be served with is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowglow.__main__ import main

NOWHERE = ("--log", "memory", "--port", "0", "--host", "203.0.113.1")
"""It cannot be listened at, so that a relay never starts: 1."""


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--heartbeat", "0"),
        ("--heartbeat", "-1"),
        ("--heartbeat", "nan"),
        ("--heartbeat", "inf"),
        ("--spread", "-1"),
        ("--port", "99999"),
        ("--port", "-1"),
        ("--keep-days", "-1"),
        ("--keep-days", "0"),
        ("--keep-runs", "-1"),
        ("--keep-events", "0"),
        ("--webhook", "foo"),
        ("--webhook", "ftp://portal.example/hook"),
        ("--flows", "/nonexistent"),
    ],
)
def test_an_option_that_cannot_be_meant_ends_it(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """2, and a sentence with the option, what is wrong with it and what to write."""
    assert main(["relay", *NOWHERE, f"{option}={value}"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"flowglow relay: {option} ") and value in said and said.endswith(".\n")


def test_options_at_their_bounds_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--heartbeat=0.1", "--spread=0", "--keep-days=0.5", "--keep-runs=0", "--keep-events=1"]
    assert main(["relay", *NOWHERE, *words, "--webhook=https://portal.example/hook", f"--flows={tmp_path}"]) == 1
    assert "cannot be listened at" in capsys.readouterr().err
