from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from pyapp.contract.events import RequirementKind
from pyapp.locale.catalogue import LANGUAGES, Catalogue
from pyapp.run.record import TERMINAL
from pyapp.stores.rows import Metric

PYAPP = Path(__file__).resolve().parents[2] / "pyapp"
FAMILIES = {
    "title.": ["canvas", "interactions", "runs", "output", "chat", "log", "inspector"],
    "status.": ["queued", "executing", "paused", "unverified", "unknown", "stopping", *sorted(TERMINAL)],
    "connection.": ["connecting", "open", "waiting", "offline", "closed"],
    "canvas.": ["in", "out", "fit", "follow"],
    "editor.": ["locked", "unlocked", "no_flow", "starting", "stopping"],
    "log.filter.": ["level", "node", "info", "warning", "error"],
    "step.": ["action", "result", "reasoning", "next_action", "confidence"],
    "inspector.": ["handlers", "views", "quarantine"],
    "metric.": [each + hint for each in get_args(Metric) for hint in ("", ".hint")],
    "failed.": ["play", "stop", "show_run", "choose_flow", "open", "answer"],
    "interaction.": [
        *get_args(RequirementKind),
        "approve",
        "reject",
        "submit",
        "dismiss",
        "sending",
        "sent",
        "again",
        "authorize",
    ],
    "interaction.signed.": ["completed", "failed", "expired"],
    "handler.": ["fine", "failed"],
    "view.": ["fine", "failed"],
    "auth.": ["not_https", "not_listed", "no_address"],
    "form.": ["required", "whole", "number", "too_large", "json", "list", "object"],
}
"""Keys that are put together while the page runs."""


def family_keys() -> set[str]:
    return {family + member for family, members in FAMILIES.items() for member in members}


def test_words_are_filled_in() -> None:
    """Values go into the sentence."""
    assert "3 events" in Catalogue()("events.lost", count=3)


def test_a_missing_word_never_stops_the_page() -> None:
    """An unknown key gives itself, a missing value the unfilled text."""
    words = Catalogue("xx")
    assert words.language == "en"
    assert words("no.such.key") == "no.such.key"
    assert words("events.lost") == Catalogue()._words["events.lost"]


@pytest.mark.skipif(not PYAPP.exists(), reason="the sources are not beside the tests")
def test_every_key_that_is_used_exists() -> None:
    """Each literal key in the sources, and each member of the families, has its words in English."""
    used: set[str] = set()
    for path in PYAPP.rglob("*.py"):
        used |= set(re.findall(r"words\(\s*\"([a-z_.-]+)\"", path.read_text()))
    used |= family_keys()
    missing = sorted(used - set(LANGUAGES["en"]))
    assert len(used) > 40
    assert missing == []


@pytest.mark.skipif(not PYAPP.exists(), reason="the sources are not beside the tests")
def test_every_key_is_used() -> None:
    """Each is named in the sources, or a member of a family."""
    sources = "".join(path.read_text() for path in PYAPP.rglob("*.py") if path.name != "en.py")
    used = set(re.findall(r"[\"']([a-z_-]+(?:\.[a-z_-]+)*)[\"']", sources)) | family_keys()
    assert [key for key in LANGUAGES["en"] if key not in used] == []
