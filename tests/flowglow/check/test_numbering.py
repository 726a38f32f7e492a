"""Numbers of events, whatever a backend says of them."""

from __future__ import annotations

import tracemalloc
from typing import Any

from flowglow.check.numbering import cursor_of, in_order, missing


def test_what_is_missing_of_a_stretch_is_counted_without_writing_it_out() -> None:
    assert missing(0, 3, {0, 1, 2, 3, 9}) == (4, 0)
    tracemalloc.start()
    try:
        assert missing(1, 10**15, {0, 1, 2, 4}) == (3, 10**15 - 3)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
    assert cursor_of([0, 1, 3]) == 1


def test_events_whose_ids_are_no_text_stay_in_their_sequence() -> None:
    events: list[dict[str, Any]] = [
        {"event_id": ["x"]},
        {"event_id": {}},
        {"seq": 1},
        {"event_id": "a"},
        {"event_id": "a"},
    ]
    assert in_order(events) == [events[2], *events[:2], events[3]]
