"""Lanes over time: set aside and probed, nothing lost, nothing out of order, retried when a person says so."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import Event
from pyapp.live.handler import EventHandler
from pyapp.live.lane import ASIDE_AFTER, MAX_FAILED
from pyapp.live.router import EventRouter
from tests.live.support import World, message


class Moody(EventHandler):
    """Works, or does not."""

    events = frozenset({"start_node", "end_node", "RunContent"})
    costs = "Nothing is noted."

    def __init__(self) -> None:
        self.well = True
        self.tried: list[int] = []
        self.done: list[int] = []
        self.painted = 0

    def handle(self, message: Event, context: Any) -> None:
        number = message.seq or 0
        self.tried.append(number)
        if not self.well:
            raise RuntimeError("not today")
        self.done.append(number)

    def repaint(self, run: Any, context: Any) -> None:
        self.painted += 1


class Steady(Moody):
    pass


class Bench(World):
    def __init__(self) -> None:
        super().__init__()
        self.moody, self.steady = Moody(), Steady()
        self.router = EventRouter(self.context, [self.moody, self.steady])
        self.sent = 0

    def send(self, count: int = 1, event: str = "start_node", run_id: str = "r") -> None:
        for _ in range(count):
            extra = {"content": "x"} if event == "RunContent" else {"node_id": "n"}
            self.router.route(message(event, run_id, seq=self.sent, **extra))
            self.sent += 1

    @property
    def health(self) -> Any:
        return self.stores.health.get("Moody")


def test_five_failures_in_a_row_set_a_handler_aside() -> None:
    """It is said, with what it costs; its events wait, the other handler's do not."""
    world = Bench()
    world.moody.well = False
    world.send(ASIDE_AFTER - 1)
    assert not world.health.aside and len(world.stores.notices) == 0
    world.send(4)
    assert world.health.aside and world.moody.tried == [0, 1, 2, 3, 4]
    assert world.steady.done == list(range(world.sent))
    notice = world.stores.notices.get("aside Moody")
    assert notice is not None and "Nothing is noted." in notice.text and notice.role == "alert"
    assert world.stores.metrics.get("failed") == ASIDE_AFTER


def test_it_is_probed_ever_more_rarely_and_comes_back_by_itself() -> None:
    """One event each time; once one works, all that waited follow in order, and the notice goes."""
    world = Bench()
    world.moody.well = False
    world.send(12)
    tried = []
    for _ in range(60):
        world.clock.advance(1.0)
        tried.append(len(world.moody.tried))
    assert tried[0] == 6 and tried[1] == 6 and tried[2] == 7, "after one second, then two"
    assert tried[-1] <= ASIDE_AFTER + 6
    world.moody.well = True
    world.send()
    world.clock.advance(30.0)
    assert world.moody.done == list(range(world.moody.tried[-len(world.moody.done)], 13))
    assert not world.health.aside and world.health.streak == 0
    assert world.stores.notices.get("aside Moody") is None
    assert world.clock.pending == 0


def test_retry_handles_what_failed_at_once() -> None:
    """That handler alone, in order, and its picture is painted; a second failure keeps it for another time."""
    world = Bench()
    world.moody.well = False
    world.send(7)
    assert world.health.kept == ASIDE_AFTER
    before = list(world.steady.tried)
    world.router.retry("Moody")
    assert world.health.kept >= ASIDE_AFTER and world.moody.done == []
    world.moody.well = True
    world.router.retry("Moody")
    assert world.moody.done == [0, 1, 2, 3, 4, 5, 6]
    assert world.health.kept == 0 and not world.health.aside
    assert world.moody.painted == 2 and world.steady.tried == before
    assert world.clock.pending == 0


def test_no_event_that_waits_is_dropped_and_words_are_merged() -> None:
    """A thousand words wait as one; every start and end waits by itself."""
    world = Bench()
    world.moody.well = False
    world.send(ASIDE_AFTER)
    world.send(1_000, "RunContent")
    world.send(10_000)
    world.moody.well = True
    world.router.retry("Moody")
    words = ASIDE_AFTER + 1_000
    assert world.moody.done == [*range(ASIDE_AFTER), words - 1, *range(words, world.sent)]


def test_what_failed_is_bounded_and_leaves_with_its_run() -> None:
    world = Bench()
    for _ in range(MAX_FAILED + 10):
        world.moody.well = False
        world.send()
        world.moody.well = True
        world.send()
    assert world.health.kept == MAX_FAILED
    world.router.forget("r")
    assert world.health.kept == 0


def test_stop_leaves_no_timer() -> None:
    world = Bench()
    world.moody.well = False
    world.send(9)
    world.router.stop()
    assert world.clock.pending == 0


@given(st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.floats(0, 5)), max_size=12))
def test_once_it_works_everything_was_handled_once(moods: list[tuple[int, bool, float]]) -> None:
    """Whatever its moods: after a retry nothing is missing, nothing came twice; the other saw all as it came."""
    world = Bench()
    for count, well, seconds in moods:
        world.moody.well = well
        world.send(count)
        world.clock.advance(seconds)
    world.moody.well = True
    for _ in range(10):
        world.router.retry("Moody")
        world.clock.advance(30.0)
    assert sorted(world.moody.done) == list(range(world.sent))
    assert world.steady.done == list(range(world.sent))
    assert world.clock.pending == 0
