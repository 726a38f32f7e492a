"""pyapp.run.fold.wording: cut anywhere, a text is whole again."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.run.fold.step import MAX_CHARS
from tests.run.support import Told, end, run_end, text, tool

from .test_chat import ADA, BOB, html, thought


@pytest.mark.parametrize("between", [[], [text("b", **BOB)], [end("m", 0)], [thought("", step={"t": 1}, **BOB)]])
def test_halves_of_a_character_are_joined(between: list[dict[str, Any]]) -> None:
    """With whatever comes between, of others."""
    told = Told(text("a\ud83d", node_id="m", **ADA), *between, text("\ude00b", **ADA))
    assert told.said("ada") == ["a😀b"]


@pytest.mark.parametrize("after", [[tool(**ADA)], [run_end()], [text("b", **ADA)], [html("<p>", **ADA)]])
def test_half_a_character_alone_is_replaced(after: list[dict[str, Any]]) -> None:
    told = Told(text("a\ud83d", **ADA), *after)
    assert told.said("ada")[0].startswith("a\ufffd")


def test_a_second_half_alone_is_replaced() -> None:
    assert Told(text("\ude00a")).said() == ["\ufffda"]
    assert Told(run_end(), text("late\ud83d")).said() == ["late\ufffd"]


@given(st.text(st.sampled_from("a😀é"), max_size=12), st.lists(st.integers(0, 24), max_size=5))
def test_any_cut_gives_the_same_text(whole: str, cuts: list[int]) -> None:
    """A producer that cuts UTF-16 anywhere."""
    units = whole.encode("utf-16-le", "surrogatepass")
    places = sorted({min(each, len(units) // 2) for each in cuts} | {0, len(units) // 2})
    parts = [units[2 * a : 2 * b].decode("utf-16-le", "surrogatepass") for a, b in pairwise(places)]
    assert "".join(Told(*(text(each) for each in parts)).said()) == whole


def test_other_json_is_code_and_nothing_is_nothing() -> None:
    told = Told(text({"a": 1}), text(None), text("", **BOB))
    assert told.said() == ['\n```json\n{\n  "a": 1\n}\n```\n']


def test_a_text_is_bounded() -> None:
    """What is beyond is left out, and that is known."""
    told = Told(text("a" * (MAX_CHARS - 1)), text("bc"), text("d"))
    (message,) = told.messages()
    assert (message.chars, message.text[-1], message.cut) == (MAX_CHARS, "b", True)
    told.tell(text("anew", mode="snapshot"))
    assert (message.text, message.cut, message.replaced) == ("anew", False, 1)
