"""Location: the part of the page's address that says what is on the screen (docs/contract.md §3).

Pure. Every other setting of the query string is left as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args
from urllib.parse import parse_qsl, quote, unquote_plus

ViewName = Literal["canvas", "timeline"]
VIEWS: tuple[ViewName, ...] = get_args(ViewName)


@dataclass(frozen=True, slots=True)
class Location:
    """A flow, a run of it, a node, and the tab they are seen in; None where nothing is named."""

    flow: str | None = None
    run: str | None = None
    node: str | None = None
    view: ViewName = "canvas"


NAMES = tuple(each.name for each in fields(Location))


def read_location(query: str) -> Location:
    """The location in a query string; of a name that stands there twice the last counts."""
    values = dict(parse_qsl(query.removeprefix("?")))
    view: ViewName = next((each for each in VIEWS if each == values.get("view")), "canvas")
    return Location(values.get("flow"), values.get("run"), values.get("node"), view)


def write_location(query: str, location: Location) -> str:
    """The query string with this location in it, behind everything else; "" where nothing is left to say."""
    kept = [part for part in query.removeprefix("?").split("&") if part and _name(part) not in NAMES]
    said = {name: getattr(location, name) for name in NAMES}
    if location.view == "canvas":
        del said["view"]
    own = [f"{name}={quote(value, safe='', errors='replace')}" for name, value in said.items() if value]
    parts = kept + own
    return f"?{'&'.join(parts)}" if parts else ""


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])
