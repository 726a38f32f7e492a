from __future__ import annotations

import pytest

from pyapp.stores.link import LinkPhase, LinkState


@pytest.mark.parametrize("phase", ["connecting", "waiting", "offline", "closed"])
def test_a_link_is_gone_once_it_was_there(phase: LinkPhase) -> None:
    """Whatever else it is; while it was never open nothing is missed."""
    assert LinkState(phase, heard_at=1.0).gone and not LinkState(phase).gone
    assert not LinkState("open", heard_at=1.0).gone
