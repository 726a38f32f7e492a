from __future__ import annotations

import json
from typing import Any

from pyapp.contract.location import Location, Visit
from pyapp.errors import Failure
from pyapp.live.embed.news import CLIP_CHARS, News, answer, refusal
from pyapp.run.record import RunStatus
from pyapp.stores.rows import RunRow

from ..support import World


class Ears:
    """What is told."""

    def __init__(self) -> None:
        self.world = World()
        self.told: list[dict[str, Any]] = []
        self.news = News(self.world.shared, lambda text: self.told.append(json.loads(text)))

    def run(self, status: RunStatus, **more: Any) -> None:
        self.world.stores.runs.set("r1", RunRow("r1", status, flow_id="f", **more))

    @property
    def kinds(self) -> list[str]:
        return [each["type"] for each in self.told if each["type"] != "selection"]


def test_a_run_is_told_of_from_its_start_to_its_end() -> None:
    ears = Ears()
    ears.news.begin()
    ears.run("queued")
    ears.run("executing")
    ears.run("paused", waiting=True)
    ears.run("paused", waiting=True, name="The same")
    ears.run("executing")
    ears.run("paused", waiting=True)
    ears.run("success")
    assert ears.kinds == ["run-started", "run-waiting", "run-waiting", "run-ended"]
    assert ears.told[-1] == {"type": "run-ended", "run": "r1", "flow": "f", "status": "success"}


def test_a_run_that_was_answered_and_waits_again_within_one_message_is_told_of() -> None:
    ears = Ears()
    ears.news.begin()
    ears.run("paused", waiting=True, waits=((1.0, None),))
    with ears.world.stores.batch():
        ears.run("executing", waits=((1.0, 2.0),))
        ears.run("paused", waiting=True, waits=((1.0, 2.0), (2.0, None)))
    assert ears.kinds == ["run-started", "run-waiting", "run-waiting"]
    ears.run("success", waits=((1.0, 2.0), (2.0, 3.0)))
    ears.run("success", waits=((1.0, 2.0), (2.0, 3.0), (2.5, 3.0)))
    assert ears.kinds[3:] == ["run-ended"], "what is told late of an earlier pause ends nothing again"


def test_a_pause_that_the_server_told_of_before_its_event_is_one() -> None:
    ears = Ears()
    ears.news.begin()
    ears.run("paused", waiting=True)
    ears.run("paused", waiting=True, waits=((1.0, None),))
    assert ears.kinds == ["run-started", "run-waiting"]


def test_a_run_that_fails_says_so_before_its_end() -> None:
    ears = Ears()
    ears.news.begin()
    ears.run("executing")
    ears.run("error", error="x" * 2_000)
    assert ears.kinds == ["run-started", "run-failed", "run-ended"]
    assert ears.told[-2]["error"] == "x" * CLIP_CHARS


def test_a_run_that_began_and_failed_in_one_message_is_told_of_as_any_other() -> None:
    """A store tells once what happened within one message: that it is over. It is no history, as it was lived."""
    ears = Ears()
    ears.news.begin()
    with ears.world.stores.batch():
        ears.run("executing", lived=True)
        ears.run("error", error="Broken.", lived=True)
    assert ears.kinds == ["run-started", "run-failed", "run-ended"]
    ears.run("error", error="Broken.", lived=True, name="Known later")
    assert len(ears.kinds) == 3


def test_what_was_over_before_anybody_listened_is_no_news() -> None:
    ears = Ears()
    ears.run("success")
    ears.news.begin()
    ears.world.stores.runs.set("r2", RunRow("r2", "killed"))
    assert ears.kinds == []
    ears.run("executing")
    assert ears.kinds == ["run-started"], "its history has begun again"


def test_the_end_of_a_run_that_was_told_of_over_another_channel_is_news() -> None:
    """The page was loaded anew while it ended: whoever heard of its start hears of its end, once."""
    ears = Ears()
    ears.world.stores.runs.set("r0", RunRow("r0", "error", error="Broken."))
    ears.news.begin(["r0", "r1", "r3"])
    ears.run("success")
    ears.world.stores.runs.set("r2", RunRow("r2", "killed"))
    ears.world.stores.runs.set("r3", RunRow("r3", "executing"))
    assert [(each["type"], each["run"]) for each in ears.told if each["type"] != "selection"] == [
        ("run-failed", "r0"), ("run-ended", "r0"), ("run-ended", "r1"), ("run-started", "r3"),
    ]  # fmt: skip
    ears.world.stores.runs.delete("r1")
    ears.run("success")
    assert len(ears.kinds) == 4


def test_what_goes_on_is_told_to_whoever_begins_to_listen() -> None:
    ears = Ears()
    ears.run("paused", waiting=True)
    ears.news.begin()
    assert ears.kinds == ["run-started", "run-waiting"]
    ears.news.begin()
    assert ears.kinds == ["run-started", "run-waiting"] * 2, "another page around knows nothing yet"


def test_a_run_that_was_only_named_is_told_of_once_it_is_known() -> None:
    """A link, or the portal, may name a run that does not exist."""
    ears = Ears()
    ears.news.begin()
    ears.world.stores.runs.set("r1", RunRow("r1", "unverified"))
    assert ears.kinds == []
    ears.run("executing")
    ears.run("unverified")
    assert ears.kinds == ["run-started"]


def test_a_run_that_was_forgotten_and_comes_again_is_told_of_again() -> None:
    ears = Ears()
    ears.news.begin()
    ears.run("executing")
    ears.world.stores.runs.delete("r1")
    ears.run("executing")
    assert ears.kinds == ["run-started", "run-started"]


def test_what_is_chosen_is_told_once() -> None:
    ears = Ears()
    ears.news.begin()
    there = Location("f", "r", "n", "timeline")
    ears.world.stores.visit.set(Visit(there, 1))
    ears.world.stores.visit.set(Visit(there, 2))
    assert ears.told[1:] == [{"type": "selection", "flow": "f", "run": "r", "node": "n", "view": "timeline"}]


def test_a_failure_is_told_by_names_and_places_alone() -> None:
    ears = Ears()
    ears.news.begin()
    failure = Failure("ChatView", "drawing", "X: my secret", "trace of my secret", None, "X", ("a:1 b",))
    ears.world.reporter.record(failure)
    told = {"source": "ChatView", "doing": "drawing", "error": "X", "run": "r", "frames": ["a:1 b"]}
    assert ears.told[-1] == {"type": "error", **told}


def test_nothing_is_listened_to_unless_somebody_hears_it() -> None:
    """Neither before it begins nor after it ended is there a listener: an event costs nothing."""
    ears = Ears()
    stores = ears.world.stores

    def listeners() -> int:
        return sum(len(store._listeners) for store in (stores.runs, stores.visit))

    before = listeners()
    ears.news.begin()
    assert listeners() == before + 2
    ears.news.end()
    assert listeners() == before
    ears.run("executing")
    ears.world.reporter.record(Failure("a", "b", "c", "d"))
    assert [each["type"] for each in ears.told] == ["selection"]


def test_answers_bear_the_number_of_the_wish() -> None:
    assert json.loads(answer(3, run="r")) == {"type": "answer", "id": 3, "ok": True, "run": "r"}
    assert json.loads(refusal(4, "size", "Too long."))["code"] == "size"
