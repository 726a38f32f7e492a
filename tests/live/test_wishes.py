from __future__ import annotations

from pyapp.live.wishes import Wishes


def test_each_wish_is_passed_on_in_order_to_everyone() -> None:
    wishes = Wishes()
    wishes.want("early", "log")
    heard: list[tuple[str, str, str]] = []
    for name in ("a", "b"):
        wishes.listen(lambda run_id, wish, name=name: heard.append((name, run_id, wish)))  # type: ignore[misc]
    wishes.want("r", "events")
    wishes.want("r", "state")
    assert heard == [("a", "r", "events"), ("b", "r", "events"), ("a", "r", "state"), ("b", "r", "state")]
