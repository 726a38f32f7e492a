from __future__ import annotations

import pytest

from pyapp.locale.en import WORDS
from pyapp.protocols.agno import AgnoTranslator
from pyapp.protocols.agno.generation import Generation

from .support import RECORDINGS, at, needs_recordings


@needs_recordings
@pytest.mark.parametrize("version", ["2.2", "2.9", "3.1"])
def test_versions_are_told_apart_by_themselves(version: str) -> None:
    """As far as their events differ: those of most runs are the same from 2.9 on."""
    heard = set()
    for path in (RECORDINGS / "agno" / version).glob("*.ndjson"):
        generation = Generation()
        for event in at(version, path.stem):
            generation.hear(event)
        heard.add(generation.version)
    assert heard == {"2.2": {"2.2"}, "2.9": {"2.9"}, "3.1": {"2.9", "3"}}[version]


@needs_recordings
def test_what_2_2_cannot_do_is_said_in_words() -> None:
    translator = AgnoTranslator()
    assert not translator.limits
    for event in at("2.2", "agent_tools"):
        translator.translate(event)
    limits: tuple[str, ...] = translator.limits
    assert limits == ("agno.no_index", "agno.old")
    assert all(WORDS[each] for each in limits)
    for event in at("2.9", "agent_tools"):
        translator.translate(event)
    assert translator.limits == ()


def test_a_stream_of_3_without_indices_says_that_alone() -> None:
    generation = Generation()
    generation.hear({"event": "StepOutput", "run_id": "r", "nested_depth": 0})
    assert (generation.version, generation.limits) == ("3", ("agno.no_index",))
    assert Generation().version == ""


def test_an_event_that_names_no_run_tells_nothing_of_who_speaks() -> None:
    generation = Generation()
    generation.hear({"event": "RunError", "content": "no quota"})
    assert (generation.version, generation.limits) == ("", ())
