from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pyapp.contract.http import RunInfo
from pyapp.contract.lenient import read_json

RUN = TypeAdapter(RunInfo)


def test_one_bad_number_loses_one_field() -> None:
    """NaN is no JSON, yet servers send it: the rest of the answer is read."""
    run = read_json('{"run_id": "r", "status": "success", "started_at": NaN, "ended_at": 1e400, "last_seq": 3}', RUN)
    assert (run.started_at, run.ended_at, run.last_seq) == (None, None, 3)


def test_half_a_character_is_replaced() -> None:
    """A lone surrogate escape does not lose the answer."""
    assert read_json('{"run_id": "r", "status": "success", "error": "\\ud83d!"}', RUN).error == "\ufffd!"


@pytest.mark.parametrize("text", ["", "<html>", "[" * 100_000, '{"status": "success"}', "7" * 5_000])
def test_what_is_no_answer_raises_a_value_error(text: str) -> None:
    """Nothing else is raised: nesting ends in words, not in the end of the runtime."""
    with pytest.raises(ValueError):
        read_json(text, RUN)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text whatever raises anything but ValueError."""
    with contextlib.suppress(ValueError):
        read_json(text, TypeAdapter(list[int]))
