"""The words of the timeline, which its JavaScript writes: by the name they have there."""

from __future__ import annotations

from ...locale.catalogue import Catalogue

STATUSES = ("queued", "executing", "paused", "unverified", "success", "error", "killed", "unknown")
UNITS = ("millis", "tenths", "seconds", "minutes", "hours", "days")
OWN = (
    "label", "empty", "bars", "bars.one", "fit", "in", "out", "cut", "sequence", "critical", "more", "errors", "round",
    "started", "ended", "took", "so_far", "waits", "waited", "cut_out", "keys", "overview", "hint_cut", "hint_sequence",
    "hint_critical",
)  # fmt: skip


def words_of(words: Catalogue) -> dict[str, str]:
    """Each as the catalogue has it, with what is to be filled in."""
    return {
        **{name: words(f"timeline.{name}") for name in OWN},
        **{f"status.{name}": words(f"status.{name}") for name in STATUSES},
        **{f"duration.{name}": words(f"duration.{name}") for name in UNITS},
        **{f"number.{name}": words(f"number.{name}") for name in ("decimal", "group")},
    }
