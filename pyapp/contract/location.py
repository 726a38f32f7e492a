"""Location: the part of the page's address that says what is on the screen (docs/contract.md §3).

Pure. Every other setting of the query string is left as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, get_args
from urllib.parse import parse_qsl, quote, unquote_plus

ViewName = Literal["canvas", "timeline"]
VIEWS: tuple[ViewName, ...] = get_args(ViewName)
ScaleName = Literal["time", "sequence", "cut"]
SCALES: tuple[ScaleName, ...] = get_args(ScaleName)
CRITICAL = "critical"
NAMES = ("flow", "run", "node", "view", "scale", "span", "mark")
"""The settings that are written here, in this order."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the timeline is looked at: its scale, the seconds after the run's start that are seen (None: all of it), and
    whether the critical path is marked.
    """

    scale: ScaleName = "time"
    span: tuple[float, float] | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """How the timeline is looked at; the span is of this run alone, all else is of whichever is in front."""

    run_id: str | None = None
    look: Look = field(default_factory=Look)


@dataclass(frozen=True, slots=True)
class Location:
    """A flow, a run of it, a node, and the tab they are seen in; None where nothing is named."""

    flow: str | None = None
    run: str | None = None
    node: str | None = None
    view: ViewName = "canvas"
    look: Look = field(default_factory=Look)
    """Of the timeline alone: another tab says nothing of it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where the page is, or is on its way to; `choices` counts how often a person chose a run or a flow until then."""

    location: Location = field(default_factory=Location)
    choices: int = 0


def read_location(query: str) -> Location:
    """The location in a query string; of a name that stands there twice the last counts."""
    values = dict(parse_qsl(query.removeprefix("?")))
    view: ViewName = next((each for each in VIEWS if each == values.get("view")), "canvas")
    look = _look(values) if view == "timeline" else Look()
    return Location(values.get("flow"), values.get("run"), values.get("node"), view, look)


def write_location(query: str, location: Location) -> str:
    """The query string with this location in it, behind everything else; "" where nothing is left to say."""
    kept = [part for part in query.removeprefix("?").split("&") if part and _name(part) not in NAMES]
    said = {"flow": location.flow, "run": location.run, "node": location.node, **_seen(location)}
    own = [f"{name}={quote(value, safe='', errors='replace')}" for name, value in said.items() if value]
    parts = kept + own
    return f"?{'&'.join(parts)}" if parts else ""


def _seen(location: Location) -> dict[str, str]:
    """The tab, and how it is looked at; what is as it is by default is left out."""
    look = location.look
    if location.view == "canvas":
        return {}
    scale = look.scale if look.scale != "time" else ""
    span = "~".join(f"{second:.6f}".rstrip("0").rstrip(".") for second in look.span or ())
    return {"view": location.view, "scale": scale, "span": span, "mark": CRITICAL if look.critical else ""}


def _look(values: dict[str, str]) -> Look:
    scale: ScaleName = next((each for each in SCALES if each == values.get("scale")), "time")
    return Look(scale, _span(values.get("span", "")), values.get("mark") == CRITICAL)


def _span(text: str) -> tuple[float, float] | None:
    """`2.5~4`; None for what is no stretch of time."""
    try:
        begin, end = map(float, text.split("~"))
    except ValueError:
        return None
    return (begin, end) if isfinite(begin) and isfinite(end) and begin < end else None


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])
