from __future__ import annotations

from typing import Any

from pyapp.protocols.agno.numbers import Numbers, Places

from .support import at, needs_recordings


def event(index: Any, run: str = "r") -> dict[str, Any]:
    return {"event": "StepStarted", "run_id": run, "event_index": index}


def test_what_came_before_is_not_taken_again() -> None:
    """By its index and its run; without an index everything is new."""
    numbers = Numbers()
    assert [numbers.take(event(each)) for each in (0, 1, 1, 0, 2)] == [True, True, False, False, True]
    assert numbers.take(event(1, "nested")), "a nested workflow of Agno 2.9 counts for itself"
    assert [numbers.take(event(None)) for _ in range(2)] == [True, True]


def test_what_is_missing_is_known_by_the_indices_alone() -> None:
    numbers = Numbers()
    assert numbers.whole
    for index in (4, 5, 7):
        numbers.take(event(index))
    assert not numbers.whole
    numbers.take(event(6))
    assert numbers.whole


@needs_recordings
def test_a_nested_workflow_of_2_9_has_no_place_in_its_root() -> None:
    """From 3.0 it counts on with its root; an agent in it does so in both."""
    for version, with_root in (("2.9", False), ("3.1", True)):
        places, last, raw = Places(), -1, at(version, "flow_nested")
        for each in raw:
            place = places.of(each, last)
            nested = each.get("nested_depth") and "agent_id" not in each
            assert place == (each["event_index"] if with_root or not nested else None), each
            last = max(last, place if place is not None else -1)
        assert last == raw[-1]["event_index"], "the root is whole"


def test_an_event_without_an_index_has_no_place() -> None:
    assert Places().of({"event": "RunStarted", "run_id": "r"}, 3) is None
    assert Places().of(event(4), 9) == 4
