"""The server's word as Run reads it: beside the record, never over it. REVIEW A4 and A5 in their variants."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import Malformed, Unknown, decode_item
from pyapp.run.record import Execution, RunRecord
from pyapp.run.run import Run
from pyapp.run.server_word import NO_WORD, adds, completed, hear, merged
from pyapp.run.tracking import Asked, ExecutionTracking
from pyapp.testing.clock import FakeClock
from tests.run.support import Json, Told, answer, end, numbered, pause, run_end, settled, sign_in, start, take, text
from tests.streams import runs


class Heard:
    """One run, its events, and what a server says of it."""

    def __init__(self, *events: Json) -> None:
        self.tracking = ExecutionTracking(FakeClock())
        self.run: Run = self.tracking.run("r")
        self.tell(*events)

    def tell(self, *events: Json) -> None:
        take(self.tracking, events)

    def ask(self) -> Asked:
        return self.tracking.asking(self.run)

    def hear(self, status: str, asked: Asked | None = None, **fields: Any) -> bool:
        return self.tracking.hear(self.run, answer(status, **fields), asked or self.ask())

    def statuses(self, node: str = "n") -> dict[int, str]:
        return {each.order: each.status for each in self.run.executions(node)}

    def cards(self) -> list[str]:
        return [key for key, _ in self.run.cards()]


def need(*ids: str, **more: Any) -> list[Json]:
    return [{"id": each, "kind": "confirmation", **more} for each in ids]


RESULTS = {"n": {"status": "success", "content": "told", "orders": [0]}}
LAST = st.sampled_from([True, False])


# -- of a run of which nothing was seen ---------------------------------------------------------------
def test_a_run_of_which_nothing_was_seen_is_what_the_server_says() -> None:
    """The status of a node is of its last time; of earlier ones it is known that they were."""
    heard = Heard()
    results = {
        "a": {"status": "success", "content": "x", "orders": [2, 0]},
        "b": {"status": "executing", "orders": [1]},
        "c": {"status": "error", "error": "boom"},
        "d": {"status": "strange"},
    }
    heard.hear("error", flow_id="f", started_at=1.0, ended_at=2.0, error="e", results=results)
    run = heard.run
    assert (run.status, run.over, run.record.over, run.flow_id) == ("error", True, False, "f")
    assert (run.started_at, run.ended_at, run.error) == (1.0, 2.0, "e")
    assert [heard.statuses(each) for each in "abcd"] == [
        {0: "unknown", 2: "success"},
        {1: "error"},
        {0: "error"},
        {1: "unknown"},
    ]
    assert [each.content for each in run.executions("a")] == [None, "x"]
    assert run.execution("b", 1).implied  # type: ignore[union-attr]
    assert list(run.node_ids()) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("told", "shown"),
    [("queued", "queued"), ("paused", "paused"), ("executing", "executing"), ("dreaming", "executing")],
)
def test_a_living_run_of_which_nothing_was_seen(told: str, shown: str) -> None:
    heard = Heard()
    assert heard.run.status == "unverified"
    heard.hear(told)
    assert heard.run.status == shown


# -- A4: an answer, and the events it speaks of -------------------------------------------------------
@pytest.mark.parametrize("last_seq", [None, 1, 2])
@pytest.mark.parametrize("with_seq", [True, False])
@pytest.mark.parametrize("first", ["answer", "events"])
def test_content_variables_and_durations_are_the_events_own(last_seq: int | None, with_seq: bool, first: str) -> None:
    """REVIEW A4: after a reconnect, whichever is first."""
    events: list[Json] = [start(), end(content="mine", variables={"x": 1}), run_end()]
    events = numbered(*events) if with_seq else events
    heard = Heard(*events[:1])
    asked = heard.ask()
    if first == "events":
        heard.tell(*events[1:])
    heard.hear("success", asked, last_seq=last_seq, results=RESULTS)
    if first == "answer":
        assert (heard.statuses(), heard.run.over) == ({0: "success"}, True)
        heard.tell(*events[1:])
    execution = heard.run.execution("n", 0)
    assert execution is not None
    assert (execution.content, execution.variables, execution.status) == ("mine", {"x": 1}, "success")
    assert execution.duration_s is not None and not execution.implied
    assert (heard.run.status, heard.run.record.over) == ("success", True)


def test_a_clicked_run_is_over_while_its_history_is_folded() -> None:
    """The answer counts numbers before the first event has come: no row that executes in between."""
    heard = Heard()
    heard.hear("success", last_seq=3, results=RESULTS)
    for each in numbered(start(), text("x"), end(), run_end()):
        heard.tell(each)
        assert heard.run.status == "success"
        assert heard.statuses() == {0: "success"}


def test_an_answer_completes_what_no_event_told() -> None:
    """An end that was lost, and results that events leave to HTTP."""
    heard = Heard(*numbered(start(), start("m", 1), end("m", 1), run_end()))
    heard.hear(
        "success", last_seq=3, results={"n": RESULTS["n"], "m": {"status": "error", "content": "late", "orders": [1]}}
    )
    n, m = heard.run.execution("n", 0), heard.run.execution("m", 1)
    assert n is not None and m is not None
    assert (n.status, n.content, n.implied, n.started_at) == ("success", "told", False, 0.0)
    assert (m.status, m.content) == ("success", "late")
    assert heard.run.shown_status("n") == "success"


def test_what_the_server_did_not_keep_is_told_where_no_event_told_it() -> None:
    """Of the last time its node ran; what an event said stands."""
    heard = Heard(*numbered(start(), end(), start("m", 1), end("m", 1, content="here"), run_end()))
    result = {"status": "success", "cut": ["content", "orders"]}
    few = {"status": "success", "orders": [2], "cut": ["orders"]}
    heard.hear(
        "success", last_seq=4, results={"n": {**result, "orders": [0]}, "m": {**result, "orders": [1]}, "o": few}
    )
    lost, said, other = (heard.run.execution(*each) for each in (("n", 0), ("m", 1), ("o", 2)))
    assert lost is not None and said is not None and other is not None
    assert (lost.cut, said.cut, said.content, other.cut) == (True, False, "here", False)


@pytest.mark.parametrize(
    ("first", "lacks"), [(0, ""), (1, "runs.cut"), (None, "runs.cut")], ids=["whole", "its start is lost", "no event"]
)
def test_nodes_that_the_server_left_out_are_lacking_unless_all_events_are_here(first: int | None, lacks: str) -> None:
    """For as long as its results say so."""
    events = numbered(start(), end(), run_end())
    heard = Heard(*(events if first is not None else []))
    if first:
        heard = Heard()
        heard.run.log.lose(first)
        heard.tell(*events[first:])
    heard.hear("success", last_seq=2, results=RESULTS, results_cut=True)
    assert heard.run.lacks == lacks
    heard.hear("success", last_seq=2)
    assert heard.run.lacks == lacks
    heard.hear("success", last_seq=2, results=RESULTS)
    assert heard.run.lacks == ""
    heard.run.incomplete = True
    assert heard.run.lacks == "runs.incomplete"


def test_an_end_of_the_run_that_only_the_server_knows_implies_ends() -> None:
    heard = Heard(*numbered(start()))
    heard.hear("killed", last_seq=5, ended_at=9.0)
    execution = heard.run.execution("n", 0)
    assert execution is not None
    assert (heard.run.status, execution.status, execution.implied) == ("killed", "killed", True)
    assert heard.run.ended_at == execution.ended_at == 9.0
    assert heard.tracking.is_run_completed("r") and heard.run.record.nodes["n"].executing


def test_the_streams_end_of_the_run_wins() -> None:
    heard = Heard(*numbered(start()))
    heard.hear("success", last_seq=1, error="theirs")
    heard.tell(*numbered(run_end("killed", error="mine"), since=1))
    assert (heard.run.status, heard.run.error, heard.statuses()) == ("killed", "mine", {0: "killed"})


def test_a_node_that_runs_again_is_not_closed_by_an_older_answer() -> None:
    heard = Heard(*numbered(start(), end()))
    asked = heard.ask()
    heard.tell(*numbered(start(order=1), since=2))
    heard.hear("executing", asked, last_seq=1, results=RESULTS)
    assert heard.statuses() == {0: "success", 1: "executing"}
    heard.tell(*numbered(start(), since=3))
    assert heard.statuses()[0] == "executing"
    heard.hear("executing", last_seq=4)
    assert heard.statuses()[0] == "executing", "that answer left its results out: the older ones are no younger for it"


# -- results that do not say which time they are of ---------------------------------------------------
@pytest.mark.parametrize("last_seq", [None, 4])
def test_a_guessed_order_goes_when_events_speak_of_the_node(last_seq: int | None) -> None:
    """The answer comes before the events it knows of: what it says is of the times that they tell."""
    heard = Heard(*numbered(start("a")))
    told = {"a": {"status": "success", "content": "x"}, "b": {"status": "executing"}, "c": {"status": "executing"}}
    heard.hear("executing", last_seq=last_seq, results=told)
    assert [heard.statuses(each) for each in "bc"] == [{1: "executing"}, {2: "executing"}]
    heard.tell(*numbered(end("a"), start("c", 1), start("b", 2), since=1))
    assert [heard.statuses(each) for each in "abc"] == [{0: "success"}, {2: "executing"}, {1: "executing"}]
    heard.tell(*numbered(end("c", 1), end("b", 2), since=4))
    assert [heard.statuses(each) for each in "bc"] == [{2: "success"}, {1: "success"}]
    assert [heard.run.shown_status(each) for each in "abc"] == ["success"] * 3


def test_what_a_withdrawn_guess_was_shown_as_is_touched() -> None:
    """Whoever shows it hears of it with the event."""
    heard = Heard()
    heard.hear("executing", last_seq=2, results={"a": {"status": "success"}, "b": {"status": "executing"}})
    for name, each in zip("ba", numbered(start("b", 0), start("a", 1)), strict=True):
        taken = take(heard.tracking, [each])[0]
        assert set(taken.steps[0][1].executions) == {(name, 0), (name, 1)}


def test_a_result_is_of_the_last_time_that_had_begun_by_then() -> None:
    """It goes with the node until the events have come as far as the answer, and stays with that time."""
    heard = Heard(*numbered(start(order=0)))
    heard.hear("executing", last_seq=3, results={"n": {"status": "success", "content": "second"}})

    def contents() -> list[object]:
        return [each.content for each in heard.run.executions("n")]

    assert contents() == ["second"]
    heard.tell(*numbered(end(order=0), start(order=1), since=1))
    assert (contents(), heard.statuses()) == ([None, "second"], {0: "success", 1: "success"})
    heard.tell(*numbered(end(order=1), start(order=2), end(order=2), since=3))
    assert contents() == [None, "second", None]
    heard.tracking.fold_anew(heard.run)
    assert contents() == [None, "second", None], "folded anew it is where it was"
    heard.hear("executing", last_seq=5)
    assert contents() == [None, "second", None], "an answer without results says nothing of them"
    heard.hear("executing", last_seq=5, results={"n": {"status": "success", "content": "third"}})
    assert contents() == [None, None, "third"]


def test_a_guess_goes_with_a_record_that_is_folded_anew() -> None:
    """An event that came late is told by no step."""
    heard = Heard(*numbered(start("a")))
    heard.tell(*numbered(text("x"), since=2))
    heard.tracking.went_on(heard.run, heard.run.log.give_up())
    heard.hear("executing", last_seq=2, results={"b": {"status": "executing"}})
    assert heard.statuses("b") == {1: "executing"}
    heard.tell(*numbered(start("b", 7), since=1))
    settled(heard.tracking)
    assert heard.statuses("b") == {7: "executing"}


# -- A5: an answer older than an event ----------------------------------------------------------------
@pytest.mark.parametrize("last_seq", [None, 1])
@pytest.mark.parametrize("with_seq", [True, False])
def test_an_older_answer_closes_no_card(last_seq: int | None, with_seq: bool) -> None:
    """REVIEW A5: the card that was asked for since stays, and comes back if it was closed."""
    events = [start(), text("x"), pause("q")]
    events = numbered(*events) if with_seq else events
    heard = Heard(*events[:2])
    asked = heard.ask()
    heard.tell(events[2])
    heard.hear("executing", asked, last_seq=last_seq, requirements=[])
    assert (heard.cards(), heard.run.status) == (["q"], "paused")
    heard.hear("paused", last_seq=None if last_seq is None else 2, requirements=need("q"))
    assert (heard.cards(), heard.run.status) == (["q"], "paused")


@pytest.mark.parametrize("with_seq", [True, False])
def test_an_answer_that_knows_of_a_card_closes_it(with_seq: bool) -> None:
    """Answered elsewhere: an answer of a later moment does not list it."""
    events = [pause("q", "p")]
    heard = Heard(*(numbered(*events) if with_seq else events))
    heard.hear("executing", last_seq=1 if with_seq else None, requirements=need("p"))
    assert (heard.cards(), heard.run.status) == (["p"], "executing")
    heard.hear("executing", last_seq=2 if with_seq else None)
    assert heard.cards() == ["p"], "an answer that says nothing of cards opens none again"


def test_an_answer_without_cards_says_nothing_of_later_ones() -> None:
    """The list of an earlier answer is as old as that answer."""
    heard = Heard(*numbered(start()))
    heard.hear("executing", last_seq=0, requirements=[])
    heard.tell(*numbered(pause("q"), since=1))
    heard.hear("paused", last_seq=5)
    assert heard.cards() == ["q"]


@pytest.mark.parametrize("last_seq", [None, 1])
def test_an_older_paused_does_not_pause_again(last_seq: int | None) -> None:
    heard = Heard(*numbered(start(), pause("q")))
    asked = heard.ask()
    heard.tell(*numbered({"event": "resume_start"}, since=2))
    heard.hear("paused", asked, last_seq=last_seq, requirements=need("q"))
    assert (heard.run.status, heard.cards()) == ("executing", [])


@pytest.mark.parametrize("last_seq", [None, 0])
def test_an_older_executing_does_not_go_on(last_seq: int | None) -> None:
    heard = Heard(*numbered(start()))
    asked = heard.ask()
    heard.tell(*numbered(pause("q"), since=1))
    heard.hear("executing", asked, last_seq=last_seq)
    assert heard.run.status == "paused"
    heard.run.doubt = "silence"
    assert heard.run.status == "paused", "a paused run never becomes unverified"


def test_an_end_that_the_server_knows_by_a_number_behind_what_it_told_is_an_end() -> None:
    """It died, and what it had told last was never written; a question that is older than an event ends nothing."""
    heard = Heard(*numbered(start(), start("m")))
    asked = heard.ask()
    heard.hear("killed", last_seq=0)
    assert (heard.run.status, heard.statuses()) == ("killed", {0: "killed"})
    heard.tell(*numbered(start("o"), since=2))
    assert heard.run.status == "executing"
    heard.hear("killed", asked, last_seq=0)
    assert heard.run.status == "executing"


def test_an_answer_overtaken_by_a_later_one_is_dropped() -> None:
    heard = Heard(*numbered(start()))
    first, second = heard.ask(), heard.ask()
    assert heard.hear("paused", second, last_seq=3)
    assert not heard.hear("executing", first, last_seq=1)
    assert heard.run.status == "paused"


def test_a_terminal_event_is_the_last_word() -> None:
    heard = Heard(*numbered(start(), pause("q"), run_end("error")))
    heard.hear("executing", last_seq=9, requirements=need("q"))
    assert (heard.run.status, heard.cards(), list(heard.run.sign_ins())) == ("error", [], [])


def test_a_sign_in_that_the_server_lists_no_more_is_not_pending() -> None:
    """Its end was lost. What the answer cannot know of stays, and what it leaves out says nothing."""
    heard = Heard()
    heard.tell(*numbered(sign_in("s")))
    heard.hear("executing", last_seq=5)
    assert [key for key, _ in heard.run.sign_ins()] == ["s"]
    heard.hear("executing", last_seq=0, interactions=[])
    assert [key for key, _ in heard.run.sign_ins()] == ["s"], "it may be older than the sign-in"
    heard.hear("executing", last_seq=1, interactions=[])
    assert [key for key, _ in heard.run.sign_ins()] == []
    heard.tell(*numbered(sign_in("s", status="completed"), since=1))
    assert [(key, each.status) for key, each in heard.run.sign_ins()] == [("s", "completed")]


# -- cards that only the server told of ---------------------------------------------------------------
def test_what_the_server_lists_is_open_until_an_event_answers_it() -> None:
    heard = Heard()
    heard.hear(
        "paused",
        last_seq=4,
        requirements=need("a", "b", node_id="n"),
        interactions=[{"interaction_id": "s", "auth_url": "https://x.example"}],
    )
    assert [(key, wanted.node_id) for key, wanted in heard.run.cards()] == [("a", "n"), ("b", "n")]
    assert [(key, each.status) for key, each in heard.run.sign_ins()] == [("s", "pending")]
    heard.tell(*numbered({"event": "resume_start", "resolved": ["a"]}, since=5))
    heard.tracking.went_on(heard.run, heard.run.log.give_up())
    assert heard.cards() == ["b"]
    heard.tell(*numbered({"event": "resume_start"}, since=6))
    assert heard.cards() == []
    heard.tell(*numbered(sign_in(status="completed"), since=7))
    assert [(key, each.status) for key, each in heard.run.sign_ins()] == [("s", "completed")]


def test_one_bad_entry_takes_no_good_one_with_it() -> None:
    heard = Heard()
    heard.hear(
        "paused", requirements=[*need("a"), {"id": 7}, "x", {"id": "b", "kind": "unheard of"}], interactions=["x", {}]
    )
    assert heard.cards() == ["a"]
    heard.hear("paused", requirements="nonsense", interactions=7)
    assert heard.cards() == ["a"], "what cannot be read was not said"


# -- the parts ----------------------------------------------------------------------------------------
def test_a_newer_answer_keeps_what_only_the_one_before_said() -> None:
    record = RunRecord("r")
    first = hear(
        answer("executing", flow_id="f", last_seq=3, results=RESULTS, requirements=need("q")), record, -1, numbered=True
    )
    second = completed(hear(answer("paused", last_seq=5), record, -1, numbered=True), first)
    assert (second.status, second.mark, second.info.flow_id, list(second.told)) == ("paused", 5, "f", ["n"])
    assert (second.results_mark, second.cards.mark) == (3, 3)
    third = completed(
        hear(answer("paused", last_seq=7, results={}, requirements=[]), record, -1, numbered=True), second
    )
    assert (dict(third.told), third.info.requirements, third.results_mark, third.cards.mark) == ({}, [], 7, 7)
    assert completed(first, NO_WORD).info == first.info


def test_an_answer_without_numbers_is_as_old_as_its_question() -> None:
    record = Told(*numbered(start(), since=7)).record
    assert (
        hear(answer("executing"), record, 7, numbered=True).mark,
        hear(answer("executing"), record, 7, numbered=True).counted,
    ) == (7, False)
    assert hear(answer("executing", last_seq=99), record, 0, numbered=False).mark == 0
    assert hear(answer("executing", last_seq=99), record, 0, numbered=True).counted


def test_results_without_orders_are_of_the_last_time() -> None:
    record = Told(start(order=0), end(order=0), start(order=4)).record
    word = hear(
        answer("success", results={"n": {"status": "success"}, "new": {"status": "error"}}), record, 2, numbered=False
    )
    assert {node: list(each) for node, each in word.told.items()} == {"n": [4], "new": [5]}


def test_whether_an_answer_adds_anything() -> None:
    record = Told(*numbered(start(), end(content="mine"))).record
    same = hear(
        answer("executing", last_seq=1, results={"n": {"status": "error", "content": "x", "orders": [0]}}),
        record,
        1,
        numbered=True,
    )
    more = hear(answer("executing", last_seq=1, results={"m": {"status": "error"}}), record, 1, numbered=True)
    assert (adds(same, record), adds(more, record)) == (False, True)


def test_merging_nothing_gives_what_there_is() -> None:
    execution = Execution("n", 0)
    assert merged(None, execution, NO_WORD) is execution


# -- any story ----------------------------------------------------------------------------------------
def truth(record: RunRecord, last_seq: int | None, *, ordered: bool) -> dict[str, Any]:
    """What an honest server says of a run that has come this far; it need not say which time a result is of."""
    results = {
        name: {
            "status": "executing" if last.implied else last.status,
            "content": last.content,
            "error": last.error,
            **({"orders": sorted(node.executions)} if ordered else {}),
        }
        for name, node in record.nodes.items()
        for last in [node.executions[order] for order in (sorted if ordered else list)(node.executions)[-1:]]
    }
    cards = [wanted.requirement.model_dump() for wanted in record.wanted.values() if wanted.open]
    return {"last_seq": last_seq, "results": results, "requirements": cards}


def picture(run: Run) -> tuple[object, ...]:
    executions = {name: {each.order: each for each in run.executions(name)} for name in run.node_ids()}
    shown = {name: run.shown_status(name) for name in run.node_ids()}
    return run.status, run.over, executions, shown, [key for key, _ in run.cards()]


@given(
    runs("r"),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9), st.integers(0, 9)), max_size=4),
)
def test_an_honest_answer_at_any_time_changes_nothing_once_the_events_are_in(
    stream: list[Json], with_seq: bool, counted: bool, ordered: bool, asks: list[tuple[int, int, int]]
) -> None:
    """Asked at one moment, true of a later one, heard before or after the events in between: events count."""
    events = [each for each in stream if not isinstance(decode_item(each), Unknown | Malformed)]
    bare = [{key: value for key, value in each.items() if key != "seq"} for each in events]
    events = numbered(*bare) if with_seq else bare
    heard, alone = Heard(), Heard()
    questions: dict[int, list[tuple[int, int]]] = {}
    for place, until_true, until_heard in asks:
        asked = place % (len(events) + 1)
        true_at = min(len(events), asked + until_true)
        questions.setdefault(asked, []).append((true_at, min(len(events), asked + until_heard)))
    answers: dict[int, list[tuple[Asked, int]]] = {}
    for place in range(len(events) + 1):
        for true_at, heard_at in questions.get(place, []):
            answers.setdefault(heard_at, []).append((heard.ask(), true_at))
        for asked_then, true_at in answers.get(place, []):
            record = Told(*events[:true_at]).record
            if record.events:
                heard.hear(
                    record.status, asked_then, **truth(record, true_at - 1 if counted else None, ordered=ordered)
                )
                assert_events_stand(heard.run)
        if place < len(events):
            heard.tell(events[place])
            alone.tell(events[place])
    assert heard.run.record == alone.run.record, "an answer is never in the record"
    assert picture(heard.run) == picture(alone.run)


def assert_events_stand(run: Run) -> None:
    """What an event said of how something ended is what is shown, whatever was answered."""
    for name, node in run.record.nodes.items():
        for order, known in node.executions.items():
            if not known.open and not known.implied:
                found = run.execution(name, order)
                assert found is not None and found.status == known.status
                assert known.content is None or found.content == known.content
    assert not run.record.over or run.status == run.record.status
