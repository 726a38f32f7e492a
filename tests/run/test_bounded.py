from __future__ import annotations

from pyapp.run.bounded import BoundedDict, BoundedSet


def test_a_set_forgets_its_oldest() -> None:
    """One more than the limit pushes out what was added longest ago."""
    items = BoundedSet(2, "ab")
    items.add("c")
    assert ("a" in items, "b" in items, "c" in items, len(items)) == (False, True, True, 2)
    items.discard("b")
    items.discard("zzz")
    assert len(items) == 1
    items.clear()
    assert len(items) == 0


def test_a_dict_evicts_what_may_go_first() -> None:
    """The oldest entry that may go leaves; if none may, none does."""
    items: BoundedDict[str, int] = BoundedDict(2, lambda value: value > 0)
    items["keep"] = 0
    items["go"] = 1
    items["new"] = 2
    assert list(items) == ["keep", "new"]
    items["new"] = 0
    items["last"] = 0
    assert list(items) == ["keep", "new", "last"]
