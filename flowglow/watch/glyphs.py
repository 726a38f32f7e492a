"""How a state looks in a terminal: a sign, a colour, a word. A sign alone is enough, for those that see no colours."""

from __future__ import annotations

from collections.abc import Mapping

SIGNS: Mapping[str, tuple[str, str]] = {
    "queued": ("○", "bright_black"),
    "executing": ("●", "cyan"),
    "paused": ("‖", "yellow"),
    "unverified": ("?", "bright_black"),
    "unknown": ("?", "bright_black"),
    "success": ("✓", "green"),
    "error": ("✗", "red"),
    "killed": ("■", "magenta"),
    "connecting": ("◌", "yellow"),
    "open": ("●", "green"),
    "waiting": ("◌", "yellow"),
    "offline": ("○", "red"),
    "closed": ("○", "red"),
}
NONE = (" ", "default")


def sign(state: str | None) -> str:
    return SIGNS.get(state or "", NONE)[0]


def colour(state: str | None) -> str:
    return SIGNS.get(state or "", NONE)[1]


def badge(order: int) -> str:
    """The number of an execution, counted from 1: ① to ⑳, then (21)."""
    return chr(0x2460 + order) if 0 <= order < 20 else f"({order + 1})"


def seconds(value: float | None) -> str:
    """How long something took: 0.35 s, 12 s, 3:05."""
    if value is None:
        return ""
    if value >= 60:
        return f"{int(value) // 60}:{int(value) % 60:02}"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
