from __future__ import annotations

from typing import Any

from pyapp.contract.events import InteractionEvent, Requirement
from pyapp.run.record import SignIn, Wanted
from pyapp.stores.rows import (
    MAX_LINES,
    Card,
    GroupState,
    LogLine,
    MockNode,
    RunLog,
    RunRow,
    requirement_key,
    sign_in_key,
)


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


def test_a_card_says_where_and_until_when() -> None:
    """A sign-in only while it is pending; ids of the two kinds never meet."""
    wanted = Wanted(Requirement.model_validate({"id": "q", "kind": "confirmation", "expires_at": 5.0}), "n0")
    assert (Card("r", wanted).node_id, Card("r", wanted).expires_at) == ("n0", 5.0)
    given: dict[str, Any] = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://x.example"}
    event = InteractionEvent.model_validate(
        {"event": "interaction_event", "run_id": "r", "node_id": "n1", "expires_at": 7.0, **given}
    )
    cards = [Card("r", sign_in=SignIn(event, status)) for status in ("pending", "failed")]
    assert [(card.node_id, card.expires_at) for card in cards] == [("n1", 7.0), ("n1", None)]
    assert (Card("r").node_id, Card("r").expires_at) == (None, None)
    assert requirement_key("r", "x") != sign_in_key("r", "x")
