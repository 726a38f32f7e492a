from __future__ import annotations

from typing import Any

import pytest

from pyapp.settings import read_settings

LOCAL = "http://127.0.0.1:8000/"
PUBLIC = "https://portal.example/run/"


def test_without_anything_a_recording_is_offered() -> None:
    """No backend: nothing is probed, and the recorded run is the page's own."""
    settings = read_settings("", {}, LOCAL)
    assert (settings.ws, settings.api) == ("", "")
    assert settings.replay == "http://127.0.0.1:8000/web/recordings/linear.ndjson"
    assert settings.problems == ()


def test_the_query_goes_over_the_portal_table() -> None:
    """Query string over [portal] over defaults."""
    portal = {"ws": "/ws", "api": "/api", "flow": "a", "theme": "dark"}
    settings = read_settings("?flow=b&run=r1&embed=1&log=debug&speed=2", portal, LOCAL)
    assert settings.ws == "ws://127.0.0.1:8000/ws"
    assert settings.api == "http://127.0.0.1:8000/api"
    assert (settings.flow, settings.run, settings.theme) == ("b", "r1", "dark")
    assert (settings.embed, settings.debug, settings.speed) == (True, True, 2.0)
    assert settings.replay == ""


def test_relative_addresses_follow_the_page() -> None:
    """A page over https gets a wss socket of its own origin."""
    settings = read_settings("", {"ws": "/ws", "api": "api"}, PUBLIC)
    assert settings.ws == "wss://portal.example/ws"
    assert settings.api == "https://portal.example/run/api"
    assert settings.problems == ()


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "localhost:1234"])
def test_loopback_may_name_any_loopback_port(host: str) -> None:
    """On a page served from loopback, every loopback port is fine."""
    settings = read_settings(f"?ws=ws://{host}/ws&api=http://{host}", {}, LOCAL)
    assert settings.ws == f"ws://{host}/ws" and settings.api == f"http://{host}"


@pytest.mark.parametrize("page", [LOCAL, PUBLIC])
def test_a_foreign_origin_is_refused_in_words(page: str) -> None:
    """An origin that nobody listed is not used, and the notice says where to list it."""
    settings = read_settings("?ws=wss://evil.example/ws", {}, page)
    assert settings.ws == ""
    assert len(settings.problems) == 1
    assert "evil.example" in settings.problems[0] and "origins" in settings.problems[0]


def test_loopback_is_foreign_elsewhere() -> None:
    """A public page may not reach into the reader's own machine."""
    assert read_settings("?api=http://127.0.0.1:9000", {}, PUBLIC).problems


@pytest.mark.parametrize("listed", ["https://api.example", "https://api.example/", "wss://api.example"])
def test_a_listed_origin_is_used(listed: str) -> None:
    """An origin in [portal] serves for sockets."""
    settings = read_settings("?ws=wss://api.example/ws", {"origins": [listed]}, PUBLIC)
    assert settings.ws == "wss://api.example/ws"


def test_a_listed_origin_includes_its_port() -> None:
    """Another port is another origin."""
    portal = {"origins": ["https://api.example:8443"]}
    assert read_settings("?api=https://api.example:8443", portal, PUBLIC).api == "https://api.example:8443"
    assert read_settings("?api=https://api.example", portal, PUBLIC).problems


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("?ws=javascript:alert(1)", "must begin with"),
        ("?ws=http://[::1", "not an address"),
        ("?ws=ws://[::1]:9000/ws", "IPv6"),
        ("?ws=ws://127.0.0.1:99999999", "not an address"),
        ("?theme=pink", "can be"),
        ("?protocol=smoke", "can be"),
        ("?speed=fast", "above 0"),
        ("?speed=-1", "above 0"),
        ("?speed=inf", "above 0"),
    ],
)
def test_bad_values_are_said_and_left_out(query: str, word: str) -> None:
    """Each problem is a sentence; the page goes on with its default."""
    settings = read_settings(query, {"origins": "nonsense"}, LOCAL)
    assert len(settings.problems) == 1
    assert word in settings.problems[0]
    assert (settings.ws, settings.theme, settings.protocol, settings.speed) == ("", "auto", "auto", 1.0)


def test_a_default_port_may_be_named() -> None:
    """`wss://host:443` is the page's own origin on `https://host`."""
    settings = read_settings("?ws=wss://portal.example:443/ws", {}, PUBLIC)
    assert (settings.ws, settings.problems) == ("wss://portal.example:443/ws", ())


def test_sign_ins_lead_to_the_hosts_of_the_backend_unless_others_are_listed() -> None:
    """The page's own, that of `ws` and that of `api`; an explicit list takes their place."""
    portal: dict[str, Any] = {"ws": "wss://a.example/ws", "api": "https://b.example", "origins": ["https://a.example"]}
    portal["origins"] += ["https://b.example"]
    rule = read_settings("", portal, PUBLIC).sign_in
    assert [rule.refusal(f"https://{host}/x") for host in ("portal.example", "a.example", "b.example")] == [None] * 3
    assert rule.refusal("https://phish.example/") == "auth.not_listed"
    assert rule.refusal("http://127.0.0.1:9/") == "auth.not_https"
    listed = read_settings("", portal | {"sign_in_hosts": [".login.example"]}, PUBLIC).sign_in
    assert listed.refusal("https://eu.login.example/") is None
    assert listed.refusal("https://a.example/") == "auth.not_listed"


@pytest.mark.parametrize(
    ("framed_by", "may_act"),
    [
        ([], True),
        (["https://portal.example"], True),
        (["https://portal.example", "https://shell.example"], True),
        (["https://shell.example:443"], True),
        (["https://evil.example"], False),
        (["https://portal.example", "https://evil.example"], False),
        (["null"], False),
        (["http://portal.example"], False),
    ],
)
def test_a_page_in_a_strangers_frame_may_not_act(framed_by: list[str], may_act: bool) -> None:
    """Every frame round the page must be of its own origin, or listed in `frames`."""
    portal = {"frames": ["https://shell.example/", "", "null"]}
    assert read_settings("", portal, PUBLIC, framed_by).may_act is may_act


def test_a_stranger_on_loopback_is_one_too() -> None:
    """Another port of this machine is another origin, where clicks are concerned."""
    assert read_settings("", {}, LOCAL, ["http://127.0.0.1:8000"]).may_act
    assert not read_settings("", {}, LOCAL, ["http://127.0.0.1:8001"]).may_act
    assert not read_settings("", {}, LOCAL, ["http://localhost:8000"]).may_act


def test_extensions_are_of_our_own_origin_or_a_listed_one() -> None:
    """Named by [portal] alone: an address that somebody is sent must not bring Python along."""
    portal = {
        "origins": ["https://cdn.example"],
        "extensions": ["/static/my_portal.py", "./extensions/a.0123456789.py#sha256-x=", "https://cdn.example/b.py"],
    }
    settings = read_settings("?extensions=/static/evil.py", portal, "https://page.example/runs/?flow=x")
    assert [(each.address, each.name, each.integrity) for each in settings.extensions] == [
        ("https://page.example/static/my_portal.py", "my_portal", ""),
        ("https://page.example/runs/extensions/a.0123456789.py", "a", "sha256-x="),
        ("https://cdn.example/b.py", "b", ""),
    ]
    for named in ("https://evil.example/x.py", "javascript:x", "http://127.0.0.1:9/x.py", "http://[/x.py"):
        refused = read_settings("", {"extensions": [named]}, "https://page.example/")
        assert refused.extensions == () and len(refused.problems) == 1
    assert read_settings("", {"extensions": "/one.py"}, "https://page.example/").extensions == ()
    local = read_settings("", {"extensions": ["http://127.0.0.1:9/x.py"]}, "http://127.0.0.1:8000/")
    assert local.extensions == () and local.problems, "another port of loopback is another origin"
