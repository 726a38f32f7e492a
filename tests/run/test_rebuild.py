from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import Malformed, Unknown, decode_item
from pyapp.contract.events import Event
from pyapp.contract.flow import FlowGraph
from pyapp.run.fold import fold
from pyapp.run.fold.step import Touched
from pyapp.run.log import RunLog
from pyapp.run.rebuild import Rebuild, empty_or
from pyapp.run.record import RunRecord
from tests.run.support import Told, Tree, end, event, start
from tests.streams import runs

Json = dict[str, Any]


def log_of(count: int) -> RunLog:
    log = RunLog("r")
    for seq in range(count):
        log.add(event("start_node", node_id=f"n{seq}", order=seq, seq=seq), float(seq))
    return log


@given(st.integers(0, 30), st.lists(st.integers(1, 7), min_size=1, max_size=30))
def test_slices_give_what_one_fold_gives(count: int, sizes: list[int]) -> None:
    """And it is done with the slice that holds the last event."""
    log = log_of(count)
    rebuild, whole = Rebuild(log, None, Tree(), fold), Rebuild(log, None, Tree(), fold)
    assert whole.step(count)
    folded, done = 0, False
    for size in (*sizes, 30):
        done = rebuild.step(size)
        folded = min(count, folded + size)
        assert done == (folded == count) and rebuild.record.events == folded
    assert done and rebuild.record == whole.record


def test_what_comes_meanwhile_is_folded_too() -> None:
    log = log_of(4)
    rebuild = Rebuild(log, None, Tree(), fold)
    assert not rebuild.step(3)
    log.add(event("run_end", seq=4), 9.0)
    assert not rebuild.step(1)
    assert rebuild.step(1)
    assert rebuild.record.over


def test_it_begins_with_what_left_the_log() -> None:
    """A copy: the record of what left is not written."""
    base = Told(start("old", 0), end("old", 0)).record
    rebuild = Rebuild(log_of(1), base, Tree(), fold)
    assert rebuild.step(9)
    assert (list(rebuild.record.nodes), list(base.nodes)) == (["old", "n0"], ["old"])
    assert empty_or(None, "r") == RunRecord("r")


def test_what_it_begins_with_is_copied_in_slices() -> None:
    """However much it is: no task is long, and meanwhile all entries are still to come."""
    base = Told(*(end(order=order) for order in range(100))).record
    rebuild = Rebuild(log_of(1), base, Tree(), fold)
    assert not rebuild.step(60) and rebuild.will_fold(0)
    assert len(rebuild.record.nodes["n"].executions) < 60
    assert rebuild.step(60) and list(rebuild.record.nodes) == ["n", "n0"]


def test_an_event_that_cannot_be_folded_costs_only_itself() -> None:
    def failing(record: RunRecord, folded: Event, at: float, flow: FlowGraph) -> Touched:
        if folded.seq == 1:
            raise ZeroDivisionError
        return fold(record, folded, at, flow)

    rebuild = Rebuild(log_of(3), None, Tree(), failing)
    assert rebuild.step(3)
    assert [(each.seq, type(error)) for each, error in rebuild.failed] == [(1, ZeroDivisionError)]
    assert list(rebuild.record.nodes) == ["n0", "n2"]


@given(runs("r"), st.integers(1, 9))
def test_any_stream_in_slices(stream: list[Json], size: int) -> None:
    """Streams that nobody would write by hand."""
    log = RunLog("r")
    told = Told()
    for each in stream:
        made: Any = decode_item(each)
        if isinstance(made, Unknown | Malformed):
            log.use(each["seq"])
            continue
        log.add(made, float(each["seq"]))
        fold(told.record, made, float(each["seq"]), Tree())
    rebuild = Rebuild(log, None, Tree(), fold)
    while not rebuild.step(size):
        pass
    assert rebuild.record == told.record
