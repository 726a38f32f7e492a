from __future__ import annotations

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
    assert (settings.ws, settings.theme, settings.protocol, settings.speed) == ("", "auto", "portal", 1.0)
