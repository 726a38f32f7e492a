from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.views.timeline.bars import RUN, Bar
from pyapp.views.timeline.nesting import Nesting, holds

NODES = ("g", "h", "n", "m")
INSIDE = {"g": "", "h": "g", "n": "h", "m": "g"}
MOMENTS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0, 3.0]))


def execution(node: str, order: int, at: float | None) -> Bar:
    return Bar(f"{node}-{order}", "node", node, "success", node, INSIDE[node], order, at)


def call(node: str, number: int, at: float | None) -> Bar:
    return Bar(f"tool/{number}", "tool", "look", "success", node, node, started_at=at)


BARS = st.one_of(
    st.builds(execution, st.sampled_from(NODES), st.integers(0, 3), MOMENTS),
    st.builds(call, st.sampled_from(NODES), st.integers(0, 3), MOMENTS),
)
CHANGES = st.lists(st.one_of(BARS, BARS.map(lambda bar: bar.key)), max_size=30)


def parents(bars: dict[str, Bar]) -> dict[str, str]:
    """The definition: the execution of the node that began last before, else the first of all, else the run."""
    found = {}
    for bar in bars.values():
        of_node = [each for each in bars.values() if holds(each) and each.node_id == bar.inside]
        of_node.sort(key=lambda each: (each.since, each.order, each.key))
        before = [each for each in of_node if each.since <= bar.since]
        found[bar.key] = (before[-1] if before else of_node[0]).key if of_node else RUN
    return found


@given(CHANGES)
def test_after_any_changes_all_stand_where_they_would_at_once(changes: list[Bar | str]) -> None:
    """Whatever comes, changes or goes, in any order; and who stands elsewhere than before is told."""
    nesting, bars, told = Nesting(), dict[str, Bar](), dict[str, str | None]()
    for change in changes:
        if isinstance(change, Bar):
            moved = list(nesting.put(change))
            bars[change.key] = change
        else:
            moved = list(nesting.drop(change))
            bars.pop(change, None)
            told.pop(change, None)
        for key in moved:
            if key in bars:
                told[key] = nesting.parent(key)
        assert told == parents(bars)


def test_rounds_of_a_loop_hold_what_began_in_them() -> None:
    """A call in the second round stands there, also when that round is told later."""
    nesting = Nesting()
    for bar in (execution("n", 0, 0.0), call("n", 1, 1.0), call("n", 2, 6.0)):
        list(nesting.put(bar))
    assert nesting.parent("tool/2") == "n-0"
    assert list(nesting.put(execution("n", 1, 5.0))) == ["n-1", "tool/2"]
    assert (nesting.parent("tool/1"), nesting.parent("tool/2")) == ("n-0", "n-1")


def test_what_no_bar_holds_stands_in_the_run() -> None:
    nesting = Nesting()
    list(nesting.put(Bar(RUN, "run", "Run", "executing")))
    list(nesting.put(call("n", 1, 1.0)))
    assert (nesting.parent(RUN), nesting.parent("tool/1")) == (None, RUN)
    assert set(nesting.put(execution("n", 0, 3.0))) == {"n-0", "tool/1"}
    assert nesting.parent("tool/1") == "n-0", "the first one has what came before it"
    nesting.clear()
    list(nesting.put(call("n", 1, 1.0)))
    assert nesting.parent("tool/1") == RUN


def test_an_unchanged_place_moves_nobody() -> None:
    nesting = Nesting()
    list(nesting.put(execution("n", 0, 0.0)))
    list(nesting.put(call("n", 1, 1.0)))
    assert list(nesting.put(execution("n", 0, 0.0))) == []
    assert list(nesting.drop("nobody")) == []
