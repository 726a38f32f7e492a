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
        ("--origin", "https://portal.example/"),
        ("--origin", "https://Portal.example"),
        ("--origin", "https://portal.example:443"),
        ("--origin", "https://größe.example"),
        ("--origin", "portal.example"),
        ("--names", "https://portal.example"),
        ("--names", "portal.example:8080"),
        ("--names", ".portal.example"),
    ],
)
def test_an_option_that_cannot_be_meant_ends_it(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """2, and a sentence with the option, what is wrong with it and what to write."""
    assert main(["relay", *NOWHERE, f"{option}={value}"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"flowglow relay: {option} ") and value in said and said.endswith(".\n")


@pytest.mark.parametrize(
    "address",
    [
        "redis://:secret@127.0.0.1:99999/0",
        "redis://:secret@127.0.0.1:0/0",
        "redis://:secret@127.0.0.1:port/0",
        "Redis://:secret@127.0.0.1:1/0",
        "rediss:/:secret@127.0.0.1:1/0",
        "redis://:secret@/0",
        "redis://:sec/secret@127.0.0.1:1/0",
        "redis://name:12/secret@127.0.0.1",
        "redis://name:12?secret@127.0.0.1",
        "redis://:secret#@127.0.0.1:1/0",
        "redis://:sec[secret@127.0.0.1:1/0",
        "redis://:a secret@127.0.0.1:1/0",
        "redis://127.0.0.1:1/secret",
        "redis://127.0.0.1:1/0?secret=1",
        "redis://127.0.0.1:1/0?socket_timeout=secret",
        "rediss://127.0.0.1:1/0?ssl_cert_reqs=secret",
        "unix://:secret@",
        "unix://secret/redis.sock",
        "//:secret@127.0.0.1:1/0",
        "secret",
        "sqlite:",
    ],
)
def test_what_names_no_log_ends_it_and_is_not_repeated(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """There may be a password in it; and no other Redis is taken in its place."""
    assert main(["relay", "--port", "0", "--log", address]) == 2
    said = capsys.readouterr().err
    assert said.startswith("flowglow relay: --log ") and said.endswith(".\n") and "redis://HOST" in said
    assert "secret" not in said and "12" not in said


@pytest.mark.parametrize(
    "address",
    [
        "redis://:secret@{}/0",
        "redis://name:secret@{}",
        "redis://{}/3/",
        "rediss://{}/0?ssl_cert_reqs=none",
        "redis://{}?db=1",
    ],
)
def test_what_names_a_redis_is_asked_for_it(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["relay", "--port", "0", "--log", address.format("127.0.0.1:9")]) == 1
    said = capsys.readouterr().err
    assert "127.0.0.1:9" in said and "secret" not in said


def test_a_password_in_an_address_of_the_portal_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["relay", *NOWHERE, "--webhook", "http://name:secret@portal.example:99999/hook"]) == 2
    assert "'http://…@portal.example:99999/hook'" in capsys.readouterr().err


def test_options_at_their_bounds_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--heartbeat=0.1", "--spread=0", "--keep-days=0.5", "--keep-runs=0", "--keep-events=1"]
    words += ["--origin=*", "--origin=http://localhost:8000", "--origin=https://[::1]:8443", "--names=portal.example"]
    assert main(["relay", *NOWHERE, *words, "--webhook=https://portal.example/hook", f"--flows={tmp_path}"]) == 1
    assert "cannot be listened at" in capsys.readouterr().err
