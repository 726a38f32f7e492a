from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import Malformed, Unknown, decode_item
from pyapp.contract.events import Event
from pyapp.contract.flow import FlowGraph
from pyapp.run.fold import fold
from pyapp.run.fold.step import Touched
from pyapp.run.log import MAX_EVENTS, RunLog
from pyapp.run.record import RunRecord
from pyapp.run.server_word import NO_WORD
from pyapp.run.tracking import (
    AT_ONCE,
    BOUND_EVERY,
    MAX_ALL_EVENTS,
    MAX_ASKING,
    MAX_REST_S,
    MAX_RUNS,
    REST,
    ExecutionTracking,
)
from pyapp.testing.clock import FakeClock
from tests.run.support import (
    Json,
    Tree,
    end,
    event,
    numbered,
    pause,
    remembered,
    run_end,
    settled,
    sign_in,
    start,
    take,
    text,
)
from tests.streams import FLOW, PARENTS, runs

GRAPH = Tree(PARENTS, FLOW["id"])


class CountingFold:
    """The fold, and how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, record: RunRecord, folded: Event, at: float, flow: FlowGraph) -> Touched:
        self.calls += 1
        return fold(record, folded, at, flow)


def tracked(*events: Json, **options: Any) -> ExecutionTracking:
    tracking = ExecutionTracking(FakeClock(), **options)
    take(tracking, events)
    return tracking


def come(tracking: ExecutionTracking, item: Json) -> None:
    """One item of a stream, whatever it is, at the moment of its number."""
    made = decode_item(item)
    if isinstance(made, Unknown | Malformed):
        run = tracking.run("r")
        tracking.went_on(run, run.log.use(item["seq"]))
    else:
        tracking.take(made, float(item["seq"]))  # type: ignore[arg-type]


def in_order(stream: list[Json]) -> RunRecord:
    """The record of a stream, folded event by event and by nothing else."""
    record = RunRecord("r")
    for item in sorted(stream, key=lambda each: int(each["seq"])):
        made: Any = decode_item(item)
        if not isinstance(made, Unknown | Malformed):
            fold(record, made, float(item["seq"]), GRAPH)
    return record


MOVES = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.booleans()), max_size=12)


@given(runs("r"), MOVES, st.sets(st.integers(0, 60), max_size=4))
def test_whatever_way_events_come_the_record_is_the_fold_of_their_order(
    stream: list[Json], moves: list[tuple[int, int, bool]], impatient: set[int]
) -> None:
    """Early, late, twice, and with the patience at an end at any point."""
    arrived = list(stream)
    for which, where, twice in moves:
        item = arrived[which % len(arrived)] if twice else arrived.pop(which % len(arrived))
        arrived.insert(where % (len(arrived) + 1), item)
    tracking = ExecutionTracking(FakeClock())
    tracking.set_flow(GRAPH)
    for place, item in enumerate(arrived):
        come(tracking, item)
        if place in impatient:
            tracking.went_on(tracking.run("r"), tracking.run("r").log.give_up())
    run = settled(tracking).run("r")
    assert run.record == in_order(stream)
    assert (run.log.missing(), run.log.lost) == ([], 0)


@given(runs("r"), st.integers(0, 80))
def test_record_at_is_the_fold_of_the_first_events(stream: list[Json], count: int) -> None:
    """And the record itself is not touched by it."""
    tracking = ExecutionTracking(FakeClock())
    tracking.set_flow(GRAPH)
    for item in stream:
        come(tracking, item)
    run = tracking.run("r")
    readable = [item for item in stream if not isinstance(decode_item(item), Unknown | Malformed)]
    assert tracking.record_at(run, count) == in_order(readable[:count])
    assert tracking.record_at(run, len(stream)) == run.record == in_order(stream)


def test_an_event_in_order_is_one_step_and_says_what_it_touched() -> None:
    tracking = ExecutionTracking(FakeClock())
    taken = tracking.take(event("start_node", node_id="n", seq=0), 5.0)
    assert (taken.added.verdict, taken.anew, len(taken.steps)) == ("applied", False, 1)
    assert list(taken.steps[0][1].nodes) == ["n"]
    assert taken.run.record.nodes["n"].executions[0].started_at == 5.0


def test_what_a_gap_held_back_is_folded_in_order() -> None:
    tracking = tracked(*numbered(start()))
    held = tracking.take(event("end_node", node_id="n", order=0, status="success", seq=2), 2.0)
    assert (held.added.verdict, held.steps) == ("held", [])
    assert tracking.run("r").record.nodes["n"].executing
    filled = tracking.take(event("RunContent", content="x", seq=1), 1.0)
    assert [step[0].event for step in filled.steps] == ["RunContent", "end_node"]


def test_a_number_that_nothing_understood_fills_its_gap() -> None:
    tracking = tracked(*numbered(start()), *numbered(end(), since=2))
    run = tracking.run("r")
    assert [step[0].event for step in tracking.went_on(run, run.log.use(1)).steps] == ["end_node"]


def test_a_late_event_makes_the_record_anew() -> None:
    tracking = tracked(*numbered(text("one ")), *numbered(text("three"), since=2))
    tracking.went_on(tracking.run("r"), tracking.run("r").log.give_up())
    late = tracking.take(event("RunContent", content="two ", seq=1), 1.0)
    assert (late.added.verdict, late.anew, late.steps) == ("inserted", True, [])
    assert tracking.work(AT_ONCE) is late.run
    assert [each.text for each in late.run.record.messages.values()] == ["one two three"]


def test_many_late_events_cost_one_fold_anew() -> None:
    """What lies behind the part that is folded already is folded when its turn comes; nothing begins once more."""
    counted = CountingFold()
    events = numbered(*(text(f"{number} ") for number in range(4 * AT_ONCE)))
    tracking = tracked(*events[: 2 * AT_ONCE], *events[3 * AT_ONCE :], fold=counted)
    run = tracking.run("r")
    tracking.went_on(run, run.log.give_up())
    for each in events[2 * AT_ONCE : 3 * AT_ONCE]:
        take(tracking, [each])
        tracking.work(2)
    assert tracking.work(len(events) - 2 * AT_ONCE) is run, "what was folded meanwhile stays folded"
    assert run.record.events == len(events) and counted.calls < 2 * len(events)


def test_a_run_rests_behind_a_fold_that_took_long() -> None:
    """Another late event is in the log, and in the record once the rest is over: late ones never fill the time."""
    clock = FakeClock()

    def slow(record: RunRecord, folded: Event, at: float, flow: FlowGraph) -> Touched:
        clock.spend(0.001)
        return fold(record, folded, at, flow)

    tracking = ExecutionTracking(clock, fold=slow)
    events = numbered(*(text(f"{number} ") for number in range(AT_ONCE)))
    take(tracking, events[:1] + events[3:])
    run = tracking.run("r")
    tracking.went_on(run, run.log.give_up())
    take(tracking, events[1:2])
    assert tracking.rests_s == 0.0 and tracking.work(AT_ONCE) is run and run.record.events == AT_ONCE - 1
    take(tracking, events[2:3])
    rests_s = tracking.rests_s
    assert run.record.events == AT_ONCE - 1 and rests_s is not None
    assert rests_s == pytest.approx(min(MAX_REST_S, REST * 0.001 * (AT_ONCE - 1)), abs=0.01)
    clock.advance(rests_s)
    assert tracking.rests_s == 0.0 and tracking.work(AT_ONCE) is run
    assert run.record.events == AT_ONCE


def test_a_long_log_is_folded_anew_in_slices() -> None:
    """Until that is done the old record is shown; what comes meanwhile is in the new one."""
    events = numbered(*(text(f"{number} ") for number in range(2 * AT_ONCE)))
    tracking = tracked(*events[:1], *events[2:])
    run = tracking.run("r")
    tracking.went_on(run, run.log.give_up())
    old = run.record
    taken = tracking.take(event("RunContent", content="1 ", seq=1), 1.0)
    assert taken.anew and "r" in tracking.rebuilds and run.record is old
    later = tracking.take(event("run_end", seq=len(events)), 9999.0)
    assert (later.added.verdict, later.anew, later.steps) == ("applied", True, [])
    assert not run.record.over and tracking.rests_s == 0.0
    assert tracking.work(AT_ONCE) is None
    assert tracking.work(2 * AT_ONCE) is run
    assert tracking.rests_s is None and run.record.over and tracking.is_run_completed("r")
    assert [each.text for each in run.record.messages.values()] == ["".join(each["content"] for each in events)]


def test_another_flow_gives_its_runs_another_shape() -> None:
    """The runs of that flow, and those of which no flow was told; no other."""
    tracking = ExecutionTracking(FakeClock())
    for run_id, flow in (("mine", "f"), ("other", "g"), ("unknown", None)):
        take(tracking, [{"event": "run_start", "flow_id": flow}, start("n")], run_id)
    touched = tracking.set_flow(Tree({"n": "group"}))
    assert [run.run_id for run in touched] == ["mine", "unknown"]
    assert [list(run.record.groups) for run in tracking.runs()] == [["group"], [], ["group"]]
    assert tracking.flow.parent("n") == "group"
    take(tracking, [end("n")], "mine")
    assert tracking.run("mine").record.groups["group"].status == "success"


def test_processed_is_what_was_applied() -> None:
    tracking = tracked(*numbered(start()), *numbered(end(), since=2))
    log = tracking.run("r").log
    assert log.knows(event("start_node", node_id="n", seq=0))
    assert not log.knows(event("resume_start", seq=1))
    assert not log.knows(event("resume_start", seq=2)), "held is not applied"
    assert tracking.mark_processed(event("resume_start", seq=1), 1.0).verdict == "applied"
    assert log.knows(event("resume_start", seq=2))


def test_a_history_told_anew_takes_the_place_of_the_old_one() -> None:
    tracking = tracked(*numbered(start("old"), run_end("error")))
    run, log = tracking.run("r"), RunLog("r")
    log.add(event("start_node", node_id="new", seq=0), 1.0)
    run.doubt = "why"
    assert tracking.retell(run, log).anew
    assert run.word is NO_WORD and run.doubt is None
    assert (list(run.record.nodes), run.status) == (["new"], "executing")
    assert not tracking.is_run_completed("r") and list(tracking.runs()) == [run]


def test_a_lost_prefix_is_not_waited_for() -> None:
    tracking = tracked(*numbered(start(), since=7))
    taken = tracking.went_on(tracking.run("r"), tracking.run("r").log.lose(7))
    assert len(taken.steps) == 1 and tracking.run("r").log.missing() == []


# -- bounds -------------------------------------------------------------------------------------------
def test_folding_is_once_for_each_event() -> None:
    """5,000 events, each told twice: no work that grows."""
    counting = CountingFold()
    tracking = ExecutionTracking(FakeClock(), fold=counting)
    events = numbered(*(each for number in range(2500) for each in (start(order=number), end(order=number))))
    take(tracking, events)
    take(tracking, events[:100])
    assert counting.calls == len(events) == tracking.run("r").record.events


def test_a_gap_that_is_filled_late_costs_one_folding() -> None:
    """In slices, however many events fill it: no event of it is folded on the spot."""
    counting = CountingFold()
    tracking = ExecutionTracking(FakeClock(), fold=counting)
    events = numbered(*(start(order=number) for number in range(2000)))
    take(tracking, events[:500] + events[1000:])
    tracking.went_on(tracking.run("r"), tracking.run("r").log.give_up())
    assert counting.calls == 1500
    take(tracking, events[500:1000])
    assert counting.calls == 1500
    settled(tracking)
    assert counting.calls == 1500 + 2000


def test_of_older_events_only_the_record_knows() -> None:
    """One more than are kept: the record made anew is the one that was there, and so is any later moment."""
    words = [text(f"{number} ") for number in range(MAX_EVENTS + 10)]
    tracking = tracked(*numbered(start(), *words, end()))
    run = tracking.run("r")
    assert (len(run.log.entries), run.log.dropped) == (MAX_EVENTS, 12)
    live = run.record
    tracking.fold_anew(run)
    settled(tracking)
    assert run.record == live and run.record is not live
    assert tracking.record_at(run, MAX_EVENTS + 11).nodes["n"].executing
    assert tracking.record_at(run, 0).events == 12, "those that left are always in"


def test_what_left_the_log_before_its_flow_came_is_in_its_groups() -> None:
    """They are those that there are when the flow came first."""

    def shown(tracking: ExecutionTracking) -> dict[str, tuple[object, ...]]:
        groups = tracking.run("r").record.groups.items()
        return {
            name: (each.status, each.children, each.runs, each.done, each.total, each.started_at, each.ended_at)
            for name, each in groups
        }

    ran = [start("a", 0), end("a", 0), start("b", 1), end("b", 1, "error"), start("deep", 2), end("deep", 2)]
    ran += [start("alone", 3), end("alone", 3)]
    words = [text(f"{number} ") for number in range(MAX_EVENTS)]
    events = numbered(*ran, start("c", 4), *words, end("c", 4))
    flow = Tree({"a": "g", "b": "g", "deep": "inner", "inner": "h", "c": "h", "never": "alone"})
    early, late = ExecutionTracking(FakeClock()), ExecutionTracking(FakeClock())
    early.set_flow(flow)
    for tracking in (early, late):
        take(tracking, events)
    late.set_flow(flow)
    settled(late)
    assert late.run("r").log.dropped > len(ran)
    assert shown(late) == shown(early)
    late.set_flow(flow)
    settled(late)
    assert shown(late) == shown(early), "and it is so however often it comes"


def test_nothing_leaves_the_log_while_it_is_folded_anew() -> None:
    """Else an event would fall between what was folded and what is left."""
    events = numbered(*(text(f"{number} ") for number in range(MAX_EVENTS + 20)))
    tracking = tracked(*events[:5], *events[6:MAX_EVENTS])
    run = tracking.run("r")
    tracking.went_on(run, run.log.give_up())
    take(tracking, events[5:6])
    tracking.work(1000)
    take(tracking, events[MAX_EVENTS:])
    assert "r" in tracking.rebuilds
    settled(tracking)
    assert run.record.events == len(events) == run.log.dropped + len(run.log.entries)
    assert len(run.log.entries) == MAX_EVENTS


def test_events_of_all_runs_together_are_bounded() -> None:
    """Those of runs that ended first go first, of living runs and the one in front none; their records stay."""

    def quick(record: RunRecord, folded: Event, at: float, flow: FlowGraph) -> Touched:
        return Touched() if folded.event == "resume_start" else fold(record, folded, at, Tree())

    tracking = ExecutionTracking(FakeClock(), fold=quick)
    tracking.protected = "r0"
    each = MAX_EVENTS - 2
    for number in range(MAX_ALL_EVENTS // each + 1):
        name = f"r{number}"
        run, idle = tracking.run(name), event("resume_start", name)
        for _ in range(each):
            tracking.take(idle, 1.0)
        if number != 1:
            take(tracking, [start(), run_end()], name)
        assert len(run.log.entries) in (each, each + 2)
    take(tracking, [text()] * BOUND_EVERY, "last")
    kept = {run.run_id: len(run.log.entries) for run in tracking.runs()}
    assert (kept["r0"], kept["r1"], kept["r2"]) == (each + 2, each, 0)
    assert sum(kept.values()) <= MAX_ALL_EVENTS + BOUND_EVERY
    gone = tracking.run("r2")
    assert gone.record.over and list(gone.record.nodes) == ["n"]
    assert tracking.record_at(gone, 99) == gone.record and tracking.record_at(gone, 99) is not gone.record
    take(tracking, [start("late")], "r2")
    assert list(gone.record.nodes) == ["n"]


def test_a_run_beyond_the_bound_stays_beyond_until_somebody_looks() -> None:
    """REVIEW A11: 51 living runs; nothing is evicted for the last one, and no event of it makes a record."""
    tracking = ExecutionTracking(FakeClock())
    for number in range(MAX_RUNS):
        assert tracking.admits(f"r{number}")
        take(tracking, [start()], f"r{number}")
    assert not tracking.admits("beyond") and tracking.find("beyond") is None
    take(tracking, [run_end()], "r0")
    assert not tracking.admits("beyond"), "also now that there would be room"
    assert tracking.admits("next") and tracking.find("r0") is None
    tracking.run("beyond")
    assert tracking.admits("beyond") and len(tracking) == MAX_RUNS - 1 + 1


def test_the_oldest_run_that_is_over_is_evicted_first() -> None:
    """Then, for one that a person looks at, the one not heard of for longest; never the one in front."""
    clock, forgotten = FakeClock(), list[str]()
    tracking = ExecutionTracking(clock, max_runs=3)
    tracking.on_clear(forgotten.append)
    tracking.protected = "front"
    for run_id, last in (("front", run_end()), ("live", start()), ("over", run_end())):
        clock.advance(1.0)
        take(tracking, [last], run_id)
    tracking.run("new")
    assert forgotten == ["over"] and tracking.is_run_completed("over")
    tracking.run("newer")
    assert forgotten == ["over", "live"]
    assert [run.run_id for run in tracking.runs()] == ["front", "new", "newer"]
    assert not tracking.admits("over"), "an evicted run stays evicted"


def test_runs_that_ask_are_kept_over_the_bound_up_to_another() -> None:
    """Nothing is evicted for them; as soon as runs are over, the bound is what it was."""
    tracking = ExecutionTracking(FakeClock())
    for number in range(MAX_RUNS):
        take(tracking, [start()], f"r{number}")
    asking = [f"asks{number}" for number in range(MAX_ASKING - MAX_RUNS)]
    for run_id in asking:
        assert tracking.admits(run_id, asks=True)
        take(tracking, [pause("q")], run_id)
    assert not tracking.admits("more", asks=True) and not tracking.admits("other")
    assert len(tracking) == MAX_ASKING and all(tracking.find(f"r{number}") for number in range(MAX_RUNS))
    for run_id in ["r0", *asking]:
        take(tracking, [run_end()], run_id)
    assert tracking.admits("next") and len(tracking) == MAX_RUNS, "as soon as they are over"
    assert not tracking.admits(asking[0], asks=True), "what is over asks no more"


def test_a_run_that_asks_makes_no_room() -> None:
    """For one that a person looks at, one that asks nobody does; where all ask, none."""
    clock = FakeClock()
    tracking = ExecutionTracking(clock, max_runs=4)
    for run_id, said in (("paused", pause()), ("card", pause("q")), ("sign-in", sign_in()), ("idle", start())):
        take(tracking, [said], run_id)
        clock.advance(1.0)
    tracking.run("a")
    take(tracking, [pause("q")], "a")
    tracking.run("b")
    assert [run.run_id for run in tracking.runs()] == ["paused", "card", "sign-in", "a", "b"]


def test_nothing_grows_with_the_number_of_runs() -> None:
    tracking, sizes = ExecutionTracking(FakeClock()), list[int]()
    for number in range(160):
        take(tracking, [start(), run_end()], f"r{number}")
        sizes.append(remembered(tracking))
    assert len(tracking) == MAX_RUNS
    assert sizes[59] == sizes[159]


# -- forgetting ---------------------------------------------------------------------------------------
def test_clear_run_forgets_all_of_it() -> None:
    """Log, record, word, what is being folded, timers; others are told. The other runs stay."""
    clock, forgotten, fired = FakeClock(), list[str](), list[str]()
    tracking = ExecutionTracking(clock)
    tracking.on_clear(forgotten.append)
    events = numbered(*(start(order=number) for number in range(AT_ONCE + 10)))
    take(tracking, events[:1] + events[2:])
    take(tracking, [start()], "other")
    tracking.went_on(tracking.run("r"), tracking.run("r").log.give_up())
    take(tracking, events[1:2])
    tracking.schedule_animation("r", "k", lambda: fired.append("never"), 1.0)
    tracking.run("r").animations.show("k")
    assert "r" in tracking.rebuilds
    tracking.clear_run("r")
    clock.advance(5.0)
    assert (forgotten, fired, tracking.rests_s, tracking.find("r"), clock.pending) == (["r"], [], None, None, 0)
    assert len(tracking) == 1
    tracking.clear_run("r")
    assert forgotten == ["r"], "once"
    take(tracking, events[:1])
    assert tracking.run("r").record.events == 1


def test_clearing_forgets_every_run() -> None:
    tracking = ExecutionTracking(FakeClock(), max_runs=1)
    take(tracking, [run_end()])
    tracking.protected = "r"
    assert not tracking.admits("beyond")
    tracking.mark_run_completed("elsewhere")
    tracking.clear()
    assert (len(tracking), remembered(tracking)) == (0, 0)
    assert not tracking.is_run_completed("r") and not tracking.is_run_completed("elsewhere")
    assert tracking.admits("beyond")


@pytest.mark.parametrize("known", [True, False])
def test_animations_belong_to_their_run(known: bool) -> None:
    clock, fired = FakeClock(), list[str]()
    tracking = ExecutionTracking(clock)
    if known:
        take(tracking, [start()])
    tracking.schedule_animation("r", "k", lambda: fired.append("r"), 1.0)
    tracking.schedule_animation("q", "k", lambda: fired.append("q"), 1.0)
    assert tracking.run("r").animations.pending("k")
    tracking.run("q").animations.cancel_all()
    clock.advance(1.0)
    assert fired == ["r"]
