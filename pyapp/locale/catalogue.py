"""The message catalogue: every word of the page's own, by key. One language is one table."""

from __future__ import annotations

from collections.abc import Mapping

from .en import WORDS as EN

LANGUAGES: dict[str, Mapping[str, str]] = {"en": EN}


class Catalogue:
    """Gives the page's words in one language, English where that language lacks them.

        words("events.lost", count=3)

    An unknown key gives the key itself, so that a missing word never stops the page.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"
        self._words = {**EN, **LANGUAGES.get(language, {})}

    def __call__(self, key: str, **values: object) -> str:
        text = self._words.get(key, key)
        try:
            return text.format(**values)
        except (KeyError, IndexError, ValueError):
            return text
