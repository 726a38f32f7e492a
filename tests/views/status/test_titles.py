from __future__ import annotations

from pyapp.views.status.titles import REGIONS, write_titles
from tests.views.support import Gallery


def test_headings_are_from_the_catalogue() -> None:
    """Every region that has one."""
    gallery = Gallery()
    write_titles(gallery.context)
    assert gallery.region("runs-title").textContent == "Runs"
    assert all(gallery.region(f"{region}-title").textContent for region in REGIONS)
