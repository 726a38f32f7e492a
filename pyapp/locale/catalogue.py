"""The message catalogue: every word of the page's own, by key. One language is one table."""

from __future__ import annotations

from collections.abc import Mapping

from .en import WORDS as EN
from .nl import WORDS as NL

LANGUAGES: dict[str, Mapping[str, str]] = {"en": EN, "nl": NL}
DEFAULT = "en"
GROUPED_FROM = 10_000


class Catalogue:
    """Gives the page's words in one language, English where that language lacks them.

        words = Catalogue("nl-BE", "en")    # the first of them that the page speaks
        words("events.lost", count=3)

    A `count` of 1 takes the words of `<key>.one`, where there are such; large ones are grouped as the language does.
    An unknown key gives the key itself, so that a missing word never stops the page."""

    def __init__(self, *wanted: str) -> None:
        self.language = DEFAULT
        self._words: Mapping[str, str] = EN
        self._signs: dict[int, str] = {}
        """What stands between the digits of a number, by the sign that Python puts there."""
        self.speak(next((spoken for each in wanted if (spoken := _spoken(each))), DEFAULT))

    def speak(self, language: str) -> None:
        """Use this language from now on; one that the page does not speak changes nothing."""
        spoken = _spoken(language)
        if spoken:
            self.language = spoken
            self._words = {**EN, **LANGUAGES[spoken]}
            self._signs = str.maketrans({".": self._words["number.decimal"], ",": self._words["number.group"]})

    def __call__(self, key: str, **values: object) -> str:
        text = self._words.get(key, key)
        if not values and "{" not in text:
            return text
        for name in values:
            if type(value := values[name]) not in (str, int, float) and isinstance(value, SPOKEN):
                values[name] = self.of(value)
        if "count" in values and isinstance(count := values["count"], int):
            if count == 1:
                text = self._words.get(f"{key}.one", text)
            values["count"] = self.number(count)
        try:
            return text.format(**values)
        except (KeyError, IndexError, ValueError):
            return text

    def of(self, text: object) -> str:
        """A text, or an error's: in this language if the catalogue has it, else as it is."""
        if isinstance(text, BaseException) and text.args:
            text = text.args[0]
        return self(text.key, **text.values) if isinstance(text, Sentence) else str(text)

    def number(self, value: float, digits: int = 0) -> str:
        """A number, with so many digits behind its sign; from 10,000 on in groups, so that a year stays whole."""
        form = f".{digits}f" if digits or isinstance(value, float) else "d"
        text = format(value, f",{form}" if abs(value) >= GROUPED_FROM else form)
        return text.translate(self._signs)


def _spoken(tag: str) -> str:
    """The language of the page for a tag as browsers have it (nl-BE); "" for none."""
    language = tag.strip().lower().partition("-")[0]
    return language if language in LANGUAGES else ""


_ENGLISH = Catalogue(DEFAULT)


class Sentence(str):
    """What is said by code that does not know which language the page speaks.

        raise ApiError(Sentence("api.silent", method="GET", path="/runs", seconds=10))

    English text, for logs and errors; `Catalogue.of` gives it in another language."""

    key: str
    values: dict[str, object]

    def __new__(cls, key: str, **values: object) -> Sentence:
        made = super().__new__(cls, _ENGLISH(key, **values))
        made.key, made.values = key, values
        return made


SPOKEN = (Sentence, BaseException)
"""What is said in the language of the page wherever it stands."""
