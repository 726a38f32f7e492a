"""The headings of the regions, from the catalogue."""

from __future__ import annotations

from ..context import ViewContext

REGIONS = ("canvas", "interactions", "runs", "output", "chat", "log", "inspector")


def write_titles(context: ViewContext) -> None:
    """Give each region its heading in the page's language."""
    for region in REGIONS:
        context.document.region(f"{region}-title").textContent = context.words(f"title.{region}")
