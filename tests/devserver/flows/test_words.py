"""Text statistics, against what can be counted by hand."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from devserver.flows import words

MODULE = '''"""One.

Two.
"""

# a remark
def f(x):  # counts as code
    """Doc."""
    return "text"
'''


def test_lines_are_told_apart() -> None:
    """By Python's own tokenizer: a docstring of several lines, a remark, code, and what is blank."""
    assert words.kinds_of_lines(MODULE) == Counter(docstring=5, blank=1, comment=1, code=2)


def test_an_unfinished_module_counts_as_far_as_it_goes() -> None:
    """No exception for a bracket that nobody closed."""
    assert words.kinds_of_lines("a = 1\nb = (\n")["code"] >= 1


@given(st.text())
def test_any_text_has_lines(text: str) -> None:
    """Whatever it is, it can be counted."""
    assert all(number > 0 for number in words.kinds_of_lines(text).values())


def test_words_have_four_letters() -> None:
    """Shorter ones say little."""
    assert words.words_of("The Canvas of a RUN, canvas") == ["canvas", "canvas"]


def test_common_words_weigh_nothing() -> None:
    """A word of every text marks none out; a rare one does, and vectors have length 1."""
    vectors = words.weighed({"a": Counter(shared=9, glow=1), "b": Counter(shared=9, lane=3)})
    assert vectors["a"] == {"shared": 0.0, "glow": 1.0}
    assert words.strongest(vectors["b"], 1) == ["lane"]


def test_likeness_is_one_for_the_same_and_zero_for_strangers() -> None:
    """And does not depend on which of the two comes first."""
    one, other = {"a": 0.6, "b": 0.8}, {"b": 1.0}
    assert abs(words.likeness(one, one) - 1) < 1e-9
    assert words.likeness(one, other) == words.likeness(other, one) == 0.8
    assert words.likeness(one, {"c": 1.0}) == 0


def test_the_telling_line_has_most_themes_and_is_short() -> None:
    """Themes count first, then brevity."""
    texts = ["glow\nglow and a badge, at some length\n", "badge glow\n\n"]
    checked: list[int] = []
    assert words.telling_line(texts, ["glow", "badge"], lambda: checked.append(1)) == "badge glow"
    assert len(checked) == 2
    assert words.telling_line([], ["glow"], lambda: None) == ""
