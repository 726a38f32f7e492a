from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.views.bounds import BESIDE, MOST_PIECES, Bounds, times_in


def test_what_is_within_is_drawn_whole() -> None:
    bounds = Bounds(10, "x")
    assert bounds.text("0123456789") == ("0123456789", 0) and bounds.some([1, 2], 2) == [1, 2]
    assert not bounds.cut and bounds.unseen == 0


def test_of_a_text_that_is_cut_what_is_wanted_is_shown_with_what_is_beside_it() -> None:
    """However large the letters are; also where it stands on the edge, and each only once."""
    text = "a" * 100 + "Needle" + "b" * 1_000 + "needle"
    assert Bounds(50).text(text) == ("a" * 50, len(text) - 50)
    bounds = Bounds(50, "NEEDLE")
    shown, left = bounds.text(text)
    assert (shown.lower().count("needle"), bounds.unseen, bounds.cut, left) == (2, 0, True, len(text) - 50)
    assert shown.split("\n… ")[1] == "a" * 50 + "Needle" + "b" * BESIDE or len(shown) < 50 + 4 * BESIDE
    assert Bounds(102, "needle").text(text)[0].startswith(text[:102] + "\n… Needle")


def test_what_is_wanted_and_not_shown_is_counted() -> None:
    """Of very many some are shown."""
    bounds = Bounds(10, "needle")
    shown, _ = bounds.text("x" * 10 + ("needle" + "." * 500) * 100)
    assert shown.count("needle") == MOST_PIECES and bounds.unseen == 100 - MOST_PIECES
    rows = [{"name": f"n{number}", "of": "needle"} for number in range(30)]
    bounds = Bounds(wanted="needle")
    assert (len(bounds.some(rows, 10)), bounds.unseen, bounds.cut) == (20, 10, True)


def test_items_that_hold_it_are_drawn_wherever_they_stand() -> None:
    rows = [{"n": number} for number in range(1_000)]
    assert Bounds(wanted="777").some(rows, 3) == [*rows[:3], rows[777]]
    assert Bounds(wanted="n").some(rows, 3, lambda row: list(row.values())) == rows[:3], "names were not asked for"
    assert Bounds(wanted="zebra").some(rows, 3) == rows[:3] == Bounds().some(rows, 3)


def test_it_is_found_as_it_is_written_in_json() -> None:
    """Quotes, lines and letters of any kind; what is no JSON is no failure."""
    assert times_in(['say "é"\nnow'], 'say "é"\nnow') == 1 and times_in("É é", "é") == 2
    assert times_in({1, 2}, "1") == 1


@given(st.text("ab\n", max_size=60), st.text("ab", min_size=1, max_size=3), st.integers(0, 20))
def test_each_is_shown_or_counted(text: str, wanted: str, chars: int) -> None:
    """Nothing that is there is said not to be."""
    bounds = Bounds(chars, wanted)
    shown, _ = bounds.text(text)
    assert shown.startswith(text[:chars]) and (wanted in text) == (shown.count(wanted) + bounds.unseen > 0)
