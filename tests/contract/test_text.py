from __future__ import annotations

from pyapp.contract.text import text_of


def test_values_become_text() -> None:
    """Text stays, nothing is nothing, JSON is printed to be read."""
    assert text_of("a") == "a"
    assert text_of(None) == ""
    assert text_of({"é": [1]}) == '{\n  "é": [\n    1\n  ]\n}'
    assert text_of({1, 2}).startswith("{")
