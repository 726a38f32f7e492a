from __future__ import annotations

from pyapp.run.fold.step import Touched, evict
from tests.run.support import Told, start, text


def test_the_oldest_that_may_go_leaves() -> None:
    items = {"open": 0, "old": 1, "new": 2}
    assert evict(items, 3, lambda value: value > 0) is None
    assert evict(items, 2, lambda value: value > 0) == "old"
    assert list(items) == ["open", "new"]


def test_where_none_may_go_it_grows() -> None:
    items = {"a": 0, "b": 0}
    assert evict(items, 1, lambda value: value > 0) is None
    assert len(items) == 2


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
