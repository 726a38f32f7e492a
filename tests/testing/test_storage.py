from __future__ import annotations

from pyapp.testing.storage import FakeStorage


def test_texts_are_kept_unless_the_browser_refuses() -> None:
    storage = FakeStorage()
    assert storage.read("a") is None
    storage.write("a", "1")
    assert storage.read("a") == "1"
    storage.refuses = True
    storage.write("a", "2")
    assert storage.read("a") is None and storage.kept == {"a": "1"}
