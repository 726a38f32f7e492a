from __future__ import annotations

import math
from typing import Any

import pytest

from pyapp.contract.decode import decode_item
from pyapp.contract.events import EndNode
from pyapp.contract.usage import Usage

END = {"event": "end_node", "run_id": "r", "node_id": "n", "status": "success"}
WHOLE = {
    "input_tokens": 120,
    "output_tokens": 14,
    "cost": 0.25,
    "currency": "EUR",
    "model": "m",
    "time_to_first_token_s": 0.5,
}


def told(usage: Any) -> Usage | None:
    made = decode_item({**END, "usage": usage})
    assert isinstance(made, EndNode), "a bad usage never costs its event"
    return made.usage


def test_every_part_is_read_and_more_is_kept() -> None:
    usage = told({**WHOLE, "cached_tokens": 3})
    assert usage is not None and usage.model_dump() == {**WHOLE, "cached_tokens": 3}


@pytest.mark.parametrize("field", ["input_tokens", "output_tokens", "cost", "time_to_first_token_s"])
@pytest.mark.parametrize("bad", [-1, "12", True, None, [], 1e300, 10**400, math.nan, math.inf])
def test_what_is_no_count_or_no_finite_amount_is_not_taken(field: str, bad: Any) -> None:
    usage = Usage.model_validate({**WHOLE, field: bad})
    assert getattr(usage, field) is None
    assert usage.model == "m"


@pytest.mark.parametrize("bad", ["much", 7, [1], True])
def test_a_usage_that_is_none_at_all_was_not_sent(bad: Any) -> None:
    assert told(bad) is None
