"""Only pages of this machine may act here."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import Response

from devserver.guard import Guard, is_loopback, origin_allowed
from tests.flowglow.support import Got, get


def asked(method: str, **headers: str) -> Got:
    """A request through the guard to what answers "here"."""

    async def here(scope: Any, receive: Any, send: Any) -> None:
        await Response("here")(scope, receive, send)

    return get(
        Guard(here, ["http://localhost:9000", "https://example.org"]),
        "/api/flows",
        method=method,
        host="127.0.0.1:8000",
        **headers,
    )


def test_a_page_of_this_machine_that_was_named_may_read() -> None:
    """Also what must be asked for before it is sent; nobody else may, named or not."""
    own, foreign = "http://localhost:9000", "https://example.org"
    got = asked("GET", origin=own)
    assert (got.text, got.headers["access-control-allow-origin"], got.headers["vary"]) == ("here", own, "origin")
    before = asked("OPTIONS", origin=own, access_control_request_method="POST")
    assert before.status == 204 and "content-type" in before.headers["access-control-allow-headers"]
    for other in (foreign, "http://localhost:9001"):
        assert "access-control-allow-origin" not in asked("GET", origin=other).headers
    assert asked("OPTIONS", origin=foreign, access_control_request_method="POST").status == 403
    assert "access-control-allow-origin" not in asked("GET").headers


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "[::1]:8000"])
def test_loopback_names_are_ours(host: str) -> None:
    """With and without a port."""
    assert is_loopback(host)
    assert origin_allowed(f"http://{host}")


@pytest.mark.parametrize(
    "host", ["", "example.org", "127.0.0.1.example.org", "localhost.example.org", "[", "10.0.0.1:8000"]
)
def test_other_names_are_not(host: str) -> None:
    """Also those that only look like it."""
    assert not is_loopback(host)
    assert not origin_allowed(f"http://{host}")


def test_opaque_origins_are_refused_and_programs_are_not() -> None:
    """`null` is a page that hides where it comes from; no Origin at all is no page."""
    assert not origin_allowed("null")
    assert not origin_allowed("file://localhost")
    assert origin_allowed(None)
