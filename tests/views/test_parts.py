from __future__ import annotations

from pyapp.locale.catalogue import Catalogue
from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.parts import Parts, note

PARTS = Parts(FakeDocument(), Catalogue())


def test_icons_are_decoration_and_in_the_page() -> None:
    """No screen reader says them, no request fetches them; an unknown status has one, too."""
    for drawn in (PARTS.icon("bot"), PARTS.status_icon("nonsense")):
        assert isinstance(drawn, FakeElement) and drawn.attributes["aria-hidden"] == "true"
        assert drawn.find("use").attributes["href"].startswith("#icon-")


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
