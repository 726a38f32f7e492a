"""flowglow.through.upstream: where a call goes, and who may make one."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from flowglow.through.upstream import Upstream, is_own

OS = Upstream("http://os.test:7777/base/", "wss://os.test/ws?of=page")


@pytest.mark.parametrize(
    ("path", "raw", "query", "url"),
    [
        ("/through/api/config", b"/through/api/config", "", "http://os.test:7777/base/config"),
        ("/through/api/runs", b"/m/through/api/runs", "limit=50", "http://os.test:7777/base/runs?limit=50"),
        ("/through/api/a/b", b"/through/through/api/a%2Fb", "", "http://os.test:7777/base/a%2Fb"),
        ("/through/api/ü n", b"/m/through/api/%C3%BC%20n", "", "http://os.test:7777/base/%C3%BC%20n"),
        ("/through/api/ü n", b"", "", "http://os.test:7777/base/%C3%BC%20n"),
        ("/through/api", b"/through/api", "", "http://os.test:7777/base/"),
        ("/through/api/", b"/through/api/", "", "http://os.test:7777/base/"),
    ],
)
def test_what_is_below_the_place_is_below_the_backend(path: str, raw: bytes, query: str, url: str) -> None:
    assert OS.call(path, raw, query) == url


def test_an_end_point_is_asked_as_it_was_given_and_what_it_bears_stays_at_the_server() -> None:
    agent = Upstream("https://os.test/agent?key=s3cret", "")
    assert agent.call("/through/api", b"/through/api", "") == "https://os.test/agent?key=s3cret"
    assert agent.call("/through/api/x", b"/through/api/x", "a=1") == "https://os.test/agent/x?key=s3cret&a=1"


@pytest.mark.parametrize(
    "raw",
    [
        b"/through/api/../admin",
        b"/through/api/%2e%2e/admin",
        b"/through/api/x/..%2f..%2fadmin",
        b"/through/api/..\\admin",
        b"/through/apix",
        b"/through/",
        b"/through/http://evil.test/",
        b"/through//evil.test/",
    ],
)
def test_nothing_leads_out_of_the_backend(raw: bytes) -> None:
    assert OS.call(unquote(raw.decode()), raw, "") is None
    assert OS.socket(unquote(raw.decode()), raw, "") is None


@pytest.mark.parametrize("path", ["/through/api/@evil.test/", "/through/api//evil.test", "/through/api/:80@evil.test"])
def test_the_host_is_the_backends_whatever_is_asked(path: str) -> None:
    url = OS.call(path, path.encode(), "")
    assert url is not None and url.startswith("http://os.test:7777/base/")


def test_sockets_go_to_their_own_address_or_below_the_api() -> None:
    assert OS.socket("/through/ws", b"/through/ws", "a=1") == "wss://os.test/ws?of=page&a=1"
    assert OS.socket("/through/api/workflows/ws", b"", "") == "ws://os.test:7777/base/workflows/ws"
    assert Upstream("https://os.test", "").socket("/through/api/ws", b"", "") == "wss://os.test/ws"
    assert Upstream("https://os.test", "").socket("/through/ws", b"", "") is None
    assert Upstream("", "ws://os.test/ws").call("/through/api/x", b"", "") is None


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://portal.test", "host": "inside:8000"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}, True),
        ({"origin": "http://evil.test", "host": "127.0.0.1:8000"}, False),
        ({"origin": "http://127.0.0.1:8001", "host": "127.0.0.1:8000"}, False),
        ({"origin": "null", "host": "127.0.0.1:8000"}, False),
    ],
)
def test_only_the_page_itself_may_ask(headers: dict[str, str], own: bool) -> None:
    assert is_own(headers) is own
