from __future__ import annotations

from pyapp.locale.catalogue import Catalogue
from pyapp.locale.display import duration
from pyapp.views.parts import button, status_icon
from pyapp.views.status.titles import write_titles
from tests.views.support import Gallery


def test_parts_and_titles() -> None:
    """Icons are decoration, buttons have words, durations are said as people do, headings are from the catalogue."""
    gallery = Gallery()
    write_titles(gallery.context)
    assert gallery.region("runs-title").textContent == "Runs"
    assert status_icon(gallery.document, "nonsense").getAttribute("aria-hidden") == "true"
    assert button(gallery.document, "Go", "play").textContent == "Go"
    said = [duration(Catalogue(), seconds) for seconds in (-1, 0.44, 9.94, 9.96, 59.4, 60, 3599, 7260)]
    assert said == ["0.0 s", "0.4 s", "9.9 s", "10 s", "59 s", "1 min 00 s", "59 min 59 s", "2 h 01 min"]
