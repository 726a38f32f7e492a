from __future__ import annotations

from pyapp.run.fold.bounds import evict


def test_the_oldest_that_may_go_leaves() -> None:
    items = {"open": 0, "old": 1, "new": 2}
    assert evict(items, 3, lambda value: value > 0) is None
    assert evict(items, 2, lambda value: value > 0) == "old"
    assert list(items) == ["open", "new"]


def test_where_none_may_go_it_grows() -> None:
    items = {"a": 0, "b": 0}
    assert evict(items, 1, lambda value: value > 0) is None
    assert len(items) == 2
