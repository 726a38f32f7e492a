from __future__ import annotations

import pytest

from pyapp.contract.text import MOST_MARKED, text_of, unmarked


def test_values_become_text() -> None:
    """Text stays, nothing is nothing, JSON is printed to be read."""
    assert text_of("a") == "a"
    assert text_of(None) == ""
    assert text_of({"é": [1]}) == '{\n  "é": [\n    1\n  ]\n}'
    assert text_of({1, 2}).startswith("{")


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("May this note be **released**?", "May this note be released?"),
        ("# Check\n- *a* and ~~b~~\n> `x*y*`", "Check\na and b\nx*y*"),
        ("```py\n2 * 3 * 4\n```\n---", "2 * 3 * 4"),
        ("See [the **plan**](https://x.test/y) ![here](a.png)", "See the plan here"),
        (r"\*not\* of snake_case_name", "*not* of snake_case_name"),
        ("**", "**"),
        ("", ""),
    ],
)
def test_markdown_is_read_without_its_marks(markdown: str, words: str) -> None:
    assert unmarked(markdown) == words


def test_of_a_long_text_only_the_beginning_is_looked_through() -> None:
    """Nor is it lost."""
    assert unmarked("**a** " + "x" * MOST_MARKED + "**b**") == "a " + "x" * MOST_MARKED + "**b**"
