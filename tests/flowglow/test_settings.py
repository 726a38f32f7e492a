"""What a portal says of its page: what cannot be used is said at once, and what to write instead."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from flowglow import page
from flowglow.extensions import read_extensions
from flowglow.settings import SettingError, portal_table, toml_with

from .support import TOML


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ws": "portal.example/ws"}, r"ws: 'portal.example/ws' is no address. Write it as wss://portal.example/ws"),
        ({"ws": "ftp://portal.example"}, "is no address"),
        ({"api": "https://user:pw@portal.example/api"}, "api: .* is no address"),
        ({"api": "https:///api"}, "is no address"),
        ({"api": "wss://portal.example/api"}, "api"),
        (
            {"ws": "wss://*/ws"},
            r"ws: 'wss://\*/ws' is no address of one server \(no \*\). Write it as wss://portal.exam",
        ),
        ({"ws": "wss://portal.example:*/ws"}, r"of one server \(no \*\)"),
        ({"api": "https://*.example/api"}, r"of one server \(no \*\). Write it as https://portal.example/api"),
        ({"api": "https://portal.example:port/api"}, "api: .* is no address"),
        ({"ws": "wss://[portal/ws"}, "ws: .* is no address"),
        ({"ws": "//[portal/ws"}, "ws: .* is no address"),
        ({"api": "https://portal.example/api\n"}, "line break"),
        ({"ws": "ws://[::1]:8000/ws"}, r"ws: 'ws://\[::1\]:8000/ws' has an IPv6 .* by its name, such as localhost"),
        ({"api": "https://[2001:db8::1]/api"}, "api: .* IPv6 address"),
        ({"origins": ["https://[::1]:3000"]}, "origins: .* IPv6 address"),
        ({"frames": ["http://[::1]:3000"]}, "frames: .* IPv6 address"),
        ({"frames": ["wss://portal.example"]}, "frames: .* is no origin .* https://portal.example is one"),
        ({"ws": "wss://portal.example:/ws"}, "ws: .* is no address"),
        ({"ws": "wss://portal.example:0/ws"}, "ws: .* is no address"),
        ({"ws": "wss://portal..example/ws"}, "ws: .* is no address"),
        ({"flow": 'a"b'}, "quote"),
        ({"flow": "\ud800"}, "no character"),
        ({"flow": ["a"]}, "flow: .* is not text"),
        ({"flow": True}, "flow: True is not text"),
        ({"loopback": "true"}, "loopback: 'true' is neither True nor False"),
        ({"loopback": 1}, "loopback: 1 is neither True nor False"),
        ({"origins": None}, "origins: None is no list"),
        ({"origins": "https://portal.example"}, r"origins: .* is no list. Write it .* as origins=\[…\]"),
        ({"origins": ["https://portal.example/api"]}, r"no path.*https://portal.example is one"),
        ({"origins": ["https://*.example"]}, "no \\*"),
        ({"frames": ["*"]}, "frames: '\\*' is no origin"),
        ({"frames": ["portal.example"]}, "is no origin"),
        ({"frames": ["https://x.example; script-src *"]}, "is no origin"),
        ({"frames": [7]}, "is not text"),
        ({"flow": 7}, "flow: 7 is not text"),
        ({"sign_in_hosts": ["https://login.example"]}, "no host name"),
        ({"theme": "blue"}, "blue"),
        ({"lang": "xx"}, "xx"),
        ({"protocol": "soap"}, "soap"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(given: Any, words: str) -> None:
    with pytest.raises(SettingError, match=words) as raised:
        portal_table(given)
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("https://portal.example/api", " https://portal.example is one."),
        ("https://portal.example:8443/api?x=1", " https://portal.example:8443 is one."),
        ("https://a.example;script-src", ""),
        ("https://a.example;script-src/x", ""),
        ("https://user@a.example", ""),
        ("https://a.example:port", ""),
        ("https://a.example:port/x", ""),
        ("https://*.example/x", ""),
        ("https://[a", ""),
        ("https://:8443", ""),
    ],
)
@pytest.mark.parametrize("key", ["origins", "frames"])
def test_an_origin_that_is_named_instead_of_a_wrong_one_is_one(key: str, wrong: str, hint: str) -> None:
    with pytest.raises(SettingError) as raised:
        portal_table({key: [wrong]})
    assert str(raised.value) == f"{key}: {wrong!r} is no origin such as https://portal.example (no path, no *).{hint}"


@pytest.mark.parametrize(
    ("ws", "origins"),
    [
        ("", []),
        ("/ws", []),
        ("./ws", []),
        ("../ws", []),
        ("ws://127.0.0.1:8001/ws", ["http://127.0.0.1:8001"]),
        ("wss://portal.example:8001/ws", ["https://portal.example:8001"]),
        ("https://portal.example/ws", ["https://portal.example"]),
    ],
)
def test_a_backend_is_listed_by_being_named(ws: str, origins: list[str]) -> None:
    """A relative address is of the page's own origin."""
    table = portal_table({"ws": ws})
    assert (table.get("ws", ""), table["origins"]) == (ws, origins)


def test_a_portal_table_takes_the_place_of_the_built_one() -> None:
    text = toml_with(
        TOML, {"ws": "/ws", "frames": ["https://a.example", "https://b.example"], "loopback": False, "flow": "né"}
    )
    read = tomllib.loads(text)
    assert read == {
        "packages": ["pydantic"], "files": {},
        "portal": {"ws": "/ws", "frames": ["https://a.example", "https://b.example"], "loopback": False, "flow": "né"},
    }  # fmt: skip
    with pytest.raises(SettingError, match="has no \\[portal\\]"):
        toml_with("", {})


def test_a_file_of_the_portal_is_served_by_its_content(tmp_path: Path) -> None:
    """Its address bears its hash, in the name for caches and behind it for the page to check."""
    own = tmp_path / "my_portal.py"
    own.write_text("x = 1\n")
    found = read_extensions([own, "/static/other.py", "https://portal.example/third.py", "module:json.decoder"])
    first, other, third, module = found.addresses
    assert first.startswith("./extensions/my_portal.") and "#sha256-" in first
    assert (other, third) == ("/static/other.py", "https://portal.example/third.py")
    assert module.startswith("./extensions/decoder.")
    assert found.files[first.partition("#")[0].removeprefix("./")] == b"x = 1\n" and len(found.files) == 2


def test_a_byte_order_mark_is_no_part_of_what_is_served(tmp_path: Path) -> None:
    """The page reads text: with the mark, the hash would be that of another one."""
    own = tmp_path / "my_portal.py"
    own.write_bytes(b"\xef\xbb\xbfx = 1\n")
    marked = read_extensions([own])
    own.write_bytes(b"x = 1\n")
    assert marked == read_extensions([own])


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("my_portal.py", "is no address"),
        ("module:there.is.none", "there is no module"),
        ("module:sys", "there is no module"),
        (Path("/nowhere/my_portal.py"), "cannot be read"),
        (Path("my-portal.py"), "no name of a Python module"),
        (5, "extensions: 5 is neither a text nor a path"),
        (b"my_portal.py", "extensions: b'my_portal.py' is neither a text nor a path"),
    ],
)
def test_an_extension_that_is_not_there_is_said_at_once(named: Any, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        read_extensions([named])


@pytest.mark.parametrize("named", [None, Path("my_portal.py"), "module:json.decoder"])
def test_extensions_are_a_list(named: Any) -> None:
    with pytest.raises(SettingError, match=r"^extensions: .* is no list\. Write it in square brackets"):
        read_extensions(named)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": 5}, "title: 5 is not text"),
        ({"title": "\ud800"}, "title: .* no character"),
        ({"site": 5}, "site: 5 is neither a text nor a path"),
    ],
)
def test_what_is_no_setting_of_the_table_is_checked_alike(given: Any, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        page(**given)
