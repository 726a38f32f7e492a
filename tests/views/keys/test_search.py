from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.views.keys.search import best, fit

TEXTS = st.text("ab c_", max_size=8)
WORDS = st.text("abc", min_size=1, max_size=4)


def in_order(word: str, text: str) -> bool:
    """Its letters stand in the text in their order."""
    rest = iter(text)
    return all(letter in rest for letter in word)


@given(st.lists(WORDS, min_size=1, max_size=3), TEXTS)
def test_a_text_fits_if_the_letters_of_each_word_are_in_it(words: list[str], text: str) -> None:
    assert (fit(" ".join(words), text) is not None) == all(in_order(word, text) for word in words)


@given(WORDS, st.lists(TEXTS, max_size=30), st.integers(1, 10))
def test_the_best_are_the_first_of_all(wanted: str, texts: list[str], most: int) -> None:
    """As if all were sorted; those alike in the order in which they came."""
    numbered = list(enumerate(texts))
    fitting = [(number, score) for number, text in numbered if (score := fit(wanted, text)) is not None]
    expected = [number for number, _ in sorted(fitting, key=lambda each: each[1])][:most]
    assert best(wanted, [(number, text) for number, text in numbered], most) == expected


@given(WORDS, st.lists(TEXTS, max_size=20))
def test_what_is_written_out_is_the_first(wanted: str, texts: list[str]) -> None:
    assert best(wanted, [(text, text) for text in [*texts, wanted]], 1) == [wanted]


def test_how_well_it_fits_decides() -> None:
    """The whole, the beginning, a word's beginning, inside a word, letters here and there: in this order."""
    texts = ["passe_rx", "unparsed", "Reparse it", "To parse", "parse", "Parse them", "p-a-r-s-e", "other"]
    found = best("PARSE", [(text, text) for text in texts], 9)
    assert found == ["parse", "Parse them", "To parse", "unparsed", "Reparse it", "p-a-r-s-e"]
    assert best("th pa", [(text, text) for text in texts], 9) == ["Parse them"]


def test_nothing_wanted_is_everything_in_order() -> None:
    assert best("  ", [(1, "bb"), (2, "a"), (3, "c")], 2) == [1, 2]
