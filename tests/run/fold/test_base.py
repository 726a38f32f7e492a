from __future__ import annotations

from typing import Any

from hypothesis import given

from pyapp.contract.decode import Malformed, Unknown, decode_item
from pyapp.run.fold import fold
from pyapp.run.fold.base import copying
from pyapp.run.record import RunRecord
from tests.run.support import Json, Told, Tree, end, numbered, pause, run_end, sign_in, start, text, tool
from tests.streams import runs


def copied(base: RunRecord | None) -> tuple[RunRecord, int]:
    """A copy, and in how many parts it was made."""
    record = RunRecord("r")
    return record, sum(1 for _ in copying(base, record))


def test_of_nothing_there_is_nothing_to_copy() -> None:
    assert copied(None) == (RunRecord("r"), 0)


@given(runs("r"), runs("r"))
def test_a_copy_goes_its_own_way(first: list[Json], then: list[Json]) -> None:
    """Equal, and whatever is folded into it afterwards changes nothing of what it was copied from."""
    base = Told()
    for told, each in enumerate((*first, *then), 1):
        made: Any = decode_item(each)
        if not isinstance(made, Unknown | Malformed):
            fold(base.record, made, float(told), Tree())
        if told == len(first):
            (record, _), (witness, _) = copied(base.record), copied(base.record)
            assert record == base.record
            kept, base.record = base.record, record
    assert kept == witness


def test_each_part_is_a_piece_of_the_work() -> None:
    """An execution, a tool, a message: no part is large because its node ran often."""
    events = [each for order in range(50) for each in (start(order=order), end(order=order))]
    told = Told(*numbered(*events, tool(), text("x"), pause("q"), sign_in(), run_end()))
    record, parts = copied(told.record)
    assert record == told.record and parts == 1 + 1 + 50 + 1 + 2 + 1 + 1
