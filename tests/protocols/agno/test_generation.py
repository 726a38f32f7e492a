from __future__ import annotations

import pytest

from pyapp.locale.catalogue import Sentence
from pyapp.locale.en import WORDS
from pyapp.protocols.agno import AgnoTranslator
from pyapp.protocols.agno.generation import Generation, Limits

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
    assert list(translator.limits) == [WORDS["agno.no_index"], WORDS["agno.old"]]
    for event in at("2.9", "agent_tools"):
        translator.translate(event)
    assert translator.limits == ()


def test_a_stream_of_3_without_indices_says_that_alone() -> None:
    generation = Generation()
    generation.hear({"event": "StepOutput", "run_id": "r", "nested_depth": 0})
    assert (generation.version, generation.limits) == ("3", (Sentence("agno.no_index"),))
    assert Generation().version == ""


def test_an_event_that_names_no_run_tells_nothing_of_who_speaks() -> None:
    generation = Generation()
    generation.hear({"event": "RunError", "content": "no quota"})
    assert (generation.version, generation.limits) == ("", ())


def test_of_runs_that_wait_in_vain_those_that_stopped_last_are_named() -> None:
    """Once, where they wait for the same; each until it goes on."""
    limits, old, one, other = Limits(), Sentence("agno.old"), Sentence("a"), Sentence("b")
    assert limits.now("r", (old,), one) == (old, one) and limits.now("s", (), one) == (one,)
    assert limits.now("s", (), other) == (one, other) and limits.now("r", (), None) == (other,)
    for each in "tuv":
        limits.now(each, (), one)
    assert limits.now("w", (old,), None) == (old, one)
