from __future__ import annotations

import pytest

from pyapp.stores.rows import MAX_LINES, GroupState, LogLine, MockNode, RunLog, RunRow


def test_a_row_knows_whether_it_is_over() -> None:
    """Only the three terminal words end a run."""
    assert [RunRow("r", status).over for status in ("killed", "success", "error")] == [True] * 3
    assert not RunRow("r", "unverified").over and not RunRow("r", "queued").over


def test_a_run_takes_what_it_takes_from_its_beginning() -> None:
    """Not while it is only queued; where nobody said when it began, from when it was started."""
    assert RunRow("r", "queued", started_at=1.0).since is None
    assert RunRow("r", "executing", started_at=1.0, began_at=3.0).since == 3.0
    assert RunRow("r", "success", started_at=1.0).since == 1.0


def test_durations_are_between_two_moments() -> None:
    """Never negative; none while one of the moments is not known."""

    def took(start: float | None, end: float | None) -> tuple[float | None, float | None]:
        mock = MockNode("n-0", "n", "n", "r", 0, "success", True, started_at=start, ended_at=end)
        return mock.duration_s, GroupState("success", 1, 1, started_at=start, ended_at=end).duration_s

    assert took(1.0, 3.5) == (2.5, 2.5) and took(3.0, 1.0) == (0.0, 0.0)
    assert took(None, 1.0) == took(1.0, None) == (None, None)
    assert not MockNode("n-0", "n", "n", "r", 0, "executing", True).ended


def test_a_mock_node_is_never_changed() -> None:
    """Its class does not see to that, the tests do: tests/record_guard.py."""
    with pytest.raises(AssertionError, match="only the fold"):
        MockNode("n-0", "n", "n", "r", 0, "executing", True).status = "error"


def test_a_log_is_bounded_and_knows_its_total() -> None:
    """Old lines leave, the total goes on."""
    log = RunLog().extended([LogLine(None, "info", str(n)) for n in range(MAX_LINES + 3)])
    assert (len(log.lines), log.dropped, log.total) == (MAX_LINES, 3, MAX_LINES + 3)
    assert log.extended([LogLine(None, "info", "x")]).dropped == 4


def test_a_run_is_known_once_anything_was_told_of_it() -> None:
    """One that a link alone names may not be: there is nothing to run again."""
    assert RunRow("r", "queued").known
    for told in ({"seen": True}, {"flow_id": "f"}, {"started_at": 0.0}):
        assert RunRow("r", "unverified", **told).known and RunRow("r", "unverified", **told).repeatable
    assert not RunRow("r", "unverified").known and not RunRow("r", "unverified").repeatable
