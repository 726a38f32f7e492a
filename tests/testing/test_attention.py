from __future__ import annotations

import pytest

from pyapp.testing.attention import FakeAttention


async def test_a_notification_needs_a_hidden_page_and_a_permission() -> None:
    attention, clicked = FakeAttention(), list[str]()
    attention.count(2)
    assert attention.number == 2
    with pytest.raises(AssertionError):
        attention.notify("Title", "text", "k", lambda: clicked.append("k"))
    attention.hidden = True
    with pytest.raises(AssertionError):
        attention.notify("Title", "text", "k", lambda: clicked.append("k"))
    assert await attention.ask() == "granted"
    close = attention.notify("Title", "text", "k", lambda: clicked.append("k"))
    attention.clicks["k"]()
    assert attention.told == {"k": ("Title", "text")} and clicked == ["k"]
    close()
    close()
    assert attention.told == {}
