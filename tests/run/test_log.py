from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.run.log import MAX_FIRST, MAX_HELD, MAX_RANGES, Added, RunLog
from pyapp.run.ranges import count
from tests.run.support import event

Move = tuple[str, int]
NUMBERS = st.integers(0, 24)
MOVES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["come", "come", "come", "use"]), NUMBERS),
        st.tuples(st.just("give_up"), st.just(0)),
        st.tuples(st.just("lose"), NUMBERS),
    ),
    max_size=60,
)
"""Any order, twice, with gaps, with numbers that were used, impatience, and prefixes that the server has lost."""


def come(log: RunLog, *numbers: int) -> list[Added]:
    return [log.add(event("resume_start", seq=seq), 0.0) for seq in numbers]


def order(log: RunLog) -> list[int | None]:
    return [each.event.seq for each in log.entries]


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for seq in sorted(numbers):
        if found and found[-1][1] == seq - 1:
            found[-1] = (found[-1][0], seq)
        else:
            found.append((seq, seq))
    return found


class Story:
    """What happened to a log, kept as plain sets."""

    def __init__(self, moves: Iterable[Move]) -> None:
        self.log = RunLog("r")
        self.applied: set[int] = set()
        self.came: set[int] = set()
        self.used: set[int] = set()
        self.gone = 0
        for what, seq in moves:
            self.move(what, seq)

    def move(self, what: str, seq: int) -> None:
        log = self.log
        if what == "come":
            fresh = seq not in self.came | self.used
            added = log.add(event("resume_start", seq=seq), float(seq))
            assert (added.verdict == "duplicate") == (not fresh), f"{seq} is told once, whatever was before"
            released = [each.event.seq for each in added.entries]
            self.came |= {seq} if fresh else set()
        elif what == "use":
            released = [each.event.seq for each in log.use(seq)]
            self.used |= {seq} if seq not in self.came else set()
        elif what == "give_up":
            released = [each.event.seq for each in log.give_up()]
        else:
            released = [each.event.seq for each in log.lose(seq)]
            self.gone = max(self.gone, seq)
        fresh_ones = {each for each in released if each is not None}
        assert len(fresh_ones) == len(released) and not fresh_ones & self.applied, "nothing is applied twice"
        self.applied |= fresh_ones

    @property
    def settled(self) -> set[int]:
        return self.came | self.used


@given(MOVES)
def test_entries_are_in_order_once_and_nothing_that_came_is_lost(moves: list[Move]) -> None:
    story = Story(moves)
    assert order(story.log) == sorted(story.applied)
    story.move("give_up", 0)
    assert order(story.log) == sorted(story.came)
    assert not story.log.waiting


@given(MOVES)
def test_what_is_missing_is_what_was_told_of_and_did_not_come(moves: list[Move]) -> None:
    story = Story(moves)
    log = story.log
    wanted = [seq for seq in range(log.last_told + 1) if seq not in story.settled and seq >= story.gone]
    asked = [seq for first, last in log.missing() for seq in range(first, last + 1)]
    assert asked == wanted
    assert sorted(log.missing()) == log.missing()
    if log.numbered:
        first = next((seq for seq in range(100) if seq not in story.settled and seq >= story.gone), 0)
        assert log.cursor is not None and log.cursor <= first - 1, "a cursor behind what is missing would lose it"
        assert log.cursor == min([first - 1, log.next - 1])


@given(MOVES)
def test_held_is_not_applied(moves: list[Move]) -> None:
    """An event is known from when it is applied, not from when it came."""
    story = Story(moves)
    for seq in range(25):
        known = story.log.knows(event("resume_start", seq=seq))
        if seq in story.came:
            assert known == (seq in story.applied)
        elif seq not in story.used:
            assert not known or seq < story.log.next


@given(st.permutations(range(12)), st.lists(st.integers(0, 11)))
def test_any_order_with_duplicates_comes_out_once_and_in_order(numbers: list[int], again: list[int]) -> None:
    log = RunLog("r")
    come(log, *numbers, *again)
    assert order(log) == list(range(12))
    assert (log.cursor, log.waiting, log.missing()) == (11, False, [])


@given(st.lists(NUMBERS, max_size=30))
def test_sparse_numbers_leave_no_gap(numbers: list[int]) -> None:
    """Each is applied at once, a late one at its number; the cursor is the highest seen."""
    log = RunLog("r")
    log.sparse = True
    come(log, *numbers)
    assert order(log) == sorted(set(numbers))
    assert (log.waiting, log.missing(), log.lost) == (False, [], 0)
    assert log.cursor == max(numbers, default=-1)


@given(st.permutations(range(10)), st.integers(0, 10))
def test_a_server_may_say_late_that_numbers_are_sparse(numbers: list[int], until: int) -> None:
    """What was held then goes on in order, and nothing was ever missing before the last."""
    log = RunLog("r")
    come(log, *numbers[:until])
    log.give_up() if until % 2 else None
    log.be_sparse()
    assert set(numbers[:until]) == set(order(log)) and (log.waiting, log.missing(), log.lost) == (False, [], 0)
    come(log, *numbers[until:], 10)
    assert order(log) == sorted(set(order(log)), key=lambda seq: seq or 0)
    assert set(numbers[:until]) <= set(order(log))
    assert not log.waiting


def test_an_event_behind_a_gap_is_held_until_the_gap_is_filled() -> None:
    log = RunLog("r")
    verdicts = [each.verdict for each in come(log, 0, 2, 3, 0, 2)]
    assert verdicts == ["applied", "held", "held", "duplicate", "duplicate"]
    assert (order(log), log.missing(), log.cursor, log.waiting) == ([0], [(1, 1)], 0, True)
    (added,) = come(log, 1)
    assert [each.event.seq for each in added.entries] == [1, 2, 3]
    assert (log.cursor, log.waiting) == (3, False)


def test_what_comes_late_takes_its_place() -> None:
    log = RunLog("r")
    come(log, 0, 3, 6)
    log.give_up()
    assert (log.lost, log.missing(), log.cursor) == (4, [(1, 2), (4, 5)], 0)
    (late,) = come(log, 5)
    assert (late.verdict, late.index, order(log)) == ("inserted", 2, [0, 3, 5, 6])
    come(log, 1, 2, 4)
    assert (order(log), log.lost, log.missing(), log.cursor) == ([0, 1, 2, 3, 4, 5, 6], 0, [], 6)


@pytest.mark.parametrize("patient", [True, False])
def test_what_comes_late_and_tells_no_moment_happened_no_later_than_what_is_behind_it(patient: bool) -> None:
    """Whether that waits for it, or went on; a moment of its own counts, also one that lies later."""
    log = RunLog("r")
    for at, seq in enumerate((0, 4, 6)):
        log.add(event("resume_start", seq=seq), float(at))
    if not patient:
        log.give_up()
    for seq in (5, 2, 1):
        log.add(event("resume_start", seq=seq), 60.0)
    log.add(event("resume_start", seq=3, ts=70.0), 70.0)
    assert [each.at for each in log.entries] == [0.0, 1.0, 1.0, 70.0, 1.0, 2.0, 2.0]


def test_what_is_held_below_a_lost_prefix_goes_on() -> None:
    """The server has nothing before 5 any more; what came of it stays."""
    log = RunLog("r")
    come(log, 0, 4, 6)
    assert [each.event.seq for each in log.lose(5)] == [4]
    assert (log.missing(), log.lost) == ([(5, 5)], 3)
    come(log, 5)
    assert (order(log), log.cursor) == ([0, 4, 5, 6], 6)


def test_a_used_number_fills_a_gap() -> None:
    log = RunLog("r")
    come(log, 0, 2)
    assert [each.event.seq for each in log.use(1)] == [2]
    log.use(4)
    assert (log.missing(), log.waiting) == ([(3, 3)], True)
    come(log, 3)
    assert log.next == 5


def test_a_number_that_was_used_without_being_read_is_known() -> None:
    """Not one that was given up, nor one that is still to come, nor where numbers have holes."""
    log = RunLog("r")
    log.use(0)
    come(log, 3)
    log.give_up()
    assert [log.was_unread(event("resume_start", seq=seq)) for seq in (0, 1, 4)] == [True, False, False]
    log.sparse = True
    assert not log.was_unread(event("resume_start", seq=0))


def test_a_tail_is_missing_once_the_server_told_of_it() -> None:
    log = RunLog("r")
    come(log, 0)
    log.expect(3)
    assert (log.missing(), log.cursor) == ([(1, 3)], 0)


@pytest.mark.parametrize("closes", [False, True])
def test_the_first_of_the_events_that_left_are_known_still(closes: bool) -> None:
    log = RunLog("r")
    come(log, *range(MAX_FIRST + 5))
    log.drop_oldest()
    assert [entry.event.seq for entry in log.first] == [0]
    for _ in range(MAX_FIRST + 2):
        log.drop_oldest()
    if closes:
        log.close()
    assert [entry.event.seq for entry in log.first] == list(range(MAX_FIRST))
    assert log.dropped == MAX_FIRST + (5 if closes else 3) and len(log.entries) == (0 if closes else 2)


def test_without_numbers_the_id_tells_duplicates() -> None:
    """And there is no cursor: asked to resume, a server would tell all of it again."""
    log = RunLog("r")
    assert log.cursor == -1, "nothing was seen yet: all of it is welcome"
    first = log.add(event("resume_start", event_id="a"), 0.0)
    again = log.add(event("resume_end", event_id="a"), 0.0)
    other = log.add(event("resume_start"), 0.0)
    assert [each.verdict for each in (first, again, other)] == ["applied", "duplicate", "applied"]
    assert log.cursor is None and not log.numbered and len(log.entries) == 2


def test_an_id_is_remembered_when_it_is_applied() -> None:
    """REVIEW A2: held, forgotten by nobody, told again: it is applied once."""
    log = RunLog("r")
    held = log.add(event("resume_start", seq=1, event_id="b"), 0.0)
    assert held.verdict == "held" and not log.knows(event("resume_start", seq=1, event_id="b"))
    again = log.add(event("resume_start", seq=2, event_id="b"), 0.0)
    assert again.verdict == "held", "the same event under two numbers: nothing of it was applied yet"
    log.add(event("resume_start", seq=0, event_id="a"), 0.0)
    assert [each.event.event_id for each in log.entries] == ["a", "b"]
    assert log.next == 3


def test_a_duplicate_id_uses_its_number() -> None:
    log = RunLog("r")
    log.add(event("resume_start", seq=0, event_id="a"), 0.0)
    come(log, 2)
    added = log.add(event("resume_start", seq=1, event_id="a"), 0.0)
    assert (added.verdict, [each.event.seq for each in added.entries]) == ("duplicate", [2])


def test_the_same_number_is_a_duplicate_whatever_else_differs() -> None:
    """REVIEW A6: a server may mark what it sends again."""
    log = RunLog("r")
    come(log, 0)
    added = log.add(event("run_start", seq=0, event_id="other", replayed=True), 9.0)
    assert added.verdict == "duplicate" and log.entries[0].event.event == "resume_start"


def test_events_without_a_number_stay_behind_the_one_they_came_after() -> None:
    log = RunLog("r")
    come(log, 0)
    log.add(event("resume_start"), 0.0)
    come(log, 3)
    log.give_up()
    come(log, 2)
    assert order(log) == [0, None, 2, 3]


def test_too_much_behind_gaps_waits_no_longer() -> None:
    """What is held is bounded, and so is what is used, and so are the ranges that are given up."""
    log = RunLog("r")
    held = event("resume_start", seq=1)
    for seq in range(1, 2 * MAX_HELD, 2):
        log.add(held.model_copy(update={"seq": seq}), 0.0)
    assert log.waiting
    log.add(held.model_copy(update={"seq": 2 * MAX_HELD + 1}), 0.0)
    assert not log.waiting and len(log.entries) == MAX_HELD + 1
    assert len(log.given_up) == MAX_RANGES
    log = RunLog("r")
    for seq in range(1, 2 * MAX_HELD + 2, 2):
        log.use(seq)
    assert log.next == 2 * MAX_HELD + 2


def test_whatever_gap_there_is_what_belongs_into_it_is_welcome() -> None:
    """However many there are: the oldest are known as long as the events behind them."""
    log, many = RunLog("r"), 6_000
    come(log, *range(0, many, 2))
    log.give_up()
    assert log.lost == count(log.given_up) == many // 2 - 1 and len(log.missing()) == log.lost
    come(log, *range(1, many - 1, 2))
    assert order(log) == [*range(many - 1)] and (log.lost, log.missing(), log.cursor) == (0, [], many - 2)


def test_what_leaves_the_log_is_stale_when_it_comes_late() -> None:
    log = RunLog("r")
    come(log, 0, 2, 3)
    log.give_up()
    assert [log.drop_oldest().event.seq, log.drop_oldest().event.seq] == [0, 2]
    (late,) = come(log, 1)
    assert (late.verdict, order(log), log.dropped) == ("stale", [3], 2)


@pytest.mark.parametrize("held", [False, True])
def test_a_closed_log_takes_nothing_and_asks_for_nothing(held: bool) -> None:
    log = RunLog("r")
    come(log, 0, 1, *([3] if held else []))
    log.close()
    assert (log.entries, log.dropped, log.missing(), log.waiting) == ([], 2, [], False)
    assert [each.verdict for each in come(log, 2)] == ["stale"]
