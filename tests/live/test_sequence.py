from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import Event
from pyapp.live.sequence import MAX_HELD, MAX_LOST_RANGES, Sequence
from tests.live.support import message


def event(seq: int | None) -> Event:
    made: Event = message("run_start", seq=seq)
    return made


def offer(sequence: Sequence, *numbers: int, sparse: bool = False) -> list[int | None]:
    """What can be applied after these arrived, by number."""
    released: list[int | None] = []
    for number in numbers:
        released += [each.seq for each in sequence.offer(event(number), sparse=sparse) or []]
    return released


@given(st.permutations(range(12)).flatmap(lambda order: st.tuples(st.just(order), st.lists(st.sampled_from(order)))))
def test_any_order_with_duplicates_comes_out_once_and_in_order(case: tuple[list[int], list[int]]) -> None:
    """Whatever the disorder, everything is applied once, in order."""
    order, again = case
    sequence = Sequence()
    assert offer(sequence, *order, *again) == list(range(12))
    assert sequence.cursor == 11
    assert not sequence.waiting


def test_a_duplicate_is_known() -> None:
    """Applied or held: the same number again is a duplicate."""
    sequence = Sequence()
    offer(sequence, 0, 3)
    assert sequence.offer(event(0), sparse=False) is None
    assert sequence.offer(event(3), sparse=False) is None


def test_a_gap_can_be_given_up_and_filled_late() -> None:
    """What is behind the gap goes on, the loss is known, and what comes late is applied once."""
    sequence = Sequence()
    offer(sequence, 0, 3, 4, 7)
    released, lost = sequence.give_up()
    assert ([each.seq for each in released], lost) == ([3, 4], (1, 2))
    assert sequence.waiting
    assert sequence.cursor == 0, "nothing is missing up to 0 only"
    assert offer(sequence, 2) == [2]
    assert sequence.offer(event(2), sparse=False) is None
    assert offer(sequence, 1) == [1]
    assert sequence.cursor == 4
    assert sequence.give_up()[1] == (5, 6)
    assert sequence.give_up() == ([], None)


def test_numbers_may_be_skipped_for_good() -> None:
    """The server says that what was before is gone: what is held goes on from there."""
    sequence = Sequence()
    offer(sequence, 0, 4, 6)
    released, lost = sequence.skip_to(5)
    assert ([each.seq for each in released], lost) == ([4], (1, 4))
    assert sequence.skip_to(2) == ([], None)
    assert offer(sequence, 5) == [5, 6]


def test_sparse_numbers_only_rise() -> None:
    """Sparse: nothing is held, duplicates are known, the cursor is the highest seen."""
    sequence = Sequence()
    assert offer(sequence, 5, 2, 9, 5, sparse=True) == [5, 2, 9]
    assert sequence.cursor == 9


def test_without_numbers_everything_passes() -> None:
    """No seq: nothing to order, and no cursor."""
    sequence = Sequence()
    assert len(sequence.offer(event(None), sparse=False) or []) == 1
    assert not sequence.numbered


def test_what_is_held_and_lost_is_bounded() -> None:
    """Too much behind one gap is full; only so many lost ranges are remembered."""
    sequence = Sequence()
    one = event(1)
    for number in range(1, MAX_HELD + 1):
        sequence._held[number] = one
    assert not sequence.full
    sequence._held[MAX_HELD + 5] = one
    assert sequence.full
    sequence = Sequence()
    for number in range(1, 2 * MAX_LOST_RANGES + 6, 2):
        offer(sequence, number)
        sequence.give_up()
    assert len(sequence._lost) == MAX_LOST_RANGES
