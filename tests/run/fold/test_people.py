from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyapp.run.fold.step import MAX_CARDS
from pyapp.run.record import MAX_WAITS, begin_wait, end_wait
from tests.run.support import Told, end, pause, run_end, sign_in, start, text


def test_a_pause_opens_cards_and_its_node_waits() -> None:
    """The named node waits beside executing; where none is named, each that executes."""
    told = Told(start("a", 0), start("b", 1), pause("q", node_id="a", content="Look", continue_run_id="c"))
    nodes = told.record.nodes
    assert (told.record.status, told.cards(), nodes["a"].waiting, nodes["b"].waiting) == ("paused", ["q"], True, False)
    assert nodes["a"].executing
    wanted = told.record.wanted["q"]
    assert (wanted.node_id, wanted.content, wanted.continue_run_id) == ("a", "Look", "c")
    told.tell(pause("p"))
    assert nodes["b"].waiting


def test_a_resume_closes_what_it_resolves() -> None:
    """The others go on waiting, and so do their nodes; without a list all are closed."""
    told = Told(start("n", 0), start("m", 1), pause("a", "b", node_id="n"), pause("c", node_id="m"))
    told.tell({"event": "resume_start", "resolved": ["a", "c", "unheard"]})
    assert (told.record.status, told.cards()) == ("executing", ["b"])
    assert told.record.nodes["n"].waiting and not told.record.nodes["m"].waiting
    told.tell({"event": "resume_start"})
    assert told.cards() == [] and not told.record.nodes["n"].waiting


def test_a_resume_that_resolves_nothing_closes_nothing() -> None:
    assert Told(pause("a"), {"event": "resume_start", "resolved": []}).cards() == ["a"]


def test_cards_stay_open_while_work_is_seen() -> None:
    told = Told(start(), pause("q"), text("x"))
    assert (told.record.status, told.cards(), told.record.nodes["n"].waiting) == ("executing", ["q"], True)


def test_asked_again_is_open_again() -> None:
    """With the new words, and the answer that was given counts no more."""
    told = Told(pause("a", "b"), {"event": "resume_start"})
    again = pause()
    again["requirements"] = [{"id": "a", "kind": "confirmation", "prompt": "Really?"}]
    told.tell(again)
    wanted = told.record.wanted["a"]
    assert (told.cards(), wanted.asked, wanted.requirement.prompt) == (["a"], 2, "Really?")
    assert list(told.record.wanted) == ["b", "a"]
    assert wanted.serial > told.record.wanted["b"].serial, "it takes its place anew"


def test_the_end_of_the_run_closes_everything() -> None:
    told = Told(start(), pause("a"), sign_in(), run_end())
    assert told.cards() == [] and not told.record.sign_ins["s"].open and not told.record.nodes["n"].waiting
    told.tell(pause("late"), sign_in("late"))
    assert told.cards() == [] and list(told.record.sign_ins) == ["s"]


def test_a_sign_in_is_updated_by_its_id() -> None:
    """A later event with the same id updates the card, whatever it was."""
    told = Told(sign_in(), sign_in("other"))
    for status in ("failed", "pending", "expired", "completed"):
        told.tell(sign_in(status=status))
        assert told.record.sign_ins["s"].status == status
    assert list(told.record.sign_ins) == ["s", "other"] and told.record.status == "executing"
    assert told.record.sign_ins["s"].serial < told.record.sign_ins["other"].serial, "and it keeps its place"


def test_what_an_update_of_a_sign_in_does_not_tell_again_is_so_still() -> None:
    """It need not name its node again: that waits no more; whose it is, and what needs it, stays."""
    told = Told(start(), pause("a"), sign_in(node_id="n", provider="Git", scopes=["repo"], requirement_id="a"))
    assert told.record.nodes["n"].waiting
    told.tell(sign_in(status="failed"), {"event": "resume_start", "resolved": []}, sign_in(scopes=["all"]))
    sign = told.record.sign_ins["s"]
    assert (sign.status, sign.event.provider, sign.event.scopes, sign.event.node_id) == ("pending", "Git", ["all"], "n")
    told.tell({"event": "resume_start", "resolved": ["a"]})
    assert sign.status == "completed"
    told = Told(start(), sign_in(node_id="n"), sign_in(status="completed"))
    assert not told.record.nodes["n"].waiting


def test_a_sign_in_follows_its_requirement() -> None:
    """Answered there, it is done here; one that failed stays failed."""
    told = Told(pause("a", "b"), sign_in(requirement_id="a"), sign_in("t", requirement_id="b"), sign_in("free"))
    told.tell(sign_in("f", requirement_id="a", status="failed"), {"event": "resume_start", "resolved": ["a"]})
    assert {key: each.status for key, each in told.record.sign_ins.items()} == {
        "s": "completed", "t": "pending", "free": "pending", "f": "failed",
    }  # fmt: skip


def test_what_was_resolved_before_it_was_asked_is_known() -> None:
    """For cards that only the server told of; a pause asks anew."""
    told = Told({"event": "resume_start", "resolved": ["a"]})
    assert told.record.resolved == {"a": 0} and told.record.resumed_mark == -1
    told.tell(pause("a"), {"event": "resume_start"})
    assert told.record.resumed_mark == 2


def test_a_node_that_ended_does_not_wait() -> None:
    told = Told(start(), pause("q", node_id="n"), end(), {"event": "resume_start", "resolved": []})
    assert (told.record.nodes["n"].waiting, told.cards()) == (False, ["q"])


IDS = st.sampled_from("abc")
STEPS = st.lists(
    st.tuples(st.just("pause"), st.lists(IDS, min_size=1, unique=True))
    | st.tuples(st.just("resume"), st.lists(IDS, unique=True) | st.none()),
    max_size=20,
)


@given(STEPS)
def test_open_is_what_was_asked_and_not_answered(steps: list[tuple[str, list[str] | None]]) -> None:
    told, expected = Told(), set[str]()
    for what, ids in steps:
        if what == "pause":
            told.tell(pause(*(ids or [])))
            expected |= set(ids or [])
        else:
            told.tell({"event": "resume_start", "resolved": ids})
            expected = expected - set(ids) if ids is not None else set()
        assert set(told.cards()) == expected


def test_open_cards_are_never_evicted() -> None:
    """Answered ones are, oldest first."""
    told = Told(pause("answered"), {"event": "resume_start"})
    told.tell(*(pause(f"q{number}") for number in range(MAX_CARDS + 5)))
    assert len(told.cards()) == MAX_CARDS + 5 and "answered" not in told.record.wanted


def waits(told: Told, node: str = "n", order: int = 0) -> list[tuple[float, float | None]]:
    return told.execution(node, order).waits


def test_when_a_person_was_waited_for_stays_known() -> None:
    """Of what was open of the node, and of the run; a pause that goes on is one."""
    told = Told(start("n", 0), start("m", 1), pause("q", node_id="n"))
    assert (waits(told), waits(told, "m", 1), told.record.waits) == ([(2.0, None)], [], [(2.0, None)])
    assert told.touched.executions == {("n", 0): None}
    told.tell(pause("p", node_id="n"), {"event": "resume_start"}, pause("o", node_id="n"))
    assert waits(told) == told.record.waits == [(2.0, 4.0), (5.0, None)]
    told.tell(end("n", 0), run_end())
    assert (waits(told), told.record.waits) == ([(2.0, 4.0), (5.0, 6.0)], [(2.0, 4.0), (5.0, 7.0)])


def test_work_ends_the_pause_of_the_run_alone() -> None:
    """Its cards stay, and so does what its node waits for, until the end of the run."""
    told = Told(start(), pause("q"), text("x"), run_end("killed"))
    assert (told.record.waits, waits(told)) == ([(1.0, 2.0)], [(1.0, 3.0)])


def test_a_resume_that_pauses_again_is_another_pause() -> None:
    told = Told(start(), pause("q"), {"event": "resume_start"}, {"event": "resume_end", "status": "paused"})
    assert told.record.waits == [(1.0, 2.0), (3.0, None)]


def test_of_the_waits_the_newest_are_kept() -> None:
    kept: list[tuple[float, float | None]] = []
    for number in range(MAX_WAITS + 2):
        begin_wait(kept, number)
        end_wait(kept, number)
    assert (len(kept), kept[0][0]) == (MAX_WAITS, 2)
    end_wait(kept, 0.0)
    assert kept[-1] == (MAX_WAITS + 1, MAX_WAITS + 1)


def test_what_was_answered_stays_with_what_was_asked() -> None:
    """As the server tells it when the run goes on; what is no answer is passed over."""
    told = Told(start(), pause("q", "p", node_id="n"))
    answers = [{"id": "q", "confirmed": True, "note": "Go."}, {"id": "unheard"}, 7]
    told.tell({"event": "resume_start", "resolved": ["q"], "answers": answers})
    wanted = told.record.wanted
    assert (wanted["q"].answer, wanted["q"].answered_at) == ({"id": "q", "confirmed": True, "note": "Go."}, 2.0)
    assert wanted["p"].answer is None
    assert Told(pause("q"), {"event": "resume_start", "answers": "none"}).cards() == []


def test_a_node_waits_for_a_sign_in_of_its_own() -> None:
    """Until that is over; a question that is open still keeps it waiting."""
    told = Told(start(), sign_in("s", node_id="n"))
    node = told.record.nodes["n"]
    assert node.waiting and list(told.touched.nodes) == ["n"]
    told.tell(sign_in("s", node_id="n", status="completed"))
    assert not node.waiting
    told.tell(pause("q", node_id="n"), sign_in("t", node_id="n"), sign_in("t", node_id="n", status="expired"))
    assert node.waiting
    told.tell({"event": "resume_start", "resolved": ["q"]})
    assert not node.waiting
    assert not Told(sign_in("s", node_id="unheard")).record.nodes


def test_a_sign_in_that_failed_can_be_tried_again() -> None:
    """Its node waits on, until it is done, or over: its node or its requirement ended."""
    told = Told(start(), sign_in(node_id="n"), sign_in(node_id="n", status="failed"))
    node, signs = told.record.nodes["n"], told.record.sign_ins
    assert node.waiting and signs["s"].asks
    told.tell(sign_in(node_id="n"), sign_in(node_id="n", status="completed"))
    assert not node.waiting and not signs["s"].asks
    told.tell(sign_in(node_id="n", status="failed"), sign_in("other", status="failed"), end())
    assert told.touched.cards and not node.waiting
    assert (signs["s"].status, signs["s"].asks, signs["other"].asks) == ("failed", False, True)
    told.tell(sign_in("late", node_id="n", status="failed"))
    assert not signs["late"].asks
    told.tell(pause("q"), sign_in("f", requirement_id="q", status="failed"), {"event": "resume_start"})
    assert (signs["f"].status, signs["f"].asks) == ("failed", False)
