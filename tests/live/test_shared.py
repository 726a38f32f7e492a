from __future__ import annotations

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
