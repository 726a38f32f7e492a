"""Small parts that several views draw: icons, statuses, buttons, empty states."""

from __future__ import annotations

from ..ports import Document, Element

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
    """An icon of the page's own sprite, inline in index.html; decoration only, words stand beside it."""
    svg = document.create_svg("svg", class_=class_name, aria_hidden="true")
    svg.append(document.create_svg("use", href=f"#icon-{name}"))
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
