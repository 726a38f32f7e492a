"""JSON from outside is taken up to a bound, and what a log holds beyond it is cut where it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic_core import from_json

from flowglow.reading import MAX_DEPTH, TOLD_DEPTH, TooDeep, held, read, shallow
from tests.flowglow.support import nested


def test_what_is_nested_up_to_the_bound_is_taken() -> None:
    """Also where brackets are only written: in texts, or side by side."""
    deep = nested(MAX_DEPTH)
    assert read(json.dumps(deep)) == shallow(json.dumps(deep)) == deep
    wide = {"text": "[{" * 300, "rows": [[number, {}] for number in range(300)]}
    assert read(json.dumps(wide)) == wide


@pytest.mark.parametrize("levels", [MAX_DEPTH, TOLD_DEPTH, 199, 5_000])
def test_what_is_nested_deeper_is_refused_and_named(levels: int) -> None:
    """By the way to it, cut; where a parser does not come so far, by what is the matter alone."""
    text = f'{{"input": {{"rows": [{"[" * (levels - 2)}{"]" * (levels - 2)}]}}}}'
    words = "`input.rows.0` is nested deeper than 128 levels" if levels < 201 else "it is nested deeper than 128 levels"
    for refuses in (read, shallow):
        with pytest.raises(TooDeep, match=words):
            refuses(text)


def test_what_is_no_json_is_not_called_deep() -> None:
    for text in ("{", "[" * 150, '{"n": NaN}', '{"n": 1e999}'):
        with pytest.raises(ValueError, match=r"EOF|expected|too large to be held") as error:
            read(text)
        assert not isinstance(error.value, TooDeep), text


@pytest.mark.parametrize("levels", [TOLD_DEPTH + 1, 201, 210])
def test_what_a_log_holds_is_cut_so_that_it_can_be_told(levels: int) -> None:
    """With all that it stands in; and what is beside it stays."""
    value = {"beside": 1, "deep": nested(levels - 1)}
    told = held(json.dumps(value))
    assert told == {"beside": 1, "deep": nested(TOLD_DEPTH - 1, None)}
    assert from_json(json.dumps([{"results": {"n": told}}]))
    kept: dict[str, Any] = {"beside": 1, "deep": nested(TOLD_DEPTH - 1)}
    assert held(json.dumps(kept)) == kept
