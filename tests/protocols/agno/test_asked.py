from __future__ import annotations

from pyapp.protocols.agno.asked import Asked


def test_a_pause_goes_on_once() -> None:
    """Its parts and its root each say so; what it asked is resolved with the first."""
    asked = Asked()
    assert asked.ask(["a", "b"]) == []
    assert asked.go_on() == [{"event": "resume_start", "resolved": ["a", "b"]}]
    assert asked.go_on() is None
    assert asked.work() is None


def test_work_behind_a_pause_goes_on_with_the_run() -> None:
    """Agno does not say so of a review or a route."""
    asked = Asked()
    assert asked.work() is None
    asked.ask(["a"])
    assert asked.work() == [{"event": "resume_start", "resolved": ["a"]}]


def test_what_is_not_asked_again_was_answered() -> None:
    asked = Asked()
    asked.ask(["a"])
    assert asked.ask(["a"]) == []
    assert asked.ask(["b"]) == [{"event": "resume_start", "resolved": ["a"]}]


def test_of_a_pause_that_was_not_seen_nobody_knows_what_it_asked() -> None:
    """It goes on once, and closes all of its run."""
    asked = Asked()
    assert asked.go_on() == [{"event": "resume_start"}]
    assert asked.go_on() is None
