from __future__ import annotations

from pyapp.views.timeline.bars import RUN, Bar
from pyapp.views.timeline.telling import Telling

GROUP = Bar("node/g-0", "node", "G", "executing", "g", "", 0, 1.0)
CHILD = Bar("node/n-1", "node", "N", "executing", "n", "g", 1, 2.0)


def keys(news: dict[str, object]) -> list[str]:
    return [bar[0] for bar in news["bars"]]  # type: ignore[attr-defined]


def test_only_what_changed_is_told() -> None:
    """In its latest form, once; the first time anew."""
    telling = Telling()
    telling.put(GROUP.key, GROUP)
    news = telling.news()
    assert (news["anew"], keys(news)) == (True, [GROUP.key])
    telling.put(GROUP.key, GROUP)
    assert telling.news() == {"anew": False, "bars": [], "gone": []}
    telling.put(CHILD.key, CHILD)
    news = telling.news()
    assert (keys(news), news["bars"][0][1]) == ([CHILD.key], GROUP.key)


def test_who_stands_elsewhere_is_told_again() -> None:
    telling = Telling()
    telling.put(CHILD.key, CHILD)
    assert telling.news()["bars"][0][1] == RUN
    telling.put(GROUP.key, GROUP)
    assert {bar[0]: bar[1] for bar in telling.news()["bars"]} == {GROUP.key: RUN, CHILD.key: GROUP.key}
    telling.put(GROUP.key, None)
    news = telling.news()
    assert (keys(news), news["gone"]) == ([CHILD.key], [GROUP.key])
    telling.put("nobody", None)
    assert telling.news()["gone"] == []


def test_cleared_all_is_told_anew() -> None:
    telling = Telling()
    telling.put(GROUP.key, GROUP)
    telling.news()
    telling.clear()
    assert (len(telling), telling.get(GROUP.key)) == (0, None)
    assert telling.news() == {"anew": True, "bars": [], "gone": []}
