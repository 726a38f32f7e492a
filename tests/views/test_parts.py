from __future__ import annotations

from pyapp.testing.dom import FakeDocument, FakeElement
from pyapp.views.parts import button, empty, icon, status_icon


def test_icons_are_decoration_and_in_the_page() -> None:
    """No screen reader says them, no request fetches them; an unknown status has one, too."""
    document = FakeDocument()
    for drawn in (icon(document, "bot"), status_icon(document, "nonsense")):
        assert isinstance(drawn, FakeElement) and drawn.attributes["aria-hidden"] == "true"
        assert drawn.find("use").attributes["href"].startswith("#icon-")


def test_buttons_and_empty_places_have_words() -> None:
    document = FakeDocument()
    made = button(document, "Go", "play", "primary", data_action="go")
    assert made.textContent == "Go" and made.getAttribute("data-action") == "go"
    assert made.getAttribute("type") == "button" and empty(document, "Nothing yet.").textContent == "Nothing yet."
