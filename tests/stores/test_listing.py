from __future__ import annotations

from typing import get_args

import pytest

from pyapp.stores.listing import RunsFilter, Wanted
from pyapp.stores.rows import RunRow

ROW = RunRow("run-7", "error", "demo", "Demo", started_at=100.0, error="Boom!", input="What is a lane?")


@pytest.mark.parametrize(
    ("wanted", "admitted"),
    [
        (RunsFilter(), True),
        (RunsFilter(errors_first=True), True),
        (RunsFilter(this_flow=True), True),
        (RunsFilter(status="error"), True),
        (RunsFilter(status="success"), False),
        (RunsFilter(status="live"), False),
        (RunsFilter(status="paused"), False),
        (RunsFilter(text="LANE"), True),
        (RunsFilter(text="boom"), True),
        (RunsFilter(text="run-7"), True),
        (RunsFilter(text="other"), False),
        (RunsFilter(within_s=10.0), True),
        (RunsFilter(within_s=4.0), False),
        (RunsFilter(status="error", text="lane", within_s=10.0), True),
        (RunsFilter(status="error", text="other"), False),
    ],
)
def test_a_run_is_seen_when_all_that_is_chosen_fits(wanted: RunsFilter, admitted: bool) -> None:
    assert wanted.admits(ROW, "demo", 105.0, ROW.status) is admitted


def test_of_another_flow() -> None:
    """A run without a flow belongs to the one on the canvas."""
    assert not RunsFilter(this_flow=True).admits(ROW, "other", 105.0, "error")
    assert RunsFilter(this_flow=True).admits(RunRow("r", "queued"), "other", 105.0, "queued")


def test_a_run_has_one_status_by_which_it_is_found() -> None:
    """How it is to whoever looks: one that asks a person goes on in its record, and is not found as running."""
    row = RunRow("r", "executing")
    found = {
        status: [wanted for wanted in get_args(Wanted) if RunsFilter(status=wanted).admits(row, None, 0.0, status)]
        for status in ("queued", "executing", "unverified", "paused", "killed")
    }
    live = ["", "live"]
    assert found == {
        "queued": live, "executing": live, "unverified": live, "paused": ["", "paused"], "killed": ["", "killed"],
    }  # fmt: skip


def test_a_text_is_looked_for_in_what_the_row_says() -> None:
    """A listed run has no name of its own: its row says the flow's, and what it waits for."""
    row = RunRow("run-8", "paused", "bills")
    assert not RunsFilter(text="invoices").admits(row, None, 0.0, "paused")
    assert RunsFilter(text="invoices").admits(row, None, 0.0, "paused", "Invoices of the month")


def test_narrow_is_what_leaves_something_out() -> None:
    assert not RunsFilter(errors_first=True).narrow
    assert all(each.narrow for each in (RunsFilter(True), RunsFilter(text="x"), RunsFilter(within_s=1.0)))
