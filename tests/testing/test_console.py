from __future__ import annotations

from pyapp.testing.console import ListConsole


def test_the_console_sorts_by_level() -> None:
    """Lines with their level."""
    console = ListConsole()
    console.write("info", "a")
    console.write("error", "b")
    assert (console.texts(), console.texts("error")) == (["a", "b"], ["b"])
