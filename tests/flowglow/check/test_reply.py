"""Answers are read as a page reads them, and what they would take in memory is known before they are parsed."""

from __future__ import annotations

import pytest

from flowglow.check.reply import objects, reply_of
from flowglow.check.room import weight


@pytest.mark.parametrize(
    ("body", "value", "flaw"),
    [
        (b'{"a": 1}', {"a": 1}, ""),
        (b"\xef\xbb\xbf[1]", [1], ""),
        (b"", None, ""),
        (b"<html>", None, "it is not JSON that a page can read: "),
        (b"[" * 100_000, None, "it is not JSON that a page can read: recursion limit exceeded"),
        (b"\xff\xfe{}", None, "it is not JSON that a page can read: "),
        (b"[" + b"{}," * 3_000_000 + b"{}]", None, "it would take more than 512 MiB of memory"),
    ],
)
def test_what_is_no_json_says_why(body: bytes, value: object, flaw: str) -> None:
    reply = reply_of(200, body, {"content-type": "application/json; charset=base64"})
    assert reply.value == value and reply.flaw.startswith(flaw)
    assert bool(flaw) == bool(reply.flaw) and len(reply.brief) < 300
    assert reply.flaw in reply.brief


def test_a_comma_in_a_text_is_none_between_values() -> None:
    assert weight('["' + "," * (2 << 20) + '\\""]') < 3 << 20
    assert weight('["' + "," * (2 << 20)) < 3 << 20, "nor in one that does not end"
    assert weight("[" + "1," * (2 << 20)) > 100 << 20


def test_objects_of_what_is_no_list_are_none() -> None:
    assert [objects(each) for each in (5, None, {"a": 1}, ["x", {"a": 1}])] == [[], [], [], [{"a": 1}]]
