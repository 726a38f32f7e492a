"""Foreign text on its way to a terminal."""

from __future__ import annotations


def safe(text: str) -> str:
    """Foreign text for a terminal: whatever could move the cursor or change a colour is shown as �."""
    return "".join(each if each in "\n\t" or (each.isprintable() and each != "\x9b") else "�" for each in text)


def one_line(text: str) -> str:
    """The same on one line, so that it cannot look like another."""
    return safe(text).replace("\n", " ").replace("\t", " ")
