from __future__ import annotations

from pyapp.stores.rows import MockNode, RunRow
from pyapp.views.states import execution_status
from tests.views.support import Gallery


def test_an_execution_waits_while_its_last_wait_is_open() -> None:
    """What its end left open says nothing."""

    def status(of: str, *waits: tuple[float, float | None]) -> str:
        return execution_status(MockNode("n-0", "n", "n", "r", 0, of, True, waits=waits))  # type: ignore[arg-type]

    assert status("executing") == status("executing", (1.0, 2.0)) == "executing"
    assert status("executing", (1.0, 2.0), (3.0, None)) == "paused"
    assert status("killed", (3.0, None)) == "killed"


def test_what_was_not_reached_can_be_said_of_a_run_that_is_over_and_more_than_a_row() -> None:
    gallery = Gallery()
    states = gallery.context.states
    assert states.settled("r") is None
    gallery.stores.runs.set("r", RunRow("r", "error"))
    assert states.settled("r") is None
    gallery.mock("n0", 0, "error")
    assert states.settled("r") is gallery.stores.runs.get("r")
    gallery.stores.runs.set("r", RunRow("r", "executing"))
    assert states.settled("r") is None
