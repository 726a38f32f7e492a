from __future__ import annotations

from pyapp.live.shared import Wishes
from pyapp.stores.rows import MAX_QUARANTINE, Quarantined
from tests.live.support import World


def test_what_is_put_aside_is_kept_with_its_reason_and_bounded() -> None:
    """The newest stay."""
    world = World()
    world.shared.put_aside("because", "text")
    assert world.stores.quarantine.get() == (Quarantined("because", "text"),)
    for number in range(MAX_QUARANTINE + 5):
        world.shared.put_aside(str(number))
    kept = world.stores.quarantine.get()
    assert len(kept) == MAX_QUARANTINE and kept[-1] == Quarantined(str(MAX_QUARANTINE + 4), "")


def test_each_wish_is_passed_on_in_order_to_everyone() -> None:
    wishes = Wishes()
    wishes.want("early", "log")
    heard: list[tuple[str, str, str]] = []
    for name in ("a", "b"):
        wishes.listen(lambda run_id, wish, name=name: heard.append((name, run_id, wish)))  # type: ignore[misc]
    wishes.want("r", "events")
    wishes.want("r", "state")
    assert heard == [("a", "r", "events"), ("b", "r", "events"), ("a", "r", "state"), ("b", "r", "state")]
