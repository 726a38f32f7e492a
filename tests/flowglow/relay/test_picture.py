"""The picture of a run is a fold over its events."""

from __future__ import annotations

import time
from typing import Any

import pytest

from flowglow.relay.log.kept import KeptRun, taken_up
from flowglow.relay.log.port import Draft, NewRun
from flowglow.relay.picture import Picture
from flowglow.wire import to_text


def picture(*events: dict[str, Any]) -> Picture:
    made = Picture()
    for event in events:
        made.apply(event)
    return made


def start(node: str, order: int | None = None) -> dict[str, Any]:
    return {"event": "start_node", "node_id": node, "order": order}


def end(node: str, status: str = "success", order: int | None = None, content: Any = None) -> dict[str, Any]:
    return {"event": "end_node", "node_id": node, "order": order, "status": status, "content": content}


CONFIRM = {"id": "q", "kind": "confirmation"}
PAUSE = {"event": "AgentPaused", "requirements": [CONFIRM]}


def asks(*ids: str) -> dict[str, Any]:
    return {"event": "AgentPaused", "requirements": [{"id": each, "kind": "confirmation"} for each in ids]}


def signs_in(interaction_id: str, node_id: str, **more: Any) -> dict[str, Any]:
    return {"event": "interaction_event", "interaction_id": interaction_id, "node_id": node_id, **more}


def test_a_run_is_queued_until_it_starts() -> None:
    """The first event takes it out of the queue; its end settles it."""
    assert picture().status == "queued"
    assert picture({"event": "run_start"}).status == "executing"
    assert picture({"event": "run_start"}, {"event": "run_end"}).status == "success"
    assert picture({"event": "run_end", "status": "killed"}).status == "killed"


def test_results_speak_of_the_last_order() -> None:
    """A node that runs twice shows its second run, and both orders."""
    made = picture(start("a", 0), end("a", "error", 0, "x"), start("a", 1), end("a", "success", 1, "y"))
    assert made.results["a"].json() == {"status": "success", "orders": [0, 1], "content": "y"}
    again = picture(start("a", 0), end("a", "error", 0, "x"), start("a", 1))
    assert again.results["a"].json() == {"status": "executing", "orders": [0, 1]}


def test_an_older_execution_that_ends_later_changes_nothing() -> None:
    """Two executions of a node overlap: the later order is the one that counts."""
    made = picture(start("a", 0), start("a", 1), end("a", "error", 0))
    assert made.results["a"].status == "executing"
    assert list(made.open_nodes) == [("a", 1)]


def test_orders_that_nobody_gave_are_counted() -> None:
    """Without `order` a start takes the next one of the run, and an end closes the node's latest."""
    made = picture(start("a"), start("b"), end("a"), start("a"), end("a"))
    assert list(made.results["a"].orders) == [0, 2]
    assert list(made.results["b"].orders) == [1]
    assert list(made.open_nodes) == [("b", 1)]


def test_an_end_without_start_is_taken() -> None:
    """A foreign stream may begin in the middle."""
    assert picture(end("a", "success", 3)).results["a"].json() == {"status": "success", "orders": [3]}


def test_a_pause_waits_until_it_is_resolved() -> None:
    """What is open is listed; a resume takes away what it resolved, or everything."""
    paused = picture({"event": "run_start"}, PAUSE)
    assert (paused.status, list(paused.requirements)) == ("paused", ["q"])
    kept = picture(PAUSE, {"event": "resume_start", "resolved": ["other"]})
    assert (kept.status, list(kept.requirements)) == ("executing", ["q"])
    assert not picture(PAUSE, {"event": "resume_start"}).requirements
    assert picture(PAUSE, {"event": "resume_end", "status": "paused"}).status == "paused"
    ended = picture(PAUSE, {"event": "resume_end"})
    assert ended.status == "success" and not ended.requirements


SIGN_IN = {"event": "interaction_event", "interaction": "oauth", "interaction_id": "i", "auth_url": "https://a.b"}
FAILED = SIGN_IN | {"status": "failed", "node_id": "a"}


def test_a_sign_in_is_open_while_it_is_pending() -> None:
    """A later event with the same id settles it."""
    assert list(picture(SIGN_IN).interactions) == ["i"]
    for status in ("completed", "expired"):
        assert not picture(SIGN_IN, SIGN_IN | {"status": status}).interactions


def test_a_sign_in_that_failed_is_open_as_it_can_be_tried_again() -> None:
    """Until it is completed, its step ended, or the requirement that it names was answered (docs/contract.md §7)."""
    failed = picture(SIGN_IN, SIGN_IN | {"status": "failed"})
    assert failed.interactions["i"]["status"] == "failed"
    assert picture(start("a", 0), start("a", 1), FAILED, end("a", order=0)).interactions
    assert not picture(start("a", 0), FAILED, end("a", order=0)).interactions
    assert not picture(start("a", 0), end("a", order=0), FAILED).interactions
    assert not picture(FAILED, SIGN_IN | {"status": "completed"}).interactions
    assert not picture(FAILED, {"event": "run_end"}).interactions


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_a_sign_in_is_over_once_what_wanted_it_was_answered(status: str) -> None:
    wanted = SIGN_IN | {"status": status, "requirement_id": "q"}
    assert not picture(PAUSE, wanted, {"event": "resume_start", "resolved": ["q"]}).interactions
    assert not picture(PAUSE, wanted, {"event": "resume_start"}).interactions
    assert picture(PAUSE, wanted, {"event": "resume_start", "resolved": ["other"]}).interactions


def test_unknown_events_change_nothing() -> None:
    """Text and whatever comes one day leave the picture as it is."""
    assert picture({"event": "RunContent", "content": "x"}) == picture()


@pytest.mark.parametrize(
    "events",
    [
        [start(f"n{number}") for number in range(4_000)],
        [start(f"n{number}") for number in range(10_000)] + [end(f"n{number}") for number in range(10_000)],
        [each for number in range(10_000) for each in (start("loop", number), end("loop", order=number))],
    ],
    ids=["starts without order", "many open at once", "one node again and again"],
)
def test_an_event_costs_the_same_whatever_was_before(events: list[dict[str, Any]]) -> None:
    """A producer may send thousands in one call, and nobody else is served while they are folded."""
    made, began = Picture(), time.process_time()
    for event in events:
        made.apply(event)
        assert time.process_time() - began < 1.0


def test_a_picture_that_is_taken_up_from_its_parts_goes_on_as_before() -> None:
    """Orders go on behind the highest, and an end closes the latest execution of its node."""
    run = KeptRun(NewRun("r", None, 0.0))
    for event in (start("a", 7), start("a", 3), start("b", 5), end("b")):
        run.apply(Draft("e", {**event, "ts": 0.0}, ""))
    again = taken_up("r", run.head(), run.given(), {}, {node_id: run.result(node_id) for node_id in ("a", "b")})
    assert again.picture == run.picture
    for event in (start("b"), end("a", "error")):
        again.picture.apply(event)
    assert list(again.picture.results["b"].orders) == [5, 8]
    assert list(again.picture.open_nodes) == [("a", 7), ("b", 8)]
    assert again.picture.results["a"].status == "error"


def test_what_a_run_was_given_is_no_part_of_what_each_event_writes_anew() -> None:
    run = KeptRun(NewRun("r", "f", 0.0, {"text": "x" * 100_000}))
    assert len(to_text(run.head())) < 1_000
    assert taken_up("r", run.head(), run.given(), {}).summary(-1) == run.summary(-1)


@pytest.mark.parametrize("same", [False, True], ids=["many nodes", "one node"])
def test_what_each_event_writes_anew_does_not_grow_with_what_is_open(same: bool) -> None:
    """20,000 executions under way: the head, and what is kept of the node that the event is of."""
    run = KeptRun(NewRun("r", "f", 0.0))
    for number in range(20_000):
        run.apply(Draft("e", {**start("a" if same else f"n{number}", number), "ts": 0.0}, ""))
    run.touched.clear()
    run.apply(Draft("e", {**end("a" if same else "n7", order=19_999 if same else 7), "ts": 0.0}, ""))
    written = [run.head(), *(run.result(node_id) for node_id in run.touched)]
    assert len(run.touched) == 1 and sum(len(to_text(each)) for each in written) < 20_000


def test_what_each_event_writes_anew_does_not_grow_with_what_waits() -> None:
    """5,000 questions and as many sign-ins: only the one that the event is about is written, also where it goes."""
    run = KeptRun(NewRun("r", "f", 0.0))
    for number in range(5_000):
        for event in (asks(f"q{number}"), signs_in(f"i{number}", "a")):
            run.apply(Draft("e", {**event, "ts": 0.0}, ""))
    run.is_kept()
    for event, written in (
        ({"event": "RunContent", "content": "x"}, set()),
        (asks("q5"), {"requirement q5"}),
        ({"event": "resume_start", "resolved": ["q7"]}, {"requirement q7"}),
        (signs_in("i3", "a", status="success"), {"sign-in i3"}),
    ):
        run.apply(Draft("e", {**event, "ts": 0.0}, ""))
        assert set(run.waiting()) == written and len(to_text([run.head(), run.waiting()])) < 1_000
        run.is_kept()


def test_a_run_of_a_log_that_kept_what_waits_in_the_head_waits_still() -> None:
    """And each has a part of its own as soon as the run goes on."""
    run = KeptRun(NewRun("r", "f", 0.0))
    asked = {f"q{number}": {"id": f"q{number}", "kind": "confirmation"} for number in (2, 10, 1)}
    old = {**run.head(), "requirements": asked, "interactions": {"i": {"x": 1}}, "asked": {"q1": "e1", "gone": "e2"}}
    told = taken_up("r", old, None, {}).json(-1)
    assert [each["id"] for each in told["requirements"]] == ["q2", "q10", "q1"]
    assert told["interactions"] == [{"x": 1}] and told["asked"]["q1"] == "e1"
    again = taken_up("r", old, None, {})
    again.apply(Draft("e9", {**asks("q2", "q3"), "ts": 0.0}, ""))
    again = taken_up("r", again.head(), None, again.waiting())
    assert list(again.picture.requirements) == ["q2", "q10", "q1", "q3"] and list(again.picture.interactions) == ["i"]


def test_a_run_of_a_log_that_kept_what_is_open_in_the_head_goes_on_as_before() -> None:
    old = {**KeptRun(NewRun("r", "f", 0.0)).head(), "open": [["a", 3], ["b", 5]]}
    del old["highest"], old["cut"]
    kept = {node_id: {"status": "executing", "orders": [order]} for node_id, order in old["open"]}
    again = taken_up("r", old, None, {}, kept)
    for number in range(2):
        assert list(again.picture.open_nodes) == [("a", 3), ("b", 5)] and again.picture.highest == 5, number
        assert number or again.touched == {"a", "b"}
        again = taken_up("r", again.head(), None, {}, {node_id: again.result(node_id) for node_id in "ab"})


def test_a_run_of_a_log_that_kept_it_in_the_head_has_it_still() -> None:
    run = KeptRun(NewRun("r", "f", 0.0))
    again = taken_up("r", {**run.head(), "input": "x"}, None, {})
    assert taken_up("r", again.head(), None, {}).input == "x"
