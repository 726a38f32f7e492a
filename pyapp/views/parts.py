"""Small parts that several views draw: icons, statuses, durations, empty states."""

from __future__ import annotations

from ..locale.catalogue import Catalogue
from ..ports import Document, Element

SPRITE = "./web/vendor/icons.svg"

STATUS_ICONS = {
    "queued": "hourglass",
    "executing": "loader-circle",
    "paused": "circle-pause",
    "unverified": "circle-help",
    "success": "circle-check",
    "error": "octagon-x",
    "killed": "ban",
    "unknown": "circle-dashed",
}


def icon(document: Document, name: str, class_name: str = "icon") -> Element:
    """An icon of the sprite; decoration only, words stand beside it."""
    svg = document.create_svg("svg", class_=class_name, aria_hidden="true")
    svg.append(document.create_svg("use", href=f"{SPRITE}#{name}"))
    return svg


def status_icon(document: Document, status: str) -> Element:
    """The icon of a status; its shape says it without colour."""
    return icon(document, STATUS_ICONS.get(status, "circle"), f"icon status-icon status-{status}")


def button(document: Document, words: str, icon_name: str, class_name: str = "", **attributes: str) -> Element:
    """A button with an icon and words."""
    element = document.create("button", class_name, type="button", **attributes)
    element.append(icon(document, icon_name), document.create("span", text=words))
    return element


def empty(document: Document, words: str) -> Element:
    """What a region says while it has nothing to show."""
    return document.create("p", "empty", words)


def duration(words: Catalogue, seconds: float) -> str:
    """A duration as people say it: 30 ms, 0.4 s, 12 s, 3 min 05 s, 2 h 10 min."""
    if 0 < seconds < 0.095:
        return words("duration.millis", millis=max(1, round(seconds * 1000)))
    if seconds < 9.95:
        return words("duration.tenths", seconds=f"{max(0.0, seconds):.1f}")
    whole = round(seconds)
    if whole < 60:
        return words("duration.seconds", seconds=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return words("duration.minutes", minutes=minutes, seconds=f"{rest:02d}")
    hours, minutes = divmod(minutes, 60)
    return words("duration.hours", hours=hours, minutes=f"{minutes:02d}")
