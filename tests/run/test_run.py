from __future__ import annotations

import sys

import pytest

from pyapp.run.run import Run
from pyapp.run.server_word import hear
from pyapp.run.tracking import Asked, ExecutionTracking
from pyapp.testing.clock import FakeClock
from tests.run.support import Json, Tree, answer, end, numbered, pause, run_end, sign_in, start, take, text, tool


def told(*events: Json) -> Run:
    tracking = ExecutionTracking(FakeClock())
    take(tracking, events)
    return tracking.run("r")


def test_a_run_nobody_spoke_of_is_unverified() -> None:
    """Unknown is not queued, and not running."""
    run = told()
    assert (run.status, run.over, run.record.over, run.flow_id, run.started_at) == (
        "unverified",
        False,
        False,
        None,
        None,
    )


def test_it_reads_the_record() -> None:
    run = told(
        {"event": "run_start", "flow_id": "f", "entity_name": "Ada"},
        start(),
        tool(),
        text("x"),
        run_end("error", error="e"),
    )
    assert (run.status, run.over, run.record.over, run.flow_id, run.record.name, run.error) == (
        "error",
        True,
        True,
        "f",
        "Ada",
        "e",
    )
    assert (list(run.record.nodes), len(run.record.tools), len(run.record.messages), run.record.groups) == (
        ["n"],
        1,
        2,
        {},
    )
    assert (run.started_at, run.ended_at) == (0.0, 0.0)
    assert [each.status for each in run.executions("n")] == ["error"]
    assert (list(run.executions("nobody")), run.execution("nobody", 0)) == ([], None)


def test_doubt_shows_a_run_unverified() -> None:
    """But not one that waits for a person, and not one that is over; a further event ends it."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, [start()])
    run = tracking.run("r")
    run.doubt = "silence"
    assert str(run.status) == "unverified" and not run.over
    take(tracking, [text("x")])
    assert run.status == "executing"
    for last, status in ((pause("q"), "paused"), (run_end("killed"), "killed")):
        take(tracking, [last])
        run.doubt = "silence"
        assert run.status == status


@pytest.mark.parametrize(("status", "outcome"), [("success", "unknown"), ("error", "error"), ("killed", "killed")])
def test_nobody_speaks_in_a_run_that_the_server_alone_says_is_over(status: str, outcome: str) -> None:
    """Its process died, and no event told of that: no bubble is busy, and no tool; until an event says otherwise."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, numbered(start(), tool(tool_call_id="x"), text("x")))
    run = tracking.run("r")
    assert all(run.bubble(key).busy for key in run.record.messages)
    tracking.hear(run, answer(status, last_seq=2, ended_at=9.0), tracking.asking(run))
    bubbles = [run.bubble(key) for key in run.record.messages]
    assert [(each.kind, each.busy, each.status, each.ended_at) for each in bubbles] == [
        ("tool", False, outcome, 9.0), ("text", False, outcome, 9.0),
    ]  # fmt: skip
    take(tracking, numbered(text("y"), since=3))
    assert [run.bubble(key).text for key in run.record.messages if run.bubble(key).busy] == ["", "xy"]


@pytest.mark.parametrize(("timed", "ended_at"), [(True, 8.0), (False, 5.0)])
def test_a_run_ends_no_earlier_than_what_happened_in_it(timed: bool, ended_at: float) -> None:
    """Though the server alone tells its end, and an earlier one; where events bear moments."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, numbered(*(text("x", ts=float(at) if timed else None) for at in range(1, 10))))
    run = tracking.run("r")
    tracking.hear(run, answer("killed", last_seq=8, ended_at=5.0), tracking.asking(run))
    assert run.over and run.ended_at == ended_at


def test_an_answer_ends_doubt() -> None:
    tracking = ExecutionTracking(FakeClock())
    take(tracking, [start()])
    run = tracking.run("r")
    run.doubt = "silence"
    assert tracking.hear(run, answer("executing"), tracking.asking(run))
    assert run.status == "executing"


def test_what_a_node_shows() -> None:
    """Executing while one execution is open; then the outcome of the one that ended last; nothing before."""
    run = told(start(order=0), start(order=1), end(order=1, status="error"))
    assert (run.shown_status("n"), run.shown_status("nobody")) == ("executing", None)
    run = told(start(order=0), start(order=1), end(order=1, status="error"), end(order=0))
    assert run.shown_status("n") == "success"


def test_the_earlier_start_counts() -> None:
    """The server may know that it began before the first event that was seen."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, numbered(start(), since=7))
    tracking.went_on(tracking.run("r"), tracking.run("r").log.give_up())
    run = tracking.run("r")
    assert tracking.hear(run, answer("executing", started_at=3.0, ended_at=99.0), tracking.asking(run))
    assert (run.started_at, run.ended_at) == (3.0, None)
    assert tracking.hear(run, answer("executing", started_at=30.0), tracking.asking(run))
    assert run.started_at == 7.0


def test_a_history_without_times_says_nothing_of_a_queue() -> None:
    """It is told long after it was: what the server says of the run's times stands."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, numbered(start(), end(), run_end(), since=900))
    run = tracking.run("r")
    tracking.went_on(run, run.log.give_up())
    assert run.started_at == 900.0
    run.word = hear(answer("success", started_at=10.0, ended_at=30.0), run.record, -1, numbered=False)
    assert (run.started_at, run.began_at, run.ended_at) == (10.0, None, 30.0)
    timed = told(start() | {"ts": 0.0}, end(), run_end())
    assert timed.began_at == 0.0


def test_nothing_waits_in_a_run_that_is_over() -> None:
    """Also when only the server knows that it is."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, numbered(start(), pause("q", node_id="n"), sign_in()))
    run = tracking.run("r")
    assert run.is_waiting("n") and not run.is_waiting("nobody")
    assert ([key for key, _ in run.cards()], [key for key, _ in run.sign_ins()]) == (["q"], ["s"])
    tracking.hear(run, answer("killed", last_seq=9), tracking.asking(run))
    assert (run.is_waiting("n"), list(run.cards()), list(run.sign_ins())) == (False, [], [])


def test_what_only_the_server_asks_stands_behind_what_events_asked() -> None:
    """In its order: on every page the cards of a run have one order."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, numbered(pause("b", "a"), sign_in("t")))
    run = tracking.run("r")
    asked = [{"id": each, "kind": "confirmation"} for each in ("b", "a", "d", "c")]
    wanted = [{**sign_in(each), "run_id": "r"} for each in ("t", "s")]
    tracking.hear(run, answer("paused", requirements=asked, interactions=wanted), tracking.asking(run))
    for cards in (dict(run.cards()), dict(run.sign_ins())):
        assert sorted(cards, key=lambda each: cards[each].serial) == list(cards)
    assert (list(dict(run.cards())), list(dict(run.sign_ins()))) == (["b", "a", "d", "c"], ["t", "s"])


def test_the_end_is_known_by_a_status_or_by_a_number() -> None:
    """Of a word without a number its status alone tells; one whose number is behind the end may lack what was given."""
    tracking = ExecutionTracking(FakeClock())
    take(tracking, numbered(start(), run_end()))
    run = tracking.run("r")
    assert not run.is_end_known
    words = {
        "old": ("executing", None),
        "older": ("executing", 0),
        "by number": ("executing", 1),
        "over": ("success", None),
        "over, and behind": ("success", 0),
    }
    known = {}
    for name, (status, last_seq) in words.items():
        tracking.hear(run, answer(status, last_seq=last_seq), tracking.asking(run))
        known[name] = run.is_end_known
    assert known == {"old": False, "older": False, "by number": True, "over": True, "over, and behind": False}


def test_what_is_known_without_a_question_is_no_answer() -> None:
    """As a row says of a run that was forgotten: its results were in no answer, and any answer is newer."""
    tracking, unasked = ExecutionTracking(FakeClock()), Asked(-1, -1, -1)
    run = tracking.run("r")
    assert tracking.hear(run, answer("success"), unasked) and run.status == "success"
    take(tracking, numbered(start(), run_end()))
    assert not run.is_end_known
    tracking.hear(run, answer("success"), tracking.asking(run))
    assert run.is_end_known and not tracking.hear(run, answer("error"), unasked)


def test_a_run_lived_here_that_the_server_knew_to_go_on() -> None:
    tracking = ExecutionTracking(FakeClock())
    lived = []
    for run_id, status in (("r", "executing"), ("q", "success")):
        run = tracking.run(run_id)
        tracking.hear(run, answer(status, run_id=run_id), tracking.asking(run))
        lived.append(run.lived)
    assert lived == [True, False]


def test_groups_are_read_without_a_look_at_all_that_the_server_told() -> None:
    """What events speak of by now is looked at once, however many nodes a word names."""
    many = {f"n{number}": {"status": "executing", "orders": [number]} for number in range(300)}
    tracking = ExecutionTracking(FakeClock())
    take(tracking, [start(node, number) for number, node in enumerate(many)])
    run, flow, calls = tracking.run("r"), Tree(dict.fromkeys(many, "g")), list[str]()
    tracking.hear(run, answer("executing", results=many), tracking.asking(run))
    assert run.groups(flow) is run.record.groups, "events told all of it"
    sys.setprofile(lambda frame, what, _: calls.append(frame.f_code.co_name) if what == "call" else None)
    try:
        run.groups(flow)
    finally:
        sys.setprofile(None)
    assert len(calls) < 10
