from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pyapp.stores.link import Away
from pyapp.stores.rows import GroupState, RunRow
from pyapp.views.canvas.canvas import CanvasView
from pyapp.views.canvas.node_feet import NodeFeetView
from pyapp.views.drawing import Drawing
from pyapp.views.runs.runs import RunsView
from pyapp.views.ticker import AT_ONCE, FORGOTTEN, MANY, Elapsed
from tests.views.support import Gallery

UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}


def seconds(text: str) -> float:
    """What a duration on the page says, to a tenth of a second."""
    found = re.findall(r"([\d.]+) (ms|s|min|h)", text)
    assert found, f"{text!r} is no duration"
    return round(sum(float(number) * UNITS[unit] for number, unit in found), 1)


class Live(Gallery):
    """One thing that lives, by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing = Drawing("v", self.frame)
        self.element = self.document.create("span")
        self.elapsed = Elapsed(self.context.ticker, self.drawing, self.context.words, self.element)

    def says(self, after: float = 0.0) -> str:
        self.advance(after)
        return self.element.textContent


def test_it_goes_on_in_tenths_then_in_seconds() -> None:
    """Never milliseconds, never below nothing; one timer while it lives, none when it stands."""
    page = Live()
    page.elapsed.show(page.now(), None, live=True)
    said = [page.says(each) for each in (0.0, 0.04, 0.07, 0.11, 9.7, 0.11, 1.0, 50.0)]
    assert said == ["0.0 s", "0.0 s", "0.1 s", "0.2 s", "9.9 s", "10 s", "11 s", "1 min 01 s"]
    assert page.clock.pending == 1
    page.elapsed.show(0.0, 0.03, live=False)
    assert (page.says(), page.clock.pending) == ("30 ms", 0)
    page.elapsed.show(None, 1.0, live=False)
    assert page.says() == ""


def test_what_nothing_is_heard_of_stands_and_goes_on_by_the_truth() -> None:
    """As of a moment, without a timer; a sentence says in whole seconds how long ago something was, once it is said."""
    page = Live()
    began = page.now()
    page.advance(4.0)
    page.elapsed.show(began, None, live=True, away=Away(page.now()))
    assert [page.says(), page.says(3.0), page.clock.pending] == ["4.0 s", "4.0 s", 0]
    page.elapsed.show(began, None, live=True)
    assert page.says(0.1) == "7.1 s"
    page.elapsed.stop()
    said = Elapsed(page.context.ticker, page.drawing, page.context.words, page.element, "run.last_seen")
    said.show_away(Away(page.now()))
    assert page.says(1.0) == ""
    said.show_away(Away(page.now(), page.now() - 1.4))
    assert [page.says(), page.says(1.2)] == ["last seen 1 s ago", "last seen 3 s ago"]
    said.show_away(None)
    assert page.says(2.0) == "" and page.clock.pending == 0


def test_many_are_told_in_whole_seconds() -> None:
    """One more than MANY: no tenths, and nothing to draw within a second; as soon as one ends they are back."""
    page = Live()
    page.elapsed.show(page.now(), None, live=True)
    assert page.says(0.2) == "0.2 s"
    ends = [page.context.ticker.live(page.drawing, lambda now: None if now < 0 else 1e12) for _ in range(MANY)]
    assert page.says(0.1) == "0 s"
    assert [page.says(each) for each in (0.1, 0.2, 0.96)] == ["0 s", "0 s", "2 s"]
    ends[0]()
    page.frame.wake()  # what ends is drawn as ended, in a frame
    assert page.says(0.1) == "1.7 s"


def test_whole_seconds_change_together() -> None:
    """Ten parts of ten phases: one frame a second, and each a second more in it."""
    page, told = Live(), list[float]()
    page.elapsed.show(page.now() - 20.0, None, live=True)
    others = [
        Elapsed(page.context.ticker, page.drawing, page.context.words, page.document.create("span")) for _ in range(9)
    ]
    for number, each in enumerate(others):
        each.show(page.now() - 20.0 - number / 10, None, live=True)
    page.says(1.0)
    page.frame.after(lambda: told.append(page.now()))
    before = [each.element.textContent for each in others]
    for _ in range(30):
        page.advance(0.1)
    assert len(told) == 3
    assert [each.element.textContent for each in others] == [f"{int(text[:-2]) + 3} s" for text in before]


def test_it_follows_the_servers_clock() -> None:
    """Ten minutes off, either way: the duration is right; a start that is still to come is 0."""
    for skew in (-600.0, 600.0):
        page = Live()
        page.server_clock.heard(page.clock.wall() + skew)
        page.elapsed.show(page.now() - 3.0, None, live=True)
        assert page.says() == "3.0 s" and page.says(1.0) == "4.0 s"
        page.elapsed.show(page.now() + 1.0, None, live=True)
        assert page.says() == "0.0 s" and page.says(1.2) == "0.2 s"


def test_a_better_known_clock_counts_at_once() -> None:
    """This machine's clock is ten minutes ahead, and a server says so only later."""
    page = Live()
    start = page.clock.wall() - 600.0
    page.elapsed.show(start, None, live=True)
    assert page.says() == "10 min 00 s"
    page.server_clock.heard(start + 2.0)
    assert page.says(1.0) == "3.0 s"


def test_ten_times_a_second_while_it_is_young_then_once() -> None:
    """No more frames than there is something to say."""
    page = Live()
    page.elapsed.show(page.now(), None, live=True)
    page.paint()

    def frames(span_s: float) -> int:
        count, until = 0, page.clock.now() + span_s
        while page.clock.now() < until - 1e-9:
            page.clock.advance(0.01)
            count += page.frames.paint()
        return count

    assert 17 <= frames(2.0) <= 20
    page.advance(20.0)
    assert 4 <= frames(5.0) <= 6


def test_nobody_looks_nothing_ticks() -> None:
    """A hidden page asks for one frame and no more; seen again, it says how late it is."""
    page = Live()
    page.elapsed.show(page.now(), None, live=True)
    page.paint()
    page.frames.hidden = True
    page.clock.advance(3600.0)
    assert (page.clock.pending, page.frames.pending) == (0, 1)
    page.frames.hidden = False
    assert page.says() == "1 h 00 min"


def test_no_number_is_no_duration() -> None:
    """What is absurd is left out, and does not live."""
    page = Live()
    for moment in (float("nan"), float("inf"), -1.7e308):
        page.elapsed.show(moment, None, live=True)
        page.says()
        page.elapsed.show(0.0, moment, live=False)
        page.says()
    page.elapsed.show(float("-inf"), None, live=True)
    assert page.says() == "" and page.clock.pending == 0 and page.errors == []


def test_a_part_that_raises_is_its_views_failure() -> None:
    """The others are told all the same."""
    page = Live()
    page.context.ticker.live(page.drawing, lambda now: 1 / 0)
    page.elapsed.show(page.now(), None, live=True)
    assert page.says() == "0.0 s"
    health = page.stores.view_health.get("v")
    assert health is not None and health.failures == 1
    page.context.ticker.stop()
    page.frame.drop(page.drawing)
    assert page.clock.pending == 0


class Nested(Gallery):
    """A run with a group with a node in it, and what the page says of their durations."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = self.show(CanvasView)
        self.show(NodeFeetView)
        self.show(RunsView)
        self.flow(nodes=[{"id": "g"}, {"id": "a", "parent": "g"}], edges=[])
        self.starts: dict[str, float] = {}
        self.ends: dict[str, float] = {}
        self.stores.front.set("r")

    def tell(self, what: str) -> None:
        """It starts, then ends."""
        (self.ends if what in self.starts else self.starts).setdefault(what, self.now())
        start, end = self.starts[what], self.ends.get(what)
        if what == "r":
            self.stores.runs.set("r", RunRow("r", "success" if end else "executing", started_at=start, ended_at=end))
        elif what == "g":
            state = GroupState("success" if end else "executing", 0, 1, started_at=start, ended_at=end)
            self.stores.groups.set(("r", "g"), state)
        else:
            self.mock("a", status="success" if end else "executing", started_at=start, ended_at=end)

    def said(self) -> list[float]:
        """Innermost first."""
        feet = [self.document.part(node, "node-foot") for node in ("a", "g")]
        texts = [foot.find_all(".node-time") if foot is not None else [] for foot in feet]
        texts.append(self.document.region("runs").find_all(".run-time"))
        return [seconds(text[0].textContent) for text in texts if text and text[0].textContent]


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.003, 0.04, 0.07, 0.3, 1.3, 9.0, 70.0]), st.booleans()), max_size=40),
    st.lists(st.integers(0, 39), max_size=6).map(sorted),
    st.sampled_from([0.0, 600.0, -600.0]),
)
def test_no_part_is_shown_longer_than_its_whole(
    steps: list[tuple[float, bool]], moments: list[int], skew: float
) -> None:
    """A node, its group, its run; whenever each begins and ends, and whenever the page is painted."""
    page = Nested()
    page.server_clock.heard(page.clock.wall() + skew)
    order = iter("rgaagr")
    for number, (pause, painted) in enumerate(steps):
        page.clock.advance(pause)
        for _ in range(moments.count(number)):
            page.tell(next(order))
        if painted:
            page.frames.paint()
            said = page.said()
            assert said == sorted(said)
    assert page.errors == []


def test_what_has_ended_is_not_kept() -> None:
    """Countdowns that would have gone on for hours: another thousand of them leave nothing behind."""
    page = Live()
    ticker = page.context.ticker
    for _ in range(1000):
        off = ticker.live(page.drawing, lambda now: now + 3600.0)
        page.paint()
        off()
    ticker.live(page.drawing, lambda now: now + 3600.0)
    page.paint()
    assert len(ticker._queue) <= FORGOTTEN + 3


def test_very_many_are_told_in_several_frames_as_of_one_instant() -> None:
    """No frame tells more than AT_ONCE; what is told later says no later moment, so no part outgrows its whole."""
    page = Live()
    told: list[float] = []

    def tell(now: float) -> float:
        told.append(now)
        return now + 1.0

    live = 3 * AT_ONCE - 1
    for _ in range(live):
        page.context.ticker.live(page.drawing, tell)
    for turn in (1, 2):
        counts = []
        while len(told) < live * turn:
            before = len(told)
            page.clock.advance(0.01)
            page.frames.paint()
            counts.append(len(told) - before)
        assert max(counts) == AT_ONCE and len(set(told[-live:])) == 1
        page.clock.advance(1.0)
    assert told[-1] > told[0] and page.errors == []
