from __future__ import annotations

import pytest

from pyapp.protocols.agui.fields import Unreadable, listed, objects, optional, required, seconds, text


def test_text_that_is_needed() -> None:
    assert required({"a": "x"}, "a") == "x"
    for event in ({}, {"a": ""}, {"a": 7}):
        with pytest.raises(Unreadable, match="has no `a`"):
            required(event, "a")


def test_text_that_may_be() -> None:
    assert (optional({"a": ""}, "a"), optional({}, "a"), text(""), text(7), text("x")) == ("", None, None, None, "x")
    with pytest.raises(Unreadable, match="`a` is no text"):
        optional({"a": 7}, "a")


def test_moments_lists_and_objects() -> None:
    assert [seconds(each) for each in (1500, 0, True, "7", None, float("inf"))] == [1.5, 0.0, None, None, None, None]
    assert (listed([1]), listed("ab"), listed(None), objects([{}, 7]), objects({})) == ([1], [], [], [{}], [])
