"""An address that can never work ends `watch` with a sentence; what may heal is tried again."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowglow.__main__ import main

PATIENCE = ("--plain", "--for", "2")


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers every handshake in turn with the statuses that were given, the last one for ever."""

    protocol_version = "HTTP/1.1"
    statuses: list[int]
    reason: str | None
    asked: int

    def do_GET(self) -> None:
        kind: Any = type(self)
        status = kind.statuses[min(kind.asked, len(kind.statuses) - 1)]
        kind.asked += 1
        self.send_response(status, kind.reason)
        self.send_header("content-length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *words: object) -> None:
        pass


@contextlib.contextmanager
def answering(
    *statuses: int, reason: str | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, Any]]:
    """A server on a free port, and what it was asked."""
    handler: Any = type("Handler", (Answering,), {"statuses": list(statuses), "reason": reason, "asked": 0})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", handler
        server.shutdown()


def own_certificate(folder: Path) -> ssl.SSLContext:
    """For a server that vouches for itself."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed here; on Debian: apt-get install openssl.")
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"]
    place = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "own.pem")]
    subprocess.run([program, "req", *kind, *place, "-days", "1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize("status", [404, 403, 410, 200, 301])
def test_a_server_without_a_socket_ends_it(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    with answering(status) as (where, handler):
        assert main(["watch", f"ws://{where}/nothing", *PATIENCE]) == 2
    said = capsys.readouterr().err
    assert str(status) in said and where in said and said.endswith(".\n") and handler.asked == 1


def test_what_a_server_refuses_with_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(404, reason="\x9b31mRED") as (where, _):
        assert main(["watch", f"ws://{where}/ws", *PATIENCE]) == 2
    assert "404 �31mRED.\n" in capsys.readouterr().err


@pytest.mark.parametrize("token", ["x y€", "bad token\n", " padded ", "\x00"])
def test_a_token_that_can_be_no_header_ends_it(token: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "ws://127.0.0.1:9/ws", "--token", token, *PATIENCE]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("flowglow watch: --token ") and token not in said.err and said.out == ""


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_what_may_heal_is_tried_again(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    with answering(status) as (where, handler):
        assert main(["watch", f"ws://{where}/ws", *PATIENCE]) == 0
    assert handler.asked > 1 and capsys.readouterr().err == ""


def test_a_server_that_wants_a_sign_in_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(401) as (where, _):
        assert main(["watch", f"ws://{where}/ws", *PATIENCE]) == 5
    assert "sign-in" in capsys.readouterr().err


@pytest.mark.parametrize("words", [
    ["ws://"], ["ws:///ws"], ["ws://127.0.0.1:99999/ws"], ["ws://a b/"], ["wss://[::1/ws"], ["ftp://127.0.0.1/ws"],
    ["ws://127.0.0.1:9/ws", "--api", "ftp://127.0.0.1/api"], ["ws://127.0.0.1:9/ws", "--api", "127.0.0.1/api"],
])  # fmt: skip
def test_an_address_that_is_none_ends_it(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", *words, *PATIENCE]) == 2
    assert "must begin with" in capsys.readouterr().err


@pytest.mark.parametrize("of", ["ws", "api"])
def test_a_certificate_that_is_refused_ends_it(of: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with answering(503, tls=own_certificate(tmp_path)) as (where, _):
        words = [f"wss://{where}/ws"] if of == "ws" else ["ws://127.0.0.1:9/ws", "--api", f"https://{where}/api"]
        assert main(["watch", *words, *PATIENCE]) == 2
    said = capsys.readouterr().err
    assert "certificate" in said and where in said
