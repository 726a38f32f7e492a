from __future__ import annotations

from pyapp.run.bounded import BoundedDict


def test_it_forgets_its_oldest() -> None:
    """One more than the limit pushes out what was added longest ago; what is there already pushes out nothing."""
    items: BoundedDict[str, int] = BoundedDict(2)
    items["a"] = items["b"] = 0
    items["a"] = 1
    assert list(items.items()) == [("a", 1), ("b", 0)]
    items["c"] = 2
    assert list(items) == ["b", "c"]
