from __future__ import annotations

from pyapp.testing.viewport import FakeViewport


def test_every_wish_is_kept() -> None:
    """By name, with its numbers, in order."""
    viewport = FakeViewport()
    viewport.show(10.0, 20.0, "demo")
    viewport.fit()
    viewport.zoom(2.0)
    viewport.center(1.0, 2.0)
    assert viewport.wishes == [("show", 10.0, 20.0), ("fit",), ("zoom", 2.0), ("center", 1.0, 2.0)]
