from __future__ import annotations

from typing import Any

from pyapp.protocols.agno.fields import (
    count,
    failed_as,
    is_nested,
    kind_of,
    number,
    reason_of,
    record,
    records,
    run_of,
    text,
)


def test_what_is_not_of_its_type_is_as_if_it_had_not_been_sent() -> None:
    assert [text(each) for each in ("a", "", 7, None)] == ["a", None, None, None]
    assert [number(each) for each in (1, 0.5, True, "1")] == [1.0, 0.5, None, None]
    assert [number(each) for each in (float("inf"), float("nan"), 10**400)] == [None] * 3
    assert [count(each) for each in (0, 3, -1, True, 1.0)] == [0, 3, None, None, None]
    assert (record({"a": 1}), record([])) == ({"a": 1}, {})
    assert (records([{}, 7, {"a": 1}]), records({})) == ([{}, {"a": 1}], [])
    assert (run_of({"run_id": "r"}), run_of({"run_id": 7})) == ("r", None)


def test_what_an_event_is_of() -> None:
    """Of a team by its id or its name; nested by its depth, or by the step it is in."""
    assert [kind_of(each) for each in ({"team_id": "t"}, {"event": "TeamRunError"}, {"event": "RunError"})] == [
        "team", "team", "agent",
    ]  # fmt: skip
    nested: list[dict[str, Any]] = [{"nested_depth": 1}, {"parent_step_id": "s"}, {"nested_depth": 0}, {}]
    assert [is_nested(each) for each in nested] == [True, True, False, False]
    assert [failed_as({"event": each}) for each in ("RunCancelled", "RunError")] == ["killed", "error"]
    assert [reason_of(each) for each in ({"error": "e", "reason": "r"}, {"reason": "r"}, {"content": "c"})] == [
        "e", "r", "c",
    ]  # fmt: skip
