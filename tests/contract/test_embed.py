from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.contract.embed import (
    MAX_CHARS,
    VERSION,
    Fill,
    Look,
    MessageError,
    Show,
    Start,
    Stop,
    TicketGiven,
    Token,
    fitting,
    read_knock,
    read_order,
)


def refused(read: Any, message: object) -> MessageError:
    with pytest.raises(MessageError) as caught:
        read(message)
    return caught.value


def test_a_knock_names_the_version() -> None:
    assert read_knock(json.dumps({"flowglow": VERSION, "type": "connect", "more": 1})).type == "connect"
    assert refused(read_knock, json.dumps({"flowglow": "v2", "type": "connect"})).why == "version"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "schema"),
        ("no json", "schema"),
        ('{"flowglow": 1, "type": "connect"}', "schema"),
        ('{"flowglow": "v1", "type": "hello"}', "schema"),
        ('{"flowglow": "v1", "x": "' + "x" * MAX_CHARS + '"}', "size"),
        ("[" * 5_000, "schema"),
    ],
)
def test_a_knock_that_is_wrong_says_why(text: str, why: str) -> None:
    assert refused(read_knock, text).why == why


@pytest.mark.parametrize(
    ("item", "order"),
    [
        ({"type": "show", "run": "r"}, Show(type="show", run="r")),
        ({"type": "look", "theme": "dark", "hide": ["log"]}, Look(type="look", theme="dark", hide=["log"])),
        ({"type": "start", "input": {"a": [1]}, "id": 3}, Start(type="start", input={"a": [1]}, id=3)),
        ({"type": "stop"}, Stop(type="stop")),
        ({"type": "fill", "input": "x"}, Fill(type="fill", input="x")),
    ],
)  # fmt: skip
def test_each_order_is_read(item: dict[str, Any], order: object) -> None:
    assert read_order(json.dumps(item)) == order


def test_a_credential_is_in_no_text_of_its_order() -> None:
    token = read_order('{"type": "token", "token": "s3cret", "asked": 4}')
    ticket = read_order('{"type": "ticket", "ticket": null, "asked": 4}')
    assert isinstance(token, Token) and token.token is not None and token.token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(token) + str(token)
    assert isinstance(ticket, TicketGiven) and ticket.ticket is None


@pytest.mark.parametrize(
    ("message", "why", "number"),
    [
        (b"{}", "schema", None),
        (None, "schema", None),
        ("{", "schema", None),
        ('{"type": "explode", "id": 7}', "type", 7),
        ('{"id": true}', "type", None),
        ('{"type": ["show"]}', "type", None),
        ('{"type": "show", "view": "nowhere", "id": 8}', "schema", 8),
        ('{"type": "look", "hide": ["everything"]}', "schema", None),
        ('{"type": "look", "lang": "<b>"}', "schema", None),
        ('{"type": "token"}', "schema", None),
        ('{"type": "token", "token": "two words"}', "schema", None),
        ('{"type": "token", "token": "line\\nbreak"}', "schema", None),
        ('{"type": "token", "token": ""}', "schema", None),
        (json.dumps({"type": "token", "token": "x" * 20_000}), "schema", None),
        ('{"type": "ticket", "ticket": "t"}', "schema", None),
        ('{"type": "start", "input": "' + "x" * MAX_CHARS + '"}', "size", None),
        ('{"type": "start", "input": NaN}', "schema", None),
    ],
)
def test_an_order_that_is_wrong_says_why(message: object, why: str, number: int | None) -> None:
    error = refused(read_order, message)
    assert (error.why, error.number) == (why, number)
    assert str(error).endswith(".")


def test_what_is_wrong_is_said_without_the_value() -> None:
    error = refused(read_order, '{"type": "token", "token": "my secret"}')
    assert "token" in str(error) and "my secret" not in str(error)


@pytest.mark.parametrize(
    "style",
    [
        {"accent": "#0a7"},
        {"accent": "rgb(10 20 30 / 50%)", "surface": "oklch(40.1% 0.123 21.57)", "text": "rebeccapurple"},
        {"font": '"Source Sans 3", system-ui, sans-serif', "radius": "0.5rem"},
        {"radius": "0.625rem", "accent": "RGB(1,2,3)"},
        {"radius": "0"},
        {"radius": ".5rem"},
        {"radius": "4PX"},
    ],
)
def test_looks_that_may_be_given(style: dict[str, str]) -> None:
    look = read_order(json.dumps({"type": "look", "style": style}))
    assert isinstance(look, Look) and look.style is not None
    assert fitting(look.style) == (style, [])


@pytest.mark.parametrize(
    "style",
    [
        {"accent": "url(https://evil.example/x)"},
        {"accent": "var(--x)"},
        {"accent": "red; background: url(x)"},
        {"font": "x); background: url(x"},
        {"font": "a\\62"},
        {"radius": "9999px"},
        {"radius": "calc(1px + 1px)"},
        {"radius": "px"},
        {"radius": ""},
        {"radius": "7"},
    ],
)
def test_looks_that_could_mean_more_have_no_effect(style: dict[str, Any]) -> None:
    """And take no other along."""
    look = read_order(json.dumps({"type": "look", "style": {**style, "muted": "red"}}))
    assert isinstance(look, Look) and look.style is not None
    assert fitting(look.style) == ({"muted": "red"}, list(style))


@pytest.mark.parametrize("style", [{"--blue": "red"}, {"accent": 1}])
def test_what_is_no_look_at_all_is_refused(style: dict[str, Any]) -> None:
    assert refused(read_order, json.dumps({"type": "look", "style": style})).why == "schema"
