from __future__ import annotations

from pyapp.locale.catalogue import Catalogue
from pyapp.locale.display import exact_time
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.parts import Parts, note

PARTS = Parts(FakeDocument(), Catalogue(), lambda: 0.0)


def test_icons_are_decoration_and_in_the_page() -> None:
    """No screen reader says them, no request fetches them; an unknown status has one, too."""
    for drawn in (PARTS.icon("bot"), PARTS.status_icon("nonsense")):
        assert isinstance(drawn, FakeElement) and drawn.attributes["aria-hidden"] == "true"
        assert drawn.attributes["data-icon"] and drawn.find("path") is not None


def test_buttons_and_empty_places_have_words() -> None:
    made = PARTS.button("Go", "play", "primary", data_action="go")
    assert made.textContent == "Go" and made.getAttribute("data-action") == "go"
    assert made.getAttribute("type") == "button" and PARTS.empty("chat.empty").textContent


def test_an_attribute_is_a_text_or_true_or_false_or_not_there() -> None:
    element = PARTS.create("p")
    said = []
    for value in ("x", True, False, None):
        note(element, "data-x", value)
        said.append(element.getAttribute("data-x"))
    assert said == ["x", "true", "false", None]


def test_when_something_was_is_said_by_the_clock_of_the_page() -> None:
    """A moment of another year bears it, also to the second; one that is unknown says nothing."""
    parts = Parts(FakeDocument(), Catalogue(), lambda: 400 * 86_400.0)
    assert "1970" in parts.when(100_000.0) and parts.when(400 * 86_400.0).count(":") == 2
    made = parts.moment("log-time", 100_000.0, exact=True)
    assert made.textContent.count(":") == 2 and made.getAttribute("title") == exact_time(100_000.0)
    assert parts.moment("", None).textContent == ""
