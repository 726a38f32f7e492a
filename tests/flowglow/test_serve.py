"""`python -m flowglow --ws … --api …`: the page by itself, in a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from flowglow.__main__ import main

from .support import built

ROOT = Path(__file__).resolve().parents[2]


def test_it_serves_the_page_and_ends_when_asked(tmp_path: Path) -> None:
    """No command named: serving is meant. Once the line is out, a request is answered."""
    site = built(tmp_path / "site")
    words = ["--ws", "wss://p.example/ws", "--api", "https://p.example/api", "--port", "0", "--site", str(site)]
    command = [sys.executable, "-m", "flowglow", *words, "--frames", "https://a.example", "https://b.example"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            prefix, url = process.stdout.readline().split()
            assert prefix == "flowglow:" and url.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(url, timeout=10) as answer:
                policy = answer.headers["content-security-policy"]
            assert (
                "wss://p.example" in policy and "frame-ancestors 'self' https://a.example https://b.example" in policy
            )
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)
            assert process.returncode in (0, 130) and "Traceback" not in errors
        finally:
            process.kill()


def test_what_is_passed_through_is_asked_by_a_name_of_the_server(tmp_path: Path) -> None:
    """Its address, and what --names says; a stranger's name that points here is none."""
    words = ["--api", "http://127.0.0.1:9/", "--through", "--names", "portal.test", "--port", "0"]
    command = [sys.executable, "-m", "flowglow", *words, "--site", str(built(tmp_path / "site"))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().split()[1]
            for name, status in (("evil.test", 403), ("portal.test", 502), (None, 502)):
                headers = {"Host": name} if name else {}
                with pytest.raises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(urllib.request.Request(f"{url}through/api/x", headers=headers), timeout=10)
                with refused.value as answer:
                    assert answer.status == status
        finally:
            process.kill()


def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A setting, a page that is not there, a port that is taken: without a traceback."""
    site = str(built(tmp_path / "site"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for words, said in (
            (["--ws", "p.example"], "Write it as wss://"),
            (["--site", str(tmp_path)], "make dist"),
            (["--site", site, "--extensions", "nowhere.py"], "is no address"),
            (["--site", site, "--port", str(port)], f"try --port {port + 1}"),
            (["--site", site, "--port", "70000"], "between 0 and 65535"),
            (["--site", site, "--host", "no.such.host.invalid"], "no address of this machine"),
        ):
            assert main(words) == 1
            error = capsys.readouterr().err
            assert error.startswith("flowglow: ") and said in error and error.count("\n") == 1
