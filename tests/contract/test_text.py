from __future__ import annotations

import time

import pytest

from pyapp.contract.text import MOST_MARKED, gist, text_of, unmarked


def test_values_become_text() -> None:
    """Text stays, nothing is nothing, JSON is printed to be read."""
    assert text_of("a") == "a"
    assert text_of(None) == ""
    assert text_of({"é": [1]}) == '{\n  "é": [\n    1\n  ]\n}'
    assert text_of({1, 2}).startswith("{")


PYTHON = 'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    x()\n'
FIELD = "  Input should be a valid number [type=float_type]\n    For further information visit https://x.test/float"
GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "t.py", line 9, in <module>
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "t.py", line 4, in f
    |     1/0
    | ZeroDivisionError: division by zero
    +------------------------------------
"""


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (f"{PYTHON}ValueError: no", "ValueError: no"),
        (f"{PYTHON}KeyError: 'a'\n\nDuring handling of it:\n\n{PYTHON}AssertionError\n", "AssertionError"),
        (
            f"{PYTHON}p.ValidationError: 2 errors for Order\na\n{FIELD}\nb\n{FIELD}",
            "p.ValidationError: 2 errors for Order",
        ),
        (GROUP, "ZeroDivisionError: division by zero"),
        ("TypeError: no id\n    at load (/srv/load.js:10:5)\n    at async run (/srv/run.js:3:1)", "TypeError: no id"),
        (
            "a.Top: no\n\tat a.B(B.java:1)\nCaused by: a.Io: full\n\tat a.Z(Z.java:9)\n\t... 23 more",
            "Caused by: a.Io: full",
        ),
        ("Building\nStep 1\nit failed\n", "it failed"),
        ('{\n  "code": 5,\n  "message": "no"\n}', '{ "code": 5, "message": "no" }'),
        ("one line", "one line"),
        ("\n", ""),
    ],
    ids=["python", "chained", "pydantic", "group", "javascript", "java", "log", "json", "line", "none"],
)
def test_an_error_says_it_in_one_line(error: str, says: str) -> None:
    """Whoever wrote the trace; frames and hints say nothing."""
    assert gist(error) == says


@pytest.mark.parametrize("hostile", ["| " * 50_000, " " * 100_000 + "x", "|" * 100_000, "\n" * 100_000, "+-" * 50_000])
def test_a_hostile_error_takes_no_time(hostile: str) -> None:
    since = time.perf_counter()
    gist(hostile + "\n" + hostile)
    assert time.perf_counter() - since < 0.5


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
