"""pyapp.protocols.agui.draft: what a patch may change in place, and how much it may move."""

from __future__ import annotations

from typing import Any

import pytest

from pyapp.protocols.agui import draft
from pyapp.protocols.agui.draft import Draft
from pyapp.protocols.agui.patch import PatchError, apply


def test_what_was_made_is_changed_in_place_until_it_is_in_two_places() -> None:
    one, given = Draft(), {"a": 1}
    made = one.own(given)
    assert made == given and made is not given
    assert one.own(made) is made
    one.share()
    assert one.own(made) is not made


def test_no_patch_moves_without_bounds_in_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put at the end moves nothing."""
    monkeypatch.setattr(draft, "MAX_SHIFTED", 100)
    changes: list[dict[str, Any]] = [{"op": "add", "path": "/0", "value": 1}, {"op": "remove", "path": "/0"}]
    assert apply([1] * 20, changes * 2) == [1] * 20
    with pytest.raises(PatchError, match="too much in lists"):
        apply([1] * 30, changes * 2)
    assert len(apply([1] * 300, [{"op": "add", "path": "/-", "value": 1}] * 50)) == 350
