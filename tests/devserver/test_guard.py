"""Only pages of this machine may act here."""

from __future__ import annotations

import pytest

from devserver.guard import is_loopback, origin_allowed


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
