from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.views.canvas.cycles import back_edges

NAMES = st.sampled_from("abcdef")


def test_only_what_closes_a_loop_goes_back() -> None:
    """A way round and a second way to the same node close none; the name of a node says nothing."""
    assert back_edges([("read", "spread"), ("spread", "measure"), ("measure", "spread"), ("measure", "out")]) == {
        ("measure", "spread")
    }
    assert back_edges([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d")]) == set()
    assert back_edges([("b", "a"), ("z", "b"), ("a", "z"), ("start", "z")]) == {("a", "z")}
    assert back_edges([("a", "a")]) == {("a", "a")}


@given(st.lists(st.tuples(NAMES, NAMES), max_size=15))
def test_without_them_no_loop_is_left(edges: list[tuple[str, str]]) -> None:
    back = back_edges(edges)
    assert back_edges([each for each in edges if each not in back]) == set()
    assert back <= set(edges)
