from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.stores.rows import ViewHealth
from pyapp.views.drawing import PATIENCE, SLICE, Drawing
from pyapp.views.frame import BUDGET_S, MAX_AGAIN_S
from tests.views.painted import Painted


def test_what_the_browser_refuses_is_the_failure_of_the_view_that_wrote_it() -> None:
    """Found out at the end of the frame; the view is drawn anew, the others are well. Of nobody, it is the page's."""
    page = Painted()
    page.add("bad", 1)[1]([1])
    page.add("good", 2)[1]([2])
    page.document.refuses = {"bad": ValueError("no such stroke"), "": ValueError("nobody's")}
    page.frames.paint()
    assert page.health.get("bad") == ViewHealth("bad", 1, 1, "ValueError: no such stroke")
    assert page.health.get("good") == ViewHealth("good")
    assert [text.partition(" ")[0] for text in page.console.texts("error")] == ["[bad]", "[page]"]
    page.clock.advance(1.0)
    page.frames.paint()
    assert page.drawn("bad") == [1, "clear", 1] and page.drawn("good") == [2]


def test_nothing_is_drawn_in_the_task_that_marks() -> None:
    """However often a key is marked before the frame, it is drawn once; keys in the order of their first mark."""
    page = Painted()
    _, mark = page.add("v")
    for keys in ("ba", "cb", "a"):
        mark(keys)
    assert (page.log, page.frames.pending) == ([], 1)
    page.frames.paint()
    assert page.drawn("v") == ["b", "a", "c"]
    assert not page.frames.paint(), "nothing waits, no frame is asked for"


def test_what_is_wanted_in_a_frame_is_drawn_in_it() -> None:
    """No second frame comes for it: an empty one costs the browser as much."""
    page = Painted()
    _, mark = page.add("a")
    page.frame.before(lambda: mark([1]))
    assert page.frames.paint() and page.log[-1] == ("a", 1)
    assert page.frames.pending == 0
    page.frame.before(lambda: page.frame.before(lambda: mark([2])))
    page.frames.paint()
    assert page.frames.pending == 1, "that is for the next one"
    page.frames.paint()
    assert page.log[-1] == ("a", 2)


def test_what_is_looked_at_first_has_its_turn_first() -> None:
    """By rank, whoever marked first; who marks while others draw still has a turn in the same frame."""
    page = Painted()
    _, later = page.add("later", rank=5)
    _, sooner = page.add("sooner", rank=1)
    chain = Drawing("chain", page.frame)
    chain.rank = 0
    chain.part(lambda key: later([key]), tuple)(["x"])
    sooner("s")
    page.frames.paint()
    assert page.log == [("sooner", "s"), ("later", "x")]
    later("y")
    sooner("t")
    page.frames.paint()
    assert page.log[2:] == [("sooner", "t"), ("later", "y")]


def test_a_frame_ends_when_its_time_is_over() -> None:
    """A slice is drawn whole; the rest of it waits for the next frame."""
    page = Painted()
    _, mark = page.add("v", cost_s=BUDGET_S / (2 * SLICE))
    mark(range(10 * SLICE))
    drawn = []
    while page.frames.paint():
        drawn.append(len(page.log))
    assert drawn == [2 * SLICE, 4 * SLICE, 6 * SLICE, 8 * SLICE, 10 * SLICE]


def test_nobody_starves() -> None:
    """A view that always has more to draw than a frame allows does not keep the last one waiting for ever."""
    page = Painted()
    _, greedy = page.add("greedy", rank=0, cost_s=BUDGET_S)
    _, humble = page.add("humble", rank=8)
    humble(["h"])
    frames = 0
    while not page.drawn("humble"):
        greedy(range(frames * 100, frames * 100 + 100))
        page.frames.paint()
        frames += 1
        assert frames < 12
    assert frames > 1


def test_what_raises_costs_only_its_own_key_and_is_drawn_again() -> None:
    """Counted under its view with the reason; drawn anew from nothing after a pause, and well again then."""
    page = Painted()
    _, mark = page.add("v", "a", "b", "c")
    _, other = page.add("other")
    page.broken.add(("v", "b"))
    mark("abc")
    other("x")
    page.frames.paint_all()
    assert (page.drawn("v"), page.drawn("other")) == (["a", "c"], ["x"])
    assert page.health.get("v") == ViewHealth("v", 1, 1, "RuntimeError: v cannot draw b")
    assert page.health.get("other") == ViewHealth("other")
    page.clock.advance(0.9)
    mark("a")
    page.frames.paint_all()
    assert page.drawn("v") == ["a", "c", "a"], "what changes meanwhile is drawn"
    page.broken.clear()
    page.clock.advance(0.1)
    page.frames.paint_all()
    assert page.drawn("v")[3:] == ["clear", "a", "b", "c"]
    assert page.health.get("v") == ViewHealth("v", 1, 0, "RuntimeError: v cannot draw b")
    assert page.clock.pending == 0


def test_what_cannot_be_wiped_is_drawn_over() -> None:
    """What a view fails to take away costs a failure, never its drawing."""
    page = Painted()
    drawing, _ = page.add("v", "a")
    drawing.clear = lambda: page.log[99]  # type: ignore[assignment, method-assign]
    drawing.redraw()
    page.frames.paint()
    health = page.health.get("v")
    assert page.drawn("v") == ["a"] and health is not None and health.failures == 1
    page.frame.stop()


def test_a_view_that_cannot_name_its_keys_costs_only_itself() -> None:
    """The others have their turn in the same frame; named again later, everything is drawn."""
    page = Painted()
    keys: list[str] = []
    drawing = Drawing("v", page.frame)
    drawing.part(lambda key: page.log.append(("v", key)), lambda: [keys[0]])
    _, other = page.add("other", rank=9)
    drawing.redraw()
    other("x")
    page.frames.paint()
    assert page.log == [("other", "x")]
    keys.append("k")
    page.clock.advance(1.0)
    page.frames.paint_all()
    assert page.log[1:] == [("v", "k")]


def test_a_view_that_always_raises_is_left_alone_for_longer_and_longer() -> None:
    """At most a few failures each time, of keys that raised before and of others, and no frame meanwhile."""
    page = Painted()
    keys = range(100)
    _, mark = page.add("v", *keys)
    page.broken.update(("v", key) for key in keys)
    mark(keys)
    failures = []
    for _ in range(7):
        page.frames.paint_all()
        failures.append((page.health.get("v") or ViewHealth("v")).failures)
        before = page.clock.now()
        while not page.frames.pending:
            page.clock.advance(1.0)
        failures.append(round(page.clock.now() - before))
    assert failures[::2] == [PATIENCE * each for each in range(1, 14, 2)]
    assert failures[1::2] == [1, 2, 4, 8, 16, 30, 30]


def test_keys_that_always_raise_cost_the_others_nothing() -> None:
    """However many they are, and however often they change; a few of them are tried each time, in turn."""
    page = Painted()
    keys = range(4 * PATIENCE)
    _, mark = page.add("v", *keys)
    bad = keys[: 3 * PATIENCE]
    page.broken.update(("v", key) for key in bad)
    mark(keys)
    for _ in range(4):
        page.frames.paint_all()
        page.clock.advance(MAX_AGAIN_S)
    page.frames.paint_all()
    page.log.clear()
    failed = (page.health.get("v") or ViewHealth("v")).failures
    mark(keys)
    page.frames.paint_all()
    assert page.drawn("v") == list(keys[3 * PATIENCE :]), "what changes is drawn, though the view is not well"
    for _ in range(3):
        page.clock.advance(MAX_AGAIN_S)
        page.frames.paint_all()
    health = page.health.get("v") or ViewHealth("v")
    assert health.streak > 0 and health.failures == failed + 3 * PATIENCE
    page.broken.clear()
    for _ in range(3):
        page.clock.advance(MAX_AGAIN_S)
        page.frames.paint_all()
    assert {*page.drawn("v")} >= {*keys}
    health = page.health.get("v") or ViewHealth("v")
    assert health.streak == 0


def test_it_stops_and_a_view_can_leave() -> None:
    """No frame, no timer, nothing drawn; what is called after each frame is called after each."""
    page = Painted()
    ends: list[int] = []
    page.frame.after(lambda: ends.append(len(page.log)))
    drawing, mark = page.add("v", "a")
    page.broken.add(("v", "a"))
    mark("ab")
    page.frames.paint()
    assert (ends, page.clock.pending) == ([1], 1)
    mark("b")
    page.frame.drop(drawing)
    page.frame.wake()
    page.frames.paint_all()
    assert (page.drawn("v"), page.clock.pending) == (["b"], 0)
    mark("c")
    page.frame.stop()
    page.frame.stop()
    assert page.frames.pending == 0


MARKS = st.tuples(st.sampled_from("uvw"), st.lists(st.integers(0, 40), max_size=40))
BREAKS = st.tuples(st.just("break"), st.sampled_from("uvw"), st.integers(0, 40))
FRAMES = st.tuples(st.just("frame"))


@given(st.lists(st.one_of(MARKS, BREAKS, FRAMES), max_size=30), st.sampled_from([0.0, 0.0005, 0.009]))
def test_in_the_end_everything_is_drawn(steps: list[Any], cost_s: float) -> None:
    """Whatever was marked, and whatever raised on the way, once it works again; no frame draws longer than its time."""
    page = Painted()
    marks, wanted = {}, {}
    for rank, name in enumerate("uvw"):
        wanted[name] = set[int]()
        drawing = Drawing(name, page.frame)
        drawing.rank = rank

        def draw(key: int, name: str = name) -> None:
            page.clock.spend(cost_s)
            if (name, key) in page.broken:
                raise RuntimeError("broken")
            page.log.append((name, (key, len(steps_done))))

        marks[name] = drawing.part(draw, lambda name=name: sorted(wanted[name]))  # type: ignore[misc]
    last: dict[tuple[str, int], int] = {}
    steps_done: list[None] = []

    def one_frame() -> bool:
        before = page.clock.now()
        more = page.frames.paint()
        assert page.clock.now() - before <= BUDGET_S + SLICE * cost_s + 1e-9
        return more

    for step in steps:
        steps_done.append(None)
        if step[0] == "frame":
            one_frame()
        elif step[0] == "break":
            page.broken.add(step[1:])
        else:
            name, keys = step
            marks[name](keys)
            wanted[name].update(keys)
            last.update({(name, key): len(steps_done) for key in keys})
    page.broken.clear()
    for _ in range(8):
        while one_frame():
            pass
        page.clock.advance(31.0)
    latest = {(name, key): number for name, (key, number) in page.log}
    assert all(latest[each] >= number for each, number in last.items())
    assert all(health.streak == 0 for _, health in page.health.items()) and page.frames.pending == 0
