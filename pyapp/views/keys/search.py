"""Fuzzy search: which of many texts are meant by a few letters, the best first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from heapq import nsmallest
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
WHOLE, BEGINS, WORD, INSIDE, SCATTERED = range(0, 50, 10)
"""How a word fits, the lower the better: it is the text, begins it, begins a word in it, is in it, its letters are."""


def fit(wanted: str, text: str) -> float | None:
    """How well `text` fits what is wanted, the lower the better; None where it does not. Both in small letters.

    Each word of what is wanted must be in the text, in any order; of two texts that fit alike the shorter is better.
    """
    total = 0.0
    for word in wanted.split():
        found = _fit_word(word, text)
        if found is None:
            return None
        total += found
    return total + min(len(text), 999) / 1_000


def best(wanted: str, texts: Iterable[tuple[T, str]], most: int) -> list[T]:
    """The `most` items whose texts fit best; those that fit alike stay in their order, and all if nothing is wanted."""
    folded = wanted.casefold()
    if not folded.split():
        return [item for item, _ in islice(texts, most)]
    scored = (
        (score, number, item)
        for number, (item, text) in enumerate(texts)
        if (score := fit(folded, text.casefold())) is not None
    )
    return [item for _, _, item in nsmallest(most, scored, key=lambda each: each[:2])]


def _fit_word(word: str, text: str) -> float | None:
    at = text.find(word)
    if at == 0:
        return WHOLE if len(word) == len(text) else BEGINS
    if at > 0:
        return WORD if re.search(rf"(?<![^\W_]){re.escape(word)}", text) else INSIDE
    place = -1
    first = -1
    for letter in word:
        place = text.find(letter, place + 1)
        if place < 0:
            return None
        first = place if first < 0 else first
    return SCATTERED + min(place - first + 1 - len(word), 99) / 10
