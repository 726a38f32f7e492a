from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from pyapp.contract.events import RequirementKind
from pyapp.errors import ApiError
from pyapp.locale.catalogue import LANGUAGES, Catalogue, Sentence
from pyapp.run.record import TERMINAL
from pyapp.stores.rows import Metric
from pyapp.views import TITLED
from pyapp.views.keys.table import COMMANDS, Part
from pyapp.views.timeline.words import OWN

FOLDABLE = ("runs", "side", "log")
"""The zones that can be folded: `browser/page.py`, which only a browser can import."""
PYAPP = Path(__file__).resolve().parents[2] / "pyapp"
FAMILIES = {
    "title.": TITLED,
    **{f"zone.{act}.": FOLDABLE for act in ("fold", "unfold")},
    "zone.maximise.": [*FOLDABLE, "run"],
    "phone.": ["run", "chat", "waiting", "log"],
    "status.": ["queued", "executing", "paused", "unverified", "unknown", "stopping", *sorted(TERMINAL)],
    "connection.": ["connecting", "open", "waiting", "offline", "closed"],
    "canvas.": ["in", "out", "fit", "follow"],
    "details.": ["runs", "tools", "asked", "lines", "input", "output", "approved", "rejected"],
    "box.": ["copy", "save", "large", "read", "table", "tree", "text"],
    "summary.": ["success", "error", "killed"],
    "tally.": ["success", "error", "killed", "unknown"],
    "editor.": ["starting", "stopping"],
    "log.filter.": ["level", "node", "info", "warning", "error"],
    "step.": ["action", "result", "reasoning", "next_action", "confidence"],
    "inspector.": ["handlers", "views", "quarantine"],
    "metric.": [each + hint for each in get_args(Metric) for hint in ("", ".hint")],
    "command.": [command.name for command in COMMANDS],
    "keys.": list(get_args(Part)),
    "palette.": ["approve", "reject"],
    "palette.title.": ["all", "node", "approve", "reject"],
    "failed.": ["play", "reuse", "stop", "show_run", "choose_flow", "open", "answer"],
    "kind.": [*get_args(RequirementKind), "oauth"],
    "interaction.": [
        "later",
        "cancel",
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
    "interaction.signed.": ["completed", "failed", "expired", "over"],
    "handler.": ["fine", "failed"],
    "runs.filter.": ["this_flow", "status", "within_s"],
    "runs.status.": ["all", "live", "paused", "error", "killed", "success"],
    "runs.time.": ["any", "hour", "day", "week"],
    "view.": ["fine", "failed"],
    "theme.": ["auto", "light", "dark"],
    "skip.": ["canvas", "waiting", "output"],
    "announce.": ["started", *sorted(TERMINAL)],
    "announces.": ["important", "all", "off"],
    "auth.": ["not_https", "not_listed", "no_address"],
    "timeline.": OWN,
    "setting.": [
        "no_address",
        "scheme",
        "origin",
        "ipv6",
        "protocol",
        "speed",
        "theme",
        "lang",
        "embed",
        "auth",
        "hide",
    ],
    "form.": ["required", "whole", "number", "too_large", "json", "list", "object"],
}
"""Keys that are put together while the page runs."""


BOOT = "boot."
"""What is said before Python is there: tests/setup/test_words.py."""


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
        used |= set(re.findall(r"(?:words|Sentence)\(\s*\"([a-z_.-]+)\"", path.read_text()))
    used |= family_keys()
    missing = sorted(used - set(LANGUAGES["en"]))
    assert len(used) > 40
    assert missing == []


@pytest.mark.skipif(not PYAPP.exists(), reason="the sources are not beside the tests")
def test_every_key_is_used() -> None:
    """Each is named in the sources, or a member of a family."""
    sources = "".join(path.read_text() for path in PYAPP.rglob("*.py") if path.name not in ("en.py", "nl.py"))
    used = set(re.findall(r"[\"']([a-z_-]+(?:\.[a-z_-]+)*)[\"']", sources)) | family_keys()
    assert [key for key in LANGUAGES["en"] if key.removesuffix(".one") not in used and not key.startswith(BOOT)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_words(language: str) -> None:
    """Each says everything that English says, and nothing else, with the same values in it."""
    words, english = LANGUAGES[language], LANGUAGES["en"]
    assert set(words) == set(english)
    values = {key: set(re.findall(r"(?<!\{)\{(\w+)", text)) for key, text in english.items()}
    assert {key: set(re.findall(r"(?<!\{)\{(\w+)", text)) for key, text in words.items()} == values


def test_a_language_is_chosen() -> None:
    """The first that the page speaks of those that are wanted, regions aside; English where it speaks none."""
    chosen = {
        wanted: Catalogue(*wanted).language for wanted in (("nl",), ("fr", "nl-BE", "en"), ("xx",), (), ("EN-us", "nl"))
    }
    assert list(chosen.values()) == ["nl", "nl", "en", "en", "en"]


def test_a_page_learns_another_language() -> None:
    words = Catalogue("en")
    words.speak("nl")
    assert (words.language, words("status.error")) == ("nl", "Mislukt")
    words.speak("xx")
    assert words.language == "nl"


def test_one_is_not_many() -> None:
    words = Catalogue()
    assert words("output.items", count=1) == "1 item" and words("output.items", count=2) == "2 items"
    assert words("output.more", count=1) == "… 1 more"


def test_numbers_as_the_language_writes_them() -> None:
    """In groups from 10,000 on; large ones to the last digit."""
    english, dutch = Catalogue("en"), Catalogue("nl")
    assert [english.number(each) for each in (2026, 26442080, 10**17 + 1)] == [
        "2026",
        "26,442,080",
        "100,000,000,000,000,001",
    ]
    assert (english.number(12345.678, 1), dutch.number(12345.678, 1), dutch.number(0.4, 1)) == (
        "12,345.7",
        "12.345,7",
        "0,4",
    )
    assert dutch("output.items", count=12345) == "12.345 onderdelen"


def test_a_sentence_is_said_in_the_language_of_the_page() -> None:
    """Also inside another, and as the text of an error; logs and errors have it in English."""
    late = Sentence("api.late", seconds=5)
    assert late == "The server did not answer within 5 s." == str(ApiError(late))
    dutch = Catalogue("nl")
    assert dutch.of(late) == dutch.of(ApiError(late)) == "De server gaf binnen 5 s geen antwoord."
    assert dutch("failed.stop", reason=ApiError(late)) == f"De run kon niet worden gestopt. {dutch.of(late)}"
    assert dutch("failed.stop", reason=OSError("x")) == "De run kon niet worden gestopt. x"
    assert dutch.of(OSError()) == "" and dutch.of("plain") == "plain"
