from __future__ import annotations

from pyapp.locale.catalogue import Catalogue
from pyapp.views.timeline.words import words_of


def test_every_word_is_in_the_catalogue() -> None:
    """With what is to be filled in left open."""
    words = words_of(Catalogue())
    assert not [name for name, text in words.items() if text in (name, f"timeline.{name}")]
    assert (words["more"], words["status.error"]) == ("{name} × {count}", "Failed")
