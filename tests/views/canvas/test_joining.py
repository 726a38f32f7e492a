from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.ports import Box
from pyapp.views.canvas.joining import NODE_GAP, RANK_GAP, TALL_RANK_GAP, joined

SIZE = (100.0, 40.0)
A = Box(10.0, 20.0, *SIZE)


def test_what_follows_stands_behind() -> None:
    """In a row; downwards, where the layout does so."""
    assert joined({"a": A}, {"b": SIZE}, [("a", "b")], down=False)["b"] == Box(110 + RANK_GAP, 20.0, *SIZE)
    assert joined({"a": A}, {"b": SIZE}, [("a", "b")], down=True)["b"] == Box(10.0, 60 + TALL_RANK_GAP, *SIZE)


def test_arms_stand_below_each_other_and_their_join_in_their_middle() -> None:
    edges = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "e"), ("c", "e"), ("d", "e"), ("e", "ghost")]
    placed = joined({"a": A}, dict.fromkeys("bcde", SIZE), edges, down=False)
    column = [placed[each] for each in "bcd"]
    assert {box.x for box in column} == {174.0} and [box.y for box in column] == [20.0, 88.0, 156.0]
    assert (placed["e"].x, placed["e"].y) == (338.0, 88.0)


def test_what_follows_nothing_stands_below_all() -> None:
    placed = joined({"a": A, "b": Box(300.0, 100.0, *SIZE)}, {"c": SIZE}, [], down=False)
    assert placed["c"] == Box(10.0, 140 + NODE_GAP, *SIZE)
    assert joined({}, {"c": SIZE}, [], down=False) == {"c": Box(0.0, 0.0, *SIZE)}


SIZES = st.tuples(st.floats(20, 400), st.floats(20, 300))


@given(st.lists(SIZES, min_size=1, max_size=12), st.data(), st.booleans())
def test_nothing_that_stands_moves_and_nothing_is_in_the_way(
    sizes: list[tuple[float, float]], data: st.DataObject, down: bool
) -> None:
    """Whatever comes, one after the other: none overlaps another one, and none goes above or before the first."""
    names = [f"n{number}" for number in range(len(sizes))]
    earlier = st.lists(st.sampled_from(names), max_size=3)
    edges = [(source, target) for target in names for source in data.draw(earlier)]
    placed: dict[str, Box] = {}
    for name, size in zip(names, sizes, strict=True):
        before = dict(placed)
        placed = joined(placed, {name: size}, edges, down=down)
        assert {each: placed[each] for each in before} == before
        box = placed[name]
        assert (box.width, box.height) == size and min(box.x, box.y) >= 0
        for each in before.values():
            apart = box.x >= each.x + each.width or each.x >= box.x + box.width
            assert apart or box.y >= each.y + each.height or each.y >= box.y + box.height
