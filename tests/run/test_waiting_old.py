from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.http import RunInfo
from pyapp.run.fold_old import fold
from pyapp.run.record_old import RunRecord
from pyapp.run.snapshot_old import apply_snapshot
from tests.live.support import message


def need(*ids: str, **more: Any) -> list[dict[str, Any]]:
    return [{"id": each, "kind": "confirmation", **more} for each in ids]


class Paused:
    def __init__(self) -> None:
        self.run = RunRecord("r")

    def hear(self, event: str, **fields: Any) -> None:
        fold(self.run, message(event, **fields), 0.0)

    def open(self) -> list[str]:
        return [key for key, wanted in self.run.waiting.wanted.items() if wanted.open]

    def sign_in(self) -> str:
        return self.run.waiting.sign_ins["s"].status

    def tell(self, **fields: Any) -> None:
        apply_snapshot(self.run, RunInfo.model_validate({"run_id": "r", "status": "paused", **fields}), 0.0)


def test_a_pause_opens_and_going_on_closes() -> None:
    """Those that were answered; all where the server does not say which."""
    world = Paused()
    world.hear("start_node", node_id="n", order=0)
    world.hear("start_node", node_id="m", order=1)
    world.hear("AgentPaused", node_id="n", requirements=need("a", "b"))
    world.hear("AgentPaused", node_id="m", requirements=need("c"))
    assert world.open() == ["a", "b", "c"] and world.run.status == "paused"
    world.hear("resume_start", resolved=["a", "c", "unheard"])
    assert world.open() == ["b"]
    assert world.run.node("n").waiting and not world.run.node("m").waiting
    world.hear("resume_start")
    assert world.open() == [] and not world.run.node("n").waiting


def test_the_end_of_the_run_closes_everything() -> None:
    world = Paused()
    world.hear("AgentPaused", requirements=need("a"))
    world.hear("interaction_event", interaction="oauth", interaction_id="s", auth_url="https://x.example")
    world.hear("run_end")
    assert world.open() == [] and not world.run.waiting.sign_ins["s"].open
    world.hear("AgentPaused", requirements=need("late"))
    assert world.open() == [] and world.run.status == "success"


def test_asked_again_is_open_again() -> None:
    world = Paused()
    world.hear("AgentPaused", requirements=need("a"))
    world.hear("resume_start")
    world.hear("AgentPaused", requirements=need("a", prompt="Really?"))
    assert world.open() == ["a"]
    wanted = world.run.waiting.wanted["a"]
    assert (wanted.asked, wanted.requirement.prompt) == (2, "Really?")


def test_a_sign_in_follows_its_requirement() -> None:
    """Answered there, it is done here."""
    world = Paused()
    world.hear("AgentPaused", requirements=need("a"))
    sign = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://x.example", "requirement_id": "a"}
    world.hear("interaction_event", **sign)
    assert world.sign_in() == "pending"
    world.hear("resume_start", resolved=["a"])
    assert world.sign_in() == "completed"
    world.hear("interaction_event", **sign, status="failed")
    assert world.sign_in() == "failed"


def test_the_server_tells_what_is_open() -> None:
    """A page that saw nothing learns it; what the stream closed stays closed; the rest was answered elsewhere."""
    world = Paused()
    world.tell(
        requirements=need("a", node_id="n"), interactions=[{"interaction_id": "s", "auth_url": "https://x.example"}]
    )
    assert world.open() == ["a"] and world.run.waiting.wanted["a"].node_id == "n"
    assert list(world.run.waiting.sign_ins) == ["s"]
    world.hear("AgentPaused", requirements=need("b"))
    world.hear("resume_start", resolved=["a"])
    world.tell(requirements=need("a", "b"))
    assert world.open() == ["b"]
    world.tell(requirements=[])
    assert world.open() == []


def test_an_answer_older_than_the_stream_closes_nothing() -> None:
    world = Paused()
    world.hear("AgentPaused", requirements=need("a"), seq=7)
    world.tell(requirements=[], last_seq=5)
    assert world.open() == ["a"]
    world.tell()
    assert world.open() == ["a"]
    world.tell(requirements=[], last_seq=7)
    assert world.open() == []


def test_what_cannot_be_read_of_the_list_is_left_out() -> None:
    """One bad entry takes no good one with it."""
    world = Paused()
    world.tell(requirements=[*need("a"), {"id": 7}, "x", {"id": "b", "kind": "unheard of"}], interactions=["x", {}])
    assert world.open() == ["a"]
    world.tell(requirements="nonsense", interactions=7)
    assert world.open() == ["a"]


IDS = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("AgentPaused"), st.lists(IDS, min_size=1, unique=True)),
        st.tuples(st.just("resume_start"), st.lists(IDS, unique=True) | st.none()),
    ),
    max_size=20,
)


@given(STEPS)
def test_what_is_open_is_what_was_asked_and_not_answered(steps: list[tuple[str, list[str] | None]]) -> None:
    """In any order of pauses and answers."""
    world, expected = Paused(), set[str]()
    for event, ids in steps:
        if event == "AgentPaused":
            world.hear(event, requirements=need(*(ids or [])))
            expected |= set(ids or [])
        else:
            world.hear(event, resolved=ids)
            expected -= set(ids) if ids is not None else expected.copy()
    assert set(world.open()) == expected
