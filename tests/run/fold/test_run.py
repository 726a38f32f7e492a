from __future__ import annotations

import pytest

from tests.run.support import Told, end, numbered, pause, run_end, start, text, tool


def test_run_start_names_the_run_and_clears_nothing() -> None:
    """Joining: it may come behind events of its own run."""
    told = Told(start(), text(), {"event": "run_start", "flow_id": "f", "entity_kind": "agent", "entity_name": "Ada"})
    record = told.record
    assert (record.flow_id, record.kind, record.name, record.started_at) == ("f", "agent", "Ada", 0.0)
    assert told.badges() == {0: "executing"} and len(told.messages("text")) == 1
    told.tell({"event": "run_start"})
    assert (record.flow_id, record.name) == ("f", "Ada"), "what is not said again stays"


@pytest.mark.parametrize("name", ["run_end", "resume_end"])
@pytest.mark.parametrize(
    ("status", "shown"), [(None, "success"), ("success", "success"), ("error", "error"), ("killed", "killed")]
)
def test_how_a_run_ends(name: str, status: str | None, shown: str) -> None:
    told = Told(start(), {"event": name, "status": status, "error": "e"})
    assert (told.record.status, told.record.error, told.record.ended_at) == (shown, "e", 1.0)
    assert told.touched.ended and told.touched.run


def test_a_paused_resume_pauses_again() -> None:
    told = Told({"event": "resume_start"}, {"event": "resume_end", "status": "paused"})
    assert (told.record.status, told.record.over, told.touched.ended) == ("paused", False, False)


def test_the_first_terminal_event_wins() -> None:
    """Nothing that comes later changes how it ended, also not when."""
    told = Told(
        run_end("error", error="boom"),
        run_end("success"),
        {"event": "resume_start"},
        {"event": "resume_end", "status": "paused"},
        {"event": "resume_end"},
        pause("q"),
        start(),
        text("late"),
    )
    assert (told.record.status, told.record.error, told.record.ended_at) == ("error", "boom", 0.0)
    assert told.cards() == [] and not told.touched.ended


@pytest.mark.parametrize(
    ("work", "status"),
    [
        (start("m", 1), "executing"),
        (tool(), "executing"),
        (tool("end_tool"), "executing"),
        (text("x"), "executing"),
        ({"event": "ReasoningContent", "content": "x"}, "executing"),
        (end(), "paused"),
        ({"event": "ChatHTML", "html": "<p>"}, "paused"),
    ],
)
def test_work_seen_while_paused_goes_on(work: dict[str, object], status: str) -> None:
    """The row executes again; the cards stay. An end is no sign of work: side by side others end while one waits."""
    told = Told(start(), pause("q"), work)
    assert (told.record.status, told.cards()) == (status, ["q"])


def test_marks_are_numbers_or_counts() -> None:
    """The mark of a record is its last number, or how many came before the last event."""
    assert Told(*numbered(start(), end(), since=5)).record.mark == 6
    assert Told(start(), end()).record.mark == 1
    assert Told(*numbered(start(), end(), since=5)).execution().mark == 6


def test_the_end_is_never_before_what_happened() -> None:
    """A clock set back between two events makes no run that ended before it began."""
    told = Told(start())
    told.now = -10.0
    told.tell(run_end())
    assert (told.record.started_at, told.record.ended_at, told.record.latest_at) == (-9.0, 0.0, 0.0)
