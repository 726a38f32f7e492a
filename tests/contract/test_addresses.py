from __future__ import annotations

import pytest

from pyapp.contract.addresses import SignInRule, host_of, origin_of


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("https://login.example/a?b=c", None),
        ("https://LOGIN.example:8443/", None),
        ("https://a.login.test/", None),
        ("https://login.test/", "auth.not_listed"),
        ("https://evil.example/", "auth.not_listed"),
        ("https://login.example.evil.test/", "auth.not_listed"),
        ("https://login.example@evil.test/", "auth.not_https"),
        ("http://login.example/", "auth.not_https"),
        ("http://127.0.0.1:8000/", "auth.not_https"),
        ("javascript:alert(1)//https://login.example", "auth.no_address"),
        ("//login.example/", "auth.not_https"),
        ("https://login.example\\@evil.test/", "auth.no_address"),
        ("https://login.example/\n", "auth.no_address"),
        ("https://[bad", "auth.no_address"),
        ("", "auth.no_address"),
    ],
)
def test_only_listed_hosts_by_https(address: str, refusal: str | None) -> None:
    """A leading dot stands for every host under a name."""
    assert SignInRule(("login.example", ".login.test")).refusal(address) == refusal


def test_without_a_list_no_host() -> None:
    """An empty list lists nothing."""
    assert SignInRule().refusal("https://anywhere.example/") == "auth.not_listed"
    assert SignInRule().refusal("http://anywhere.example/") == "auth.not_https"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("wss://host:443/ws", "https://host", True),
        ("ws://HOST", "http://host:80/x", True),
        ("https://host:8443", "https://host", False),
        ("http://host", "https://host", False),
        ("https://host", "https://host.evil", False),
    ],
)
def test_equal_origins_are_equal(one: str, other: str, same: bool) -> None:
    """Sockets belong to the web origin; default ports need not be named."""
    assert (origin_of(one) == origin_of(other)) is same


def test_loopback_in_development() -> None:
    """Plain http to loopback only from a page on loopback."""
    assert SignInRule(on_loopback=True).refusal("http://127.0.0.1:9/x") is None
    assert SignInRule(on_loopback=True).refusal("http://10.0.0.1/") == "auth.not_https"


def test_a_person_is_shown_host_and_port() -> None:
    assert host_of("https://login.example:8443/x") == "login.example:8443"
    assert host_of("https://login.example/x") == "login.example"
    assert host_of("nonsense") == ""
