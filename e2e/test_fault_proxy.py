"""The fault proxy does what it says, on plain sockets: a test that blames the page must be able to trust it."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from .fault_proxy import FaultProxy


class _Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the reset is the proxy's doing
            while data := self.request.recv(65536):
                self.request.sendall(data)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    """A proxy before a server that says back what it hears."""
    with _Server(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        proxy = FaultProxy(server.server_address[1])
        proxy.start()
        yield proxy
        proxy.stop()
        server.shutdown()


def connect(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def read(link: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (part := link.recv(65536)):
        data += part
    return data


def test_without_faults_everything_passes(proxy: FaultProxy) -> None:
    with connect(proxy) as link:
        link.sendall(b"x" * 300_000)
        assert len(read(link, 300_000)) == 300_000


def test_late_and_slow(proxy: FaultProxy) -> None:
    """Never sooner than the latency of both ways and the bytes at their pace allow."""
    proxy.faults.latency_s, proxy.faults.bytes_per_s, proxy.faults.slice_bytes = 0.1, 1_000, 10
    with connect(proxy) as link:
        before = time.monotonic()
        link.sendall(b"x" * 100)
        assert read(link, 100) == b"x" * 100
        assert time.monotonic() - before >= 0.2 + 0.1


def test_in_slices(proxy: FaultProxy) -> None:
    proxy.faults.slice_bytes = 1
    with connect(proxy) as link:
        link.sendall(b"abc")
        assert read(link, 3) == b"abc"


def test_cut_is_a_reset(proxy: FaultProxy) -> None:
    with connect(proxy) as link:
        link.sendall(b"x")
        assert read(link, 1) == b"x"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            link.recv(1)


def test_one_connection_is_cut_by_what_was_sent_on_it_last(proxy: FaultProxy) -> None:
    with connect(proxy) as other, connect(proxy) as meant:
        for link, words in ((other, b"Ada"), (other, b"Eve"), (meant, b"Ada")):
            link.sendall(words)
            assert read(link, 3) == words
        proxy.cut_where(b"Ada")
        with pytest.raises(ConnectionResetError):
            meant.recv(1)
        other.sendall(b"y")
        assert read(other, 1) == b"y"


def test_refuse_is_a_reset_at_once(proxy: FaultProxy) -> None:
    proxy.faults.refuse = True
    with pytest.raises(ConnectionResetError), connect(proxy) as link:
        link.recv(1)


@pytest.mark.parametrize("open_before", [True, False])
def test_a_black_hole_says_nothing(proxy: FaultProxy, open_before: bool) -> None:
    """Neither an answer nor an end: on a link that worked, and on one that never did."""
    proxy.faults.swallow = not open_before
    with connect(proxy) as link:
        if open_before:
            link.sendall(b"x")
            read(link, 1)
            proxy.hush()
        link.sendall(b"y")
        link.settimeout(0.3)
        with pytest.raises(TimeoutError):
            link.recv(1)


def test_a_limit_resets(proxy: FaultProxy) -> None:
    """Both ways count."""
    proxy.faults.limit_bytes, proxy.faults.slice_bytes = 8, 4
    with connect(proxy) as link:
        link.sendall(b"abcd")
        with pytest.raises(ConnectionResetError):
            while link.recv(16):
                link.sendall(b"efgh")


def test_a_slow_close_comes_late(proxy: FaultProxy) -> None:
    proxy.faults.linger_s = 0.2
    with connect(proxy) as link:
        link.sendall(b"x")
        assert read(link, 1) == b"x"
        before = time.monotonic()
        link.shutdown(socket.SHUT_WR)
        assert link.recv(1) == b""
        assert time.monotonic() - before >= 0.4
