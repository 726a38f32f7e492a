from __future__ import annotations

import pytest

from pyapp.run.fold.step import Touched, evict
from tests.run.support import Told, start, text


def test_the_oldest_that_may_go_leaves() -> None:
    items = {"open": 0, "old": 1, "new": 2}
    assert evict(items, 3, lambda value: value > 0) == {}
    assert evict(items, 2, lambda value: value > 0) == {"old": 1}
    assert list(items) == ["open", "new"]


def test_where_none_may_go_it_grows() -> None:
    items = {"a": 0, "b": 0}
    assert evict(items, 1, lambda value: value > 0) == {}
    assert len(items) == 2


def test_what_was_too_much_leaves_once_it_may() -> None:
    items = dict.fromkeys(range(100), False)
    for key in items:
        items[key] = True
    for number in range(100, 110):
        items[number] = True
        evict(items, 40, lambda value: value)
    assert list(items) == list(range(70, 110))


@pytest.mark.parametrize("open_first", [0, 1, 40, 900, 1_000, 20_000])
def test_looking_for_what_may_go_does_not_grow_with_what_is_open(open_first: int) -> None:
    """Whatever is open at the front: an addition looks at a few, not at all of them."""
    limit, items, looked = 1_000, dict[int, bool](), 0

    def may_go(closed: bool) -> bool:
        nonlocal looked
        looked += 1
        return closed

    for key in range(open_first):
        items[key] = False
        evict(items, limit, may_go)
    for key in range(open_first, open_first + 5_000):
        items[key] = True
        evict(items, limit, may_go)
    assert looked / (open_first + 5_000) < 60
    assert sum(not closed for closed in items.values()) == open_first
    assert len(items) <= limit + max(limit // 16, 2 * open_first)


def test_nothing_is_touched_at_first_and_nothing_is_shared() -> None:
    one, other = Touched(), Touched()
    one.nodes["n"] = None
    assert other == Touched() and not (other.run or other.ended or other.cards or other.nodes)


def test_it_names_keys_in_the_order_of_change() -> None:
    """A step touches what it changed and nothing that was touched before."""
    told = Told(start("b", 0), start("a", 1))
    assert (list(told.touched.nodes), list(told.touched.executions)) == (["a"], [("a", 1)])
    told.tell(text("x"))
    assert (list(told.touched.messages), told.touched.nodes, told.touched.run) == (["text/0/r"], {}, False)
