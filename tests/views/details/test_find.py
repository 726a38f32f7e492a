from __future__ import annotations

from pyapp.views.details.find import Find
from tests.views.support import Gallery


def test_what_came_of_a_search_is_said_in_words() -> None:
    """To whoever sees no marks, too; no words before anything is sought."""
    gallery = Gallery()
    region = gallery.region("large")
    region.textContent = "a lane, another lane, a needle"
    find = Find(gallery.context.parts, "large")
    assert find.told.getAttribute("role") == "status"
    said = []
    for text in ("lane", "Needle", "zebra", ""):
        find.seek(text)
        said.append(find.told.textContent)
    assert said == ["2 matches", "1 match", "No match", ""]
    find.seek("lane", 40)
    assert find.told.textContent == "42 matches", "what is not drawn counts"
    find.seek("lane", again=True)
    find.seek("zebra")
    find.seek("needle", again=True)
    del gallery.document.searched[-3]
    assert gallery.document.searched.pop() == ("large", "needle"), "nothing was there before: it is brought to the eye"
    assert gallery.document.searched.pop() == ("large", "zebra")
    assert gallery.document.searched == [("large", each) for each in ("lane", "Needle", "zebra", "")]
    find.field.value = "lane"
    find.seek("lane")
    find.clear()
    assert (find.field.value, find.told.textContent) == ("", "")
