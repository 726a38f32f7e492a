from __future__ import annotations

import math
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyapp.locale.catalogue import Catalogue
from pyapp.locale.display import duration, next_change, one_line, running, start_time, time_of_day

WORDS = Catalogue()
ABSURD = [math.nan, math.inf, -math.inf]


def test_durations_are_said_as_people_do() -> None:
    """Milliseconds only of what is over; never below nothing."""
    said = [
        duration(WORDS, seconds) for seconds in (-1, 0, 0.03, 0.44, 9.94, 9.96, 59.4, 60, 3599, 7260, 86399, 604800)
    ]
    assert said == [
        "0.0 s",
        "0.0 s",
        "30 ms",
        "0.4 s",
        "9.9 s",
        "10 s",
        "59 s",
        "1 min 00 s",
        "59 min 59 s",
        "2 h 01 min",
        "23 h 59 min",
        "7 d 0 h",
    ]
    assert duration(Catalogue("nl"), 100_000) == "1 d 3 u"
    assert [running(WORDS, seconds) for seconds in (0.03, 0.06, 12.4)] == ["0.0 s", "0.1 s", "12 s"]


@pytest.mark.parametrize("seconds", ABSURD)
def test_what_is_no_number_is_no_duration(seconds: float) -> None:
    """Nothing is said, nothing raises, nothing goes on."""
    assert (duration(WORDS, seconds), running(WORDS, seconds), next_change(seconds)) == ("", "", None)
    assert duration(WORDS, 1.7e308) != ""


@pytest.mark.parametrize("moment", [*ABSURD, 1e300, -1e300, 253_402_300_799.0 + 1, 1e18])
def test_an_impossible_moment_is_no_time(moment: float) -> None:
    """Also in the last hours of the year 9999, which some places never see."""
    assert time_of_day(moment) == ""
    time_of_day(253_402_300_799.0)
    assert time_of_day(None) == "" and len(time_of_day(0.0)) == 8


@given(st.floats(0, 1e6), st.booleans())
@example(0.85, True)
@example(0.25, True)
@example(9.95, True)
@example(9.95, False)
@example(10.5, True)
def test_a_change_is_the_next_one(seconds: float, tenths: bool) -> None:
    """Until then the same is said, then something else; minutes and hours may stay the same."""
    change = next_change(seconds, tenths=tenths)
    assert change is not None and seconds - 1e-6 <= change <= seconds + 1.0 + 1e-6
    before, behind = (running(WORDS, change + each, tenths=tenths) for each in (-1e-3, 1e-3))
    if change - 1e-3 > seconds:
        assert before == running(WORDS, seconds, tenths=tenths)
    if change < 3000:
        assert behind != before


def test_a_value_on_one_line() -> None:
    """Records by their fields, white space as one blank, clipped with a sign."""
    assert one_line({"q": "a  b", "n": {"x": 1}}) == "q: a b, n: x: 1"
    assert one_line("x" * 200, 5) == "xxxx…" and one_line(None) == ""


@pytest.mark.parametrize(("language", "month"), [("en", "May"), ("nl", "mei")])
def test_a_moment_is_said_with_as_much_of_its_date_as_tells_it_apart(language: str, month: str) -> None:
    """Of another day with the day, of another year with the year; of days there is no second, unless it is wanted."""
    words, then = Catalogue(language), datetime(2025, 5, 9, 20, 4, 30).timestamp()
    nows = [datetime(*day, 21, 0).timestamp() for day in ((2025, 5, 9), (2025, 12, 31), (2026, 5, 9))]
    assert [start_time(words, then, now) for now in nows] == [
        "20:04:30",
        f"9 {month} 20:04",
        f"9 {month} 2025 20:04",
    ]
    assert start_time(words, then, nows[2], exact=True) == f"9 {month} 2025 20:04:30"
