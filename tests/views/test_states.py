from __future__ import annotations

from pyapp.stores.rows import MockNode
from pyapp.views.states import execution_status


def test_an_execution_waits_while_its_last_wait_is_open() -> None:
    """What its end left open says nothing."""

    def status(of: str, *waits: tuple[float, float | None]) -> str:
        return execution_status(MockNode("n-0", "n", "n", "r", 0, of, True, waits=waits))  # type: ignore[arg-type]

    assert status("executing") == status("executing", (1.0, 2.0)) == "executing"
    assert status("executing", (1.0, 2.0), (3.0, None)) == "paused"
    assert status("killed", (3.0, None)) == "killed"
