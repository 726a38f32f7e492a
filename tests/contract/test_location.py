from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.location import NAMES, SCALES, VIEWS, Location, Look, read_location, write_location

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
SPANS = st.tuples(st.integers(-5_000, 5_000), st.integers(1, 10**9)).map(
    lambda pair: (pair[0] / 1000, (pair[0] + pair[1]) / 1000)
)
LOOKS = st.builds(Look, st.sampled_from(SCALES), st.none() | SPANS, st.booleans())
LOCATIONS = st.builds(Location, *[st.none() | TEXTS] * 3, st.sampled_from(VIEWS), LOOKS).map(
    lambda where: where if where.view == "timeline" else replace(where, look=Look())
)
SETTINGS = st.lists(
    st.sampled_from(["ws=ws%3A%2F%2Fx%2Fa", "api=/api?x", "theme=dark", "a", "a=", "flow=old", "%66low=x", "lang=nl&"])
)


@given(LOCATIONS, SETTINGS)
def test_what_is_written_can_be_read(location: Location, settings: list[str]) -> None:
    """Whatever else stands in the query string, and whatever ids hold: read back it is the same location."""
    query = "?" + "&".join(settings)
    written = write_location(query, location)
    assert read_location(written) == location
    assert write_location(written, location) == written, "to write it once more changes nothing"


@given(LOCATIONS, SETTINGS)
def test_every_other_setting_stays_as_it_was(location: Location, settings: list[str]) -> None:
    """By value, in their order; an unknown word without a value too."""
    query = "?" + "&".join(settings)

    def others(text: str) -> list[tuple[str, str]]:
        return [pair for pair in parse_qsl(text.removeprefix("?"), keep_blank_values=True) if pair[0] not in NAMES]

    assert others(write_location(query, location)) == others(query)


def test_others_are_not_even_written_anew() -> None:
    """An address keeps the form that a person or a portal gave it."""
    written = write_location("?ws=ws://127.0.0.1:8/ws&flow=a&speed=2&run=x", Location("b", node="n 1", view="timeline"))
    assert written == "?ws=ws://127.0.0.1:8/ws&speed=2&flow=b&node=n%201&view=timeline"


def test_how_the_timeline_is_looked_at_is_said_with_it_alone() -> None:
    """Its scale, the seconds that are seen, and the critical path; what is as it is by default is left out."""
    look = Look("cut", (-0.25, 3.0), critical=True)
    said = "&scale=cut&span=-0.25~3&mark=critical"
    assert write_location("", Location("a", view="timeline", look=look)) == f"?flow=a&view=timeline{said}"
    assert write_location(f"?view=timeline{said}", Location("a", view="timeline")) == "?flow=a&view=timeline"
    assert write_location("", Location("a", look=look)) == "?flow=a"
    assert read_location(f"?flow=a{said}") == Location("a")


@pytest.mark.parametrize("span", ["", "3", "3~1", "1~1", "a~b", "nan~2", "1~inf", "1~2~3"])
def test_what_is_no_stretch_of_time_is_all_of_the_run(span: str) -> None:
    assert read_location(f"?view=timeline&scale=months&span={span}").look == Look()


def test_nothing_to_say_is_no_query() -> None:
    assert write_location("?flow=a&view=timeline", Location()) == ""
    assert read_location("") == Location()


def test_of_two_the_last_counts_and_an_unknown_view_is_the_canvas() -> None:
    """As with every other setting."""
    assert read_location("?flow=a&flow=b&view=flat&run=") == Location("b")
