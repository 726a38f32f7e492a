"""Foreign text on its way to a terminal."""

from __future__ import annotations

from flowglow.terminal import one_line, safe


def test_nothing_moves_the_cursor_or_changes_a_colour() -> None:
    assert safe("a\x1b[31mb\x9b\r\n\u202e") == "a�[31mb��\n�"


def test_it_cannot_look_like_another_line() -> None:
    assert one_line("one\n✓ done\tand more") == "one ✓ done and more"
