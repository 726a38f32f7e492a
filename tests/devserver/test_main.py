"""The command itself, as a process of its own."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from devserver.__main__ import main
from devserver.static import has_page

ROOT = Path(__file__).resolve().parents[2]
needs_page = pytest.mark.skipif(not has_page(ROOT), reason="`make setup` has not been run")


@contextlib.contextmanager
def started(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server process, and its first line."""
    command = [sys.executable, "-m", "devserver", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


@needs_page
def test_it_says_where_it_listens_and_ends_when_asked() -> None:
    """Once the line is out a request is answered; SIGTERM ends the process in peace."""
    with started("--port", "0") as (process, line):
        prefix, url = line.split()
        assert prefix == "flowglow:" and url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{url}api/flows", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
        assert process.returncode in (0, 130) and "Traceback" not in errors


@needs_page
def test_a_taken_port_is_told_in_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    """With what to do about it, and without a traceback."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["--port", str(port)]) == 1
        error = capfd.readouterr().err
        assert f"port {port} on 127.0.0.1 is taken" in error and f"PORT={port + 1}" in error


@pytest.mark.parametrize("words", [["--host", "0.0.0.0"], ["--host", "example.org"], ["--port", "70000"]])
def test_other_machines_are_not_served(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Only loopback addresses and real ports are taken."""
    with pytest.raises(SystemExit):
        main(words)
    assert "must be" in capsys.readouterr().err
