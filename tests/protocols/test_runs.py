"""pyapp.protocols.runs: each root run has its translator, its order and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.protocols.protocol import Json, aside
from pyapp.protocols.runs import MAX_RUNS, ForeignRun, ForeignRuns


class Said:
    """A translator that gives what the event holds."""

    def translate(self, event: Mapping[str, Any]) -> list[Json]:
        return list(event["says"])


def run(key: str = "k", **fields: Any) -> ForeignRun:
    return ForeignRun(key, "f", Said, **fields)


def text(content: str, run_id: str = "r") -> Json:
    return {"event": "RunContent", "run_id": run_id, "content": content}


def test_events_are_numbered_in_the_order_in_which_they_come() -> None:
    """However many one message becomes; what is put aside uses no number up."""
    one = run()
    said = [*one.take({"says": [text("a"), aside("x"), text("b")]}), *one.take({"says": []})]
    said += one.take({"says": [text("c")]})
    assert [each.get("seq") for each in said] == [0, None, 1, 2]
    assert one.run_id == "r"


def test_a_message_that_came_before_says_nothing() -> None:
    one = run()
    assert one.take({"says": [text("a")]}, 4)
    assert one.take({"says": [text("a")]}, 4) == one.take({"says": [text("z")]}, 3) == []
    assert one.index == 4


@given(st.lists(st.integers(0, 20)))
def test_whatever_comes_again_each_message_counts_once(indexes: list[int]) -> None:
    """Told again from anywhere: numbers have no holes, and the text is that of the rising messages."""
    one = run()
    said = [each for index in indexes for each in one.take({"says": [text(str(index))]}, index)]
    rising = [index for place, index in enumerate(indexes) if index > max(indexes[:place], default=-1)]
    assert [each["content"] for each in said] == [str(index) for index in rising]
    assert [each["seq"] for each in said] == list(range(len(said)))


def test_events_bear_the_root_run_whatever_they_name() -> None:
    one = run(run_id="root")
    assert one.take({"says": [text("a", "member")]})[0]["run_id"] == "root"


def test_it_knows_what_it_waits_for_and_when_it_is_over() -> None:
    one = run()
    pause = {"event": "AgentPaused", "run_id": "r", "requirements": [{"id": "q", "kind": "confirmation"}]}
    one.take({"says": [pause]})
    assert (list(one.waiting), one.over) == (["q"], False)
    one.take({"says": [{"event": "resume_start", "run_id": "r"}]})
    assert (one.waiting, one.over) == ({}, False)
    one.take({"says": [{"event": "run_end", "run_id": "r"}]})
    assert one.over


def test_an_answer_is_under_way_until_its_run_says_something() -> None:
    one = run(run_id="r", answering=True)
    one.take({"says": [aside("x")]})
    assert one.answering
    one.take({"says": [text("a")]})
    assert not one.answering


def test_runs_are_found_by_key_and_by_id() -> None:
    runs = ForeignRuns()
    one = runs.add(run("k", run_id="r"))
    assert (runs.find("k"), runs.find("r"), runs.find("x"), runs.find(None)) == (one, one, None, None)


def test_what_is_forgotten_begins_again() -> None:
    """That there is such a run stays known: it can be asked for, from its first message on."""
    runs = ForeignRuns()
    one = runs.add(run())
    one.take({"says": [text("a"), {"event": "run_end", "run_id": "r"}]}, 5)
    runs.forget("r")
    runs.forget("nobody")
    assert (one.run_id, one.index, one.over) == ("r", -1, False)
    assert one.take({"says": [text("a")]}, 0)[0]["seq"] == 0


def test_of_too_many_one_that_is_over_goes() -> None:
    runs = ForeignRuns()
    for number in range(MAX_RUNS):
        runs.add(run(str(number), over=number == 3))
    runs.add(run("new"))
    assert len(runs) == MAX_RUNS
    assert (runs.find("3"), runs.find("0") is not None) == (None, True)
    runs.add(run("newer"))
    assert runs.find("0") is None


def test_what_was_only_listed_makes_room_before_anything_that_was_heard() -> None:
    """A long list pushes neither a run out that streams, waits or is asked for, nor one that is over."""
    runs = ForeignRuns()
    streaming, waiting, over = (runs.add(run(key)) for key in ("streaming", "waiting", "over"))
    streaming.take({"says": [text("a")]})
    waiting.waiting["q"] = {"id": "q"}
    over.take({"says": [{"event": "run_end", "run_id": "over"}]})
    wanted = runs.add(run("wanted", run_id="wanted", wanted=True))
    for number in range(2 * MAX_RUNS):
        runs.add(run(f"old{number}")).run_id = f"old{number}"
    begun = runs.add(run("begun"))
    for kept in (streaming, waiting, over, wanted, begun):
        assert runs.find(kept.key) is kept
    assert len(runs) == MAX_RUNS and runs.find("old0") is None and runs.find(f"old{2 * MAX_RUNS - 1}") is not None
