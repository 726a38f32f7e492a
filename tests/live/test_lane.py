"""One lane: in order, on the spot, cut off in time, set aside and back; behind on a run it repaints it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import Event
from pyapp.live.handler import EventHandler
from pyapp.live.lane import ASIDE_AFTER, MAX_PROBE_S, NOBODY, CutOffError, Lane
from pyapp.run.run import Run
from tests.live.support import World, message


class Mute(Exception):
    """Its text cannot be made."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


FAULTS = [
    ValueError("x"),
    asyncio.CancelledError(),
    KeyboardInterrupt(),
    SystemExit(1),
    GeneratorExit(),
    Mute(),
]
NAMED = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)


class Moody(EventHandler):
    """Counts a run's events by its number; does what it was told to do about each."""

    events = frozenset({"start_node", "run_end"})

    def __init__(self) -> None:
        self.well = True
        self.heard: list[int] = []
        self.painted: list[str] = []
        self.work: Callable[[Event], Any] = lambda _: None

    def handle(self, message: Event, context: Any) -> Any:
        self._try()
        self.heard.append(message.seq or 0)
        return self.work(message)

    def repaint(self, run: Run | None, context: Any) -> None:
        self._try()
        self.painted.append(run.run_id if run is not None else NOBODY)

    def _try(self) -> None:
        if not self.well:
            raise RuntimeError("not today")


class Bench(World):
    """One lane, and what it says of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = Moody()
        self.notes: list[tuple[str, BaseException | None]] = []
        self.lane = Lane(self.handler, self.context, lambda _, doing, error, __: self.notes.append((doing, error)))
        self.sent = 0

    def send(self, count: int = 1, run_id: str = "r") -> None:
        self.tracking.run(run_id)
        for _ in range(count):
            self.lane.submit(message("start_node", run_id, node_id="n", seq=self.sent))
            self.sent += 1

    def fail(self, count: int = 1, run_id: str = "r") -> None:
        self.handler.well = False
        self.send(count, run_id)
        self.handler.well = True


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


# -- on the spot ----------------------------------------------------------------------------------------
@NAMED
def test_whatever_is_raised_goes_no_further(fault: BaseException) -> None:
    """Told with what it was doing; the next event is handled."""
    world = Bench()
    world.faults.arm("handler Moody", fault, times=1)
    world.send(2)
    assert world.notes[0] == ("start_node", fault) and world.handler.heard == [1]


def test_an_async_handler_that_never_suspends_ends_on_the_spot() -> None:
    """No loop is needed."""
    world = Bench()

    async def nothing() -> None:
        return None

    world.handler.work = lambda _: nothing()
    world.send(2)
    assert world.handler.heard == [0, 1] and world.lane.task is None and world.notes == []


def test_a_filter_that_fails_is_a_failure_and_one_that_refuses_is_none() -> None:
    world = Bench()
    world.faults.arm("can_handle Moody", RuntimeError("cannot tell"), times=1)
    world.send()
    assert [doing for doing, _ in world.notes] == ["start_node"] and world.lane.streak == 1
    world = Bench()
    world.faults.arm("can_handle Moody", lambda _: False)
    world.send(3)
    assert world.handler.heard == [] and world.notes == []


# -- suspended ------------------------------------------------------------------------------------------
async def test_while_it_is_suspended_it_hears_of_nothing_and_repaints_after() -> None:
    """No event is kept; every run that it missed something of is painted once, in the order in which that began."""
    world = Bench()
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    world.handler.work = lambda _: _wait(gate)
    world.send()
    world.handler.work = lambda _: None
    world.send(100, "q")
    world.send(100, "r")
    assert world.lane.task is not None and world.handler.heard == [0]
    gate.set_result(None)
    await turns()
    assert (world.handler.heard, world.handler.painted) == ([0], ["q", "r"])
    world.send()
    assert world.handler.heard == [0, world.sent - 1] and world.clock.pending == 0


async def test_ending_after_a_suspension_with_nothing_missed_paints_nothing() -> None:
    world = Bench()
    world.handler.work = lambda _: asyncio.sleep(0)
    world.send()
    await turns()
    assert world.handler.painted == [] and world.notes == [] and world.clock.pending == 0


@NAMED
async def test_whatever_is_raised_after_a_suspension_goes_no_further(fault: BaseException) -> None:
    world = Bench()

    async def fail() -> None:
        await asyncio.sleep(0)
        raise fault

    world.handler.work = lambda _: fail()
    world.send()
    await turns()
    assert world.notes == [("start_node", fault)] and world.lane.task is None
    world.handler.work = lambda _: None
    world.send()
    assert world.handler.heard == [0, 1] and world.handler.painted == ["r"], "what it failed on is painted"


async def test_one_that_never_ends_is_cut_off_after_two_seconds() -> None:
    """Not at 1.999 s; then counted, and it hears of events again."""
    world = Bench()
    world.handler.work = lambda _: asyncio.Event().wait()
    world.send()
    world.clock.advance(1.999)
    assert world.lane.task is not None and world.notes == []
    world.clock.advance(0.001)
    assert isinstance(world.notes[0][1], CutOffError) and "2 s" in str(world.notes[0][1])
    world.handler.work = lambda _: None
    world.send()
    assert world.handler.heard == [0, 1]
    await turns()
    world.clock.advance(60.0)
    assert world.clock.pending == 0


async def test_one_that_swallows_its_cancellation_is_left_behind() -> None:
    """The lane does not wait for it, and what becomes of it later is not taken for its successor's."""
    world = Bench()
    stop = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await stop.wait()
            raise ValueError("much too late") from None

    world.handler.work = lambda _: stubborn()
    world.send()
    await turns()
    world.clock.advance(2.0)
    await turns()
    failures = len(world.notes)
    world.send()
    assert world.lane.task is not None, "the successor is under way"
    stop.set()
    await turns()
    assert len([error for _, error in world.notes if error is not None]) == failures
    assert world.lane.task is not None
    world.clock.advance(2.0)
    assert len([error for _, error in world.notes if isinstance(error, CutOffError)]) == 2, "it has its own bound"
    world.lane.stop()
    await turns()


async def test_stopped_it_leaves_no_task_and_no_timer() -> None:
    world = Bench()
    world.handler.work = lambda _: asyncio.Event().wait()
    world.send(3)
    world.lane.stop()
    await turns()
    assert world.handler.painted == [] and world.notes == [] and world.clock.pending == 0
    world.fail(9)
    world.lane.stop()
    assert world.clock.pending == 0


# -- set aside ------------------------------------------------------------------------------------------
def test_after_five_failures_in_a_row_it_hears_of_nothing() -> None:
    """Each failure of a streak counts; one event that works ends it."""
    world = Bench()
    world.fail(ASIDE_AFTER - 1)
    assert not world.lane.aside
    world.send()
    assert world.lane.streak == 0 and world.handler.heard == [4]
    world.fail(ASIDE_AFTER)
    assert world.lane.aside
    world.send(20_000)
    assert world.handler.heard == [4], "nothing is kept for it either: the record has it all"


def test_it_is_tried_ever_more_rarely_and_comes_back_by_itself() -> None:
    """After 1, 2, 4, … seconds, at most 30; then it repaints what it missed, and says that it works."""
    world = Bench()
    world.fail(ASIDE_AFTER)
    world.send(1)
    world.handler.well = False
    moments = []
    for second in range(1, 130):
        before = len(world.notes)
        world.clock.advance(1.0)
        moments += [second] if len(world.notes) > before else []
    assert moments == [1, 3, 7, 15, 31, 61, 91, 121]
    world.handler.well = True
    world.clock.advance(MAX_PROBE_S)
    assert not world.lane.aside and world.notes[-1] == ("", None)
    assert world.handler.painted == ["r"]
    assert world.clock.pending == 0
    world.fail()
    world.clock.advance(1.0)
    assert world.lane.streak == 0, "the pauses begin anew"


def test_a_run_on_which_it_always_fails_costs_it_no_other() -> None:
    """It hears of every event of the others, and what it failed on is not tried again with each of them; of another
    one that it is behind on it is the first to catch up."""
    world = Bench()
    paint, tried = world.handler.repaint, list[str]()

    def repaint(run: Run | None, context: Any) -> None:
        tried.append(run.run_id if run is not None else NOBODY)
        if run is not None and run.run_id == "bad":
            raise RuntimeError("never")
        paint(run, context)

    world.faults.arm("repaint Moody", repaint)
    world.fail(2 * ASIDE_AFTER, "bad")
    world.send(100, "good")
    assert world.handler.heard == list(range(10, 110)) and tried == [] and world.lane.aside
    world.fail(1, "good")
    world.clock.advance(1.0)
    assert tried == ["good", "bad"] and world.lane.streak == ASIDE_AFTER + 1
    world.faults.mend("repaint Moody")
    world.clock.advance(MAX_PROBE_S)
    assert world.lane.streak == 0 and world.notes[-1] == ("", None)


def test_what_failed_once_is_painted_right_by_the_next_event_that_works() -> None:
    """Also of a run that is not in front, and of one that says nothing more, after a second."""
    world = Bench()
    world.fail(1, "q")
    world.send(1, "r")
    assert world.handler.painted == ["q"] and world.lane.streak == 0
    world.fail(1, "q")
    world.clock.advance(1.0)
    assert world.handler.painted == ["q", "q"] and world.clock.pending == 0


def test_a_painting_that_fails_is_painted_later() -> None:
    """In place of nobody the run is painted that is in front by then."""
    world = Bench()
    world.handler.well = False
    assert not world.lane.repaint(world.run) and not world.lane.repaint(None)
    world.handler.well = True
    world.clock.advance(1.0)
    assert world.handler.painted == ["r", "r"] and world.lane.streak == 0
    world.handler.well = False
    world.stores.front.set(None)
    world.lane.repaint(None)
    world.handler.well = True
    world.clock.advance(1.0)
    assert world.handler.painted[2:] == [NOBODY]


def test_a_run_that_is_forgotten_is_not_painted() -> None:
    world = Bench()
    world.fail(1, "q")
    world.fail(1, "gone")
    world.lane.forget("q")
    world.tracking.clear_run("gone")
    world.lane.retry()
    assert world.handler.painted == [] and world.lane.streak == 0


def test_a_person_can_have_it_tried_at_once() -> None:
    """Still broken, it stays aside and is tried again after the first pause."""
    world = Bench()
    world.fail(ASIDE_AFTER)
    world.clock.advance(0.5)
    world.handler.well = False
    world.lane.retry()
    assert world.lane.aside and world.clock.pending == 1
    world.handler.well = True
    world.lane.retry()
    assert not world.lane.aside and world.handler.painted == ["r"] and world.clock.pending == 0


MOODS = st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.sampled_from("rq"), st.floats(0, 5)), max_size=12)


@given(MOODS)
def test_whatever_its_moods_every_run_is_painted_after_what_was_missed(moods: list[Any]) -> None:
    """In the end each event was handled, or its run was painted after it."""
    world = Bench()
    seen: dict[str, int] = {}
    last: dict[str, int] = {}

    def handle(event: Event) -> None:
        seen[event.run_id] = event.seq or 0

    world.handler.work = handle
    paint = world.handler.repaint

    def repaint(run: Run | None, context: Any) -> None:
        paint(run, context)
        assert run is not None
        seen[run.run_id] = last[run.run_id]

    world.faults.arm("repaint Moody", repaint)
    for count, well, run_id, seconds in moods:
        world.handler.well = well
        for _ in range(count):
            last[run_id] = world.sent
            world.send(1, run_id)
        world.clock.advance(seconds)
    world.handler.well = True
    world.clock.advance(MAX_PROBE_S)
    assert seen == last
    assert world.clock.pending == 0 and world.lane.streak == 0


async def _wait(gate: asyncio.Future[None]) -> None:
    await gate
