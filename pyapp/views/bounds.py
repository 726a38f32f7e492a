"""Bounds: how much of a value is drawn. What a person searches for is, wherever in the value it stands.

bounds = Bounds(wanted="needle")
shown = bounds.some(records, 200)       # the first 200, and of the others those with a needle in them
bounds.unseen                           # needles that are in none of what is shown
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

MAX_CHARS = 20_000
LARGE_CHARS = 1_000_000
"""Of a value that has the page to itself, because a person asked for all of it."""
BESIDE = 80
"""Characters that are shown before and behind what was found in the part of a text that is left out."""
MOST_PIECES = 20


class Bounds:
    """Owns what was left out of one value while it was drawn: whether anything was, and how often `wanted` is there."""

    def __init__(self, chars: int = MAX_CHARS, wanted: str = "") -> None:
        self._chars = chars
        self.wanted = wanted.lower()
        self.cut = False
        self.unseen = 0

    def text(self, text: str, most: int | None = None) -> tuple[str, int]:
        """As much of it as is drawn, at most `most` characters, and how many are left out."""
        most = self._chars if most is None else most
        left = len(text) - most
        if left <= 0:
            return text, 0
        self.cut = True
        pieces = [text[:most]]
        if self.wanted:
            low, end = text.lower(), most
            at = low.find(self.wanted, most - len(self.wanted) + 1)
            while at >= 0 and len(pieces) <= MOST_PIECES:
                begin, end = max(at - BESIDE, min(at, end)), at + len(self.wanted) + BESIDE
                pieces.append(text[begin:end])
                at = low.find(self.wanted, end)
            self.unseen += max(0, low.count(self.wanted) - sum(each.lower().count(self.wanted) for each in pieces))
        return "\n… ".join(pieces), left

    def some(self, items: Sequence[T], most: int, read: Callable[[T], Any] = lambda item: item) -> list[T]:
        """The first `most`, and as many of the others in which it stands; `read` gives what of one is searched."""
        shown = list(items[:most])
        self.cut = self.cut or len(items) > most
        for item in items[most:] if self.wanted else ():
            times = times_in(read(item), self.wanted)
            if times and len(shown) < 2 * most:
                shown.append(item)
            else:
                self.unseen += times
        return shown


def times_in(value: Any, wanted: str) -> int:
    """How often a text, in small letters, stands in a value, in its names, too."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return text.lower().count(wanted if isinstance(value, str) else json.dumps(wanted, ensure_ascii=False)[1:-1])
