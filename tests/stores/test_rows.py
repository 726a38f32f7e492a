from __future__ import annotations

from pyapp.stores.rows import MAX_LINES, GroupState, LogLine, MockNode, RunLog, RunRow


def test_a_row_knows_whether_it_is_over() -> None:
    """Only the three terminal words end a run."""
    assert [RunRow("r", status).over for status in ("killed", "success", "error")] == [True] * 3
    assert not RunRow("r", "unverified").over and not RunRow("r", "queued").over


def test_durations_are_between_two_moments() -> None:
    """Never negative; none while one of the moments is not known."""

    def took(start: float | None, end: float | None) -> tuple[float | None, float | None]:
        mock = MockNode("n-0", "n", "n", "r", 0, "success", True, started_at=start, ended_at=end)
        return mock.duration_s, GroupState("success", 1, 1, started_at=start, ended_at=end).duration_s

    assert took(1.0, 3.5) == (2.5, 2.5) and took(3.0, 1.0) == (0.0, 0.0)
    assert took(None, 1.0) == took(1.0, None) == (None, None)
    assert not MockNode("n-0", "n", "n", "r", 0, "executing", True).ended


def test_a_log_is_bounded_and_knows_its_total() -> None:
    """Old lines leave, the total goes on."""
    log = RunLog().extended([LogLine(None, "info", str(n)) for n in range(MAX_LINES + 3)])
    assert (len(log.lines), log.dropped, log.total) == (MAX_LINES, 3, MAX_LINES + 3)
    assert log.extended([LogLine(None, "info", "x")]).dropped == 4
