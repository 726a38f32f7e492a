from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from setup.machine import SetupError
from setup.site import BEGIN, END, config_text, csp, page_text, portal_of, write_site

META = '<meta http-equiv="Content-Security-Policy" content="">'


def connect(portal: dict[str, Any], *, loopback: bool = False) -> list[str]:
    policy = dict(part.split(" ", 1) for part in csp(portal, loopback=loopback).split("; "))
    return policy["connect-src"].split()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(f"<!doctype html>{META}")
    (tmp_path / "pyscript.toml").write_text(f'[portal]\nws = ""\nloopback = false\n{BEGIN}\n[files]\n{END}\n')
    (tmp_path / "web/js").mkdir(parents=True)
    for name in ("pyapp/main.py", "pyapp/b.py", "pyapp/a/c.py", "pyapp/testing/fake.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_page_reaches_its_own_origin_and_no_port_of_the_visitors_machine() -> None:
    """Loopback is let through only where that is asked for."""
    assert connect({}) == ["'self'"]
    assert "ws://127.0.0.1:*" in connect({}, loopback=True)


@pytest.mark.parametrize("listed", ["https://portal.example", "https://portal.example/", "wss://portal.example"])
def test_a_listed_origin_serves_for_http_and_for_sockets(listed: str) -> None:
    """Browsers do not take the one for the other."""
    assert connect({"origins": [listed]}) == ["'self'", "https://portal.example", "wss://portal.example"]


def test_the_addresses_of_the_backend_are_let_through() -> None:
    """Absolute ones; a relative one is our own origin already."""
    portal = {"ws": "wss://a.example:8443/ws", "api": "/api"}
    assert connect(portal) == ["'self'", "https://a.example:8443", "wss://a.example:8443"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://x.example; script-src *",
        "https://x.example 'unsafe-eval'",
        "javascript://x",
        "https://[::1]:1",
        "wss://x.example:",
    ],
)
def test_nothing_in_the_settings_can_end_the_directive(origin: str) -> None:
    """A sentence names what is no origin."""
    with pytest.raises(SetupError, match="is not an origin"):
        csp({"origins": [origin]}, loopback=False)
    with pytest.raises(SetupError, match="is not an origin"):
        csp({"frames": [origin]}, loopback=False, header=True)


def test_frames_stand_in_the_header_alone() -> None:
    """A meta tag cannot say them."""
    portal = {"frames": ["https://shell.example/"]}
    assert "frame-ancestors" not in csp(portal, loopback=False)
    assert csp(portal, loopback=False, header=True).endswith("frame-ancestors 'self' https://shell.example")


def test_the_site_is_brought_in_line_with_the_tree_once(root: Path) -> None:
    """The list of modules and the policy; the second time nothing is left to do."""
    assert sorted(write_site(root)) == ["boot_words.mjs", "index.html", "pyscript.toml"]
    assert write_site(root) == []
    files = (root / "pyscript.toml").read_text().partition(BEGIN)[2].partition(END)[0]
    assert files == '\n[files]\n"./pyapp/a/c.py" = "./pyapp/a/c.py"\n"./pyapp/b.py" = "./pyapp/b.py"\n'
    assert "127.0.0.1" not in (root / "index.html").read_text()


def test_loopback_is_written_only_for_a_page_that_is_set_up_for_it(root: Path) -> None:
    """`loopback = true` under [portal], and a set-up."""
    toml = root / "pyscript.toml"
    toml.write_text(toml.read_text().replace("loopback = false", "loopback = true"))
    assert portal_of(root)["loopback"] is True
    write_site(root)
    assert "http://127.0.0.1:*" in (root / "index.html").read_text()


def test_what_the_set_up_needs_to_find_is_missed_in_words(root: Path) -> None:
    """Markers and meta tag are named."""
    with pytest.raises(ValueError, match="no line `api"):
        config_text(root, {"api": "/api"})
    assert 'ws = "/ws"' in config_text(root, {"ws": "/ws"})
    (root / "index.html").write_text("")
    with pytest.raises(SetupError, match="meta"):
        page_text(root, "")
    (root / "pyscript.toml").write_text("[portal]\n")
    with pytest.raises(SetupError, match="lacks the lines"):
        config_text(root, files="")
