"""Foreign values as texts that fit: no more of them is looked at than there is room for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowglow.watch.pieces import brief, first_line, foreign, tail


class Counted(list[Any]):
    """A list that knows how much of it was looked at."""

    looked_at = 0

    def __iter__(self) -> Iterator[Any]:
        for each in super().__iter__():
            self.looked_at += 1
            yield each

    def __reversed__(self) -> Iterator[Any]:
        for each in super().__reversed__():
            self.looked_at += 1
            yield each


@pytest.mark.parametrize("value", [{"a": [1, "ü", None, True, 1.5, {}], "b": {"c": []}}, [], [[]], 0, False])
def test_a_value_that_fits_is_its_json(value: Any) -> None:
    assert brief(value, 200) == json.dumps(value, ensure_ascii=False)


def test_texts_are_as_they_are_and_nothing_is_nothing() -> None:
    assert (brief("one\ntwo", 80), brief(" \n one ", 80), brief(None, 80)) == ("one", "one", "")
    assert (foreign("abc", 3).plain, foreign("abcd", 3).plain, first_line("", 3)) == ("abc", "abc…", "")


def test_of_a_value_no_more_is_written_than_there_is_room_for() -> None:
    many = Counted({"n": number, "text": "x" * 10_000} for number in range(10_000))
    written = brief({"many": many}, 80)
    assert many.looked_at < 10 and written.startswith('{"many": [{"n": 0, "text": "xxx') and len(written) < 300


def test_a_value_within_thousands_of_others_is_written_to_some_depth() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    assert brief(deep, 10_000).strip("[]") == "…"


def test_of_what_is_said_piece_by_piece_the_end_is_read() -> None:
    chunks = Counted(f"{number} " for number in range(10_000))
    assert tail(chunks, 10) == "9998 9999 "
    assert chunks.looked_at < 10
