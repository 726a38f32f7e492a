from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pyapp.contract.http import LogPage, RunInfo, read_json

RUN = {"run_id": "r", "status": "executing"}
ANSWER = TypeAdapter(RunInfo)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300, "soon", 10**400])
@pytest.mark.parametrize("field", ["started_at", "ended_at", "last_seq"])
def test_a_number_that_no_clock_or_count_can_hold_is_not_taken(field: str, bad: Any) -> None:
    """The field is as if it had not been sent; the run is there all the same."""
    run = RunInfo.model_validate({**RUN, field: bad})
    assert getattr(run, field) is None
    assert run.run_id == "r"


def test_a_time_of_0_is_none() -> None:
    """It is written where there is none: nothing began in 1970."""
    run = RunInfo.model_validate({**RUN, "started_at": 0, "began_at": 0.0, "ended_at": -1})
    assert (run.started_at, run.began_at, run.ended_at) == (None, None, None)


def test_a_good_number_is_taken() -> None:
    """Times in seconds since the epoch; -1 for a run without an event."""
    run = RunInfo.model_validate({**RUN, "started_at": 1_700_000_000.5, "last_seq": -1})
    assert (run.started_at, run.last_seq) == (1_700_000_000.5, -1)


def test_one_bad_result_or_requirement_loses_only_itself() -> None:
    """What can be read is kept; what is no list at all is not said."""
    run = RunInfo.model_validate(
        {
            **RUN,
            "results": {"a": {"status": "success", "orders": [0, math.nan, 2]}, "b": "broken"},
            "requirements": [{"id": "q", "kind": "confirmation"}, {"id": "p", "kind": "dance"}, 7],
            "interactions": "none",
        }
    )
    assert run.results is not None and list(run.results) == ["a"]
    assert run.results["a"].orders == [0, 2]
    assert run.requirements is not None and [each.id for each in run.requirements] == ["q"]
    assert run.interactions is None


def test_an_answer_that_leaves_out_what_is_too_much_is_read_as_far_as_it_goes() -> None:
    results = {"a": {"status": "success", "orders": [7], "cut": ["content", "orders"]}}
    run = RunInfo.model_validate({**RUN, "results": results, "results_cut": True})
    assert run.results is not None and run.results["a"].status == "success"
    assert (run.results["a"].content, run.results["a"].orders) == (None, [7])


def test_interactions_need_not_repeat_what_they_are() -> None:
    """Of which run and kind they are is known from where they stand."""
    run = RunInfo.model_validate({**RUN, "interactions": [{"interaction_id": "i", "auth_url": "https://x.test"}, 1]})
    assert run.interactions is not None
    assert [(each.run_id, each.interaction) for each in run.interactions] == [("r", "oauth")]


def test_a_log_line_with_a_wild_time_has_none() -> None:
    """The line itself is shown; what is no line is left out."""
    told = [{"ts": math.nan, "text": "x", "level": None}, "no line", {"text": 7}]
    page = LogPage.model_validate({"lines": told, "cursor": ""})
    assert [(line.ts, line.text, line.level) for line in page.lines] == [(None, "x", None)] and page.cursor is None


def test_one_bad_number_loses_one_field() -> None:
    """NaN is no JSON, yet servers send it: the rest of the answer is read."""
    run = read_json('{"run_id": "r", "status": "success", "started_at": NaN, "ended_at": 1e400, "last_seq": 3}', ANSWER)
    assert (run.started_at, run.ended_at, run.last_seq) == (None, None, 3)


def test_half_a_character_is_replaced() -> None:
    """A lone surrogate escape does not lose the answer."""
    assert read_json('{"run_id": "r", "status": "success", "error": "\\ud83d!"}', ANSWER).error == "\ufffd!"


@pytest.mark.parametrize("text", ["", "<html>", "[" * 100_000, '{"status": "success"}', "7" * 5_000])
def test_what_is_no_answer_raises_a_value_error(text: str) -> None:
    """Nothing else is raised: nesting ends in words, not in the end of the runtime."""
    with pytest.raises(ValueError):
        read_json(text, ANSWER)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text whatever raises anything but ValueError."""
    with contextlib.suppress(ValueError):
        read_json(text, TypeAdapter(list[int]))
