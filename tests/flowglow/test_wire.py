"""JSON that any page can read."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowglow.wire import MAX_EVENT, event_text, size, to_text
from pyapp.contract.decode import decode
from pyapp.contract.events import EndNode

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(ANYTHING)
def test_anything_becomes_json_without_surrogates(value: Any) -> None:
    """Any value becomes JSON that is strict and valid UTF-8."""
    text = to_text(value)
    text.encode()

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(text, parse_constant=refuse)


def test_what_json_cannot_say_is_put_into_words() -> None:
    """NaN becomes null, a set an array, an unknown object its text, half an emoji U+FFFD."""
    value = {"n": math.nan, "s": {1}, "p": Path("a/b"), "e": "half \ud83d"}
    assert json.loads(to_text(value)) == {"n": None, "s": [1], "p": "a/b", "e": "half �"}


def test_an_event_that_is_too_large_is_clipped_and_says_so() -> None:
    """The bulky field is cut; the event still fits into a frame, and the page can still read it."""
    event = {"event": "end_node", "run_id": "r", "node_id": "n", "status": "success", "content": "ü" * MAX_EVENT}
    text = event_text(event)
    assert size(text) <= MAX_EVENT
    (message,) = decode(text)
    assert isinstance(message, EndNode)
    assert message.content.endswith("more characters are left out)")


def test_an_event_that_cannot_be_clipped_is_refused() -> None:
    """A name of more than a megabyte is nobody's event."""
    with pytest.raises(ValueError, match="larger than"):
        event_text({"event": "start_node", "node_id": "n" * MAX_EVENT})
