from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.events import InteractionEvent
from pyapp.run.record import Message, SignIn
from pyapp.stores.cards import Card, sign_in_key
from pyapp.stores.rows import MockNode, Notice
from pyapp.stores.store import Batch
from pyapp.stores.tables import MAX_NOTICES, ChatStore, InteractionsStore, MockStore, NoticesStore, RunTable


def batch() -> Batch:
    def on_error(source: str, error: BaseException) -> None:
        raise error

    return Batch(on_error)


def mock(run_id: str, node: str, order: int) -> MockNode:
    return MockNode(f"{node}-{order}", node, node, run_id, order, "executing", True)


STEPS = st.lists(st.tuples(st.sampled_from("rs"), st.sampled_from("ab"), st.integers(0, 3), st.booleans()), max_size=30)


@given(STEPS)
def test_mock_nodes_are_found_by_run_and_node(steps: list[tuple[str, str, int, bool]]) -> None:
    """The indexes follow every set and delete, and are right when it is told."""
    store, known = MockStore(batch()), dict[tuple[str, str], MockNode]()

    def look(_: object) -> None:
        for run_id in "rs":
            mine = {key[1]: each for key, each in known.items() if key[0] == run_id}
            assert dict(store.of_run(run_id)) == mine
            for node in "ab":
                of_node = {name: each for name, each in mine.items() if each.node_id == node}
                assert dict(store.of_node(run_id, node)) == of_node
                latest = max(of_node.values(), key=lambda each: each.order, default=None)
                assert store.latest(run_id, node) == latest

    store.listen(look)
    for run_id, node, order, there in steps:
        made = mock(run_id, node, order)
        if there:
            known[(run_id, made.id)] = made
            store.set((run_id, made.id), made)
        else:
            known.pop((run_id, made.id), None)
            store.delete((run_id, made.id))
    look(None)
    assert store.of_run(None) == {} == store.of_node(None, "a") and store.latest(None, "a") is None


STATES = st.lists(st.tuples(st.sampled_from("abg"), st.integers(0, 3), st.sampled_from(["executing", "error", None])))


@given(STATES)
def test_nodes_are_tallied_as_if_they_were_counted_anew(steps: list[tuple[str, int, str | None]]) -> None:
    """Each once, by the status of its latest execution, however often it ran; some are left out where asked for."""
    store = MockStore(batch())
    for node, order, status in steps:
        key = "r", f"{node}-{order}"
        if status is None:
            store.delete(key)
        else:
            store.set(key, MockNode(key[1], node, node, "r", order, status, True))  # type: ignore[arg-type]
        for but in ("", "g"):
            latest = {mock.node_id: store.latest("r", mock.node_id) for mock in store.of_run("r").values()}
            counted = [mock.status for mock in latest.values() if mock is not None and mock.node_id not in but]
            assert store.tally("r", but) == Counter(counted)
    store.delete_run("r")
    assert store.tally("r") == {}


def test_a_run_is_forgotten_whole() -> None:
    """Its rows, and nothing of another run."""
    table = RunTable[int](batch())
    for run_id in "rs":
        table.set((run_id, "x"), 1)
        table.set((run_id, "y"), 2)
    table.delete_run("r")
    table.delete_run("nobody")
    assert (table.of_run("r"), list(table.of_run("s")), len(table)) == ({}, ["x", "y"], 2)


def test_a_message_that_grew_is_told() -> None:
    """Though it is the same object as before."""
    store = ChatStore(batch())
    told: list[object] = []
    store.listen(told.append)
    message = Message("k", "m", "r", "s", "text")
    store.show(message)
    message.chunks.append("x")
    store.show(message)
    assert told == [{("r", "k"): None}] * 2
    anew = Message("k", "m", "r", "s", "text", chunks=["x"])
    store.show(anew)
    assert len(told) == 3 and store.of_run("r")["k"] is store.get(("r", "k")) is anew, "though it is equal"


def test_a_sign_in_is_folded_while_it_can_be_done_and_goes_when_it_is_over() -> None:
    """Only a sign-in can be put away."""
    store = InteractionsStore(batch())
    given_fields = {"interaction": "oauth", "interaction_id": "s", "auth_url": "https://x.example"}
    event = InteractionEvent.model_validate({"event": "interaction_event", "run_id": "r", **given_fields})
    key, other = sign_in_key("r", "s"), ("r", "requirement/q")
    store.set(key, Card("r", sign_in=SignIn(event)))
    store.set(other, Card("r"))
    for each in (key, other):
        store.dismiss(each)
    folded = store.get(key)
    assert folded is not None and folded.away and store.get(other) == Card("r") and store.dismissed == {}
    store.set(key, Card("r", sign_in=SignIn(event, "completed")))
    store.dismiss(key)
    assert list(store.of_run("r")) == [other[1]] and key in store.dismissed
    store.delete_run("r")
    assert len(store) == 0 and store.dismissed == {}


def test_a_notice_that_was_put_away_comes_back_with_other_words_or_after_it_was_taken_away() -> None:
    store = NoticesStore(batch())
    store.say("a", "one")
    store.dismiss("a")
    store.dismiss("never said")
    store.say("a", "one")
    assert store.get("a") is None
    store.say("a", "one", news=True)
    store.dismiss("a")
    store.alert("a", "two")
    store.dismiss("a")
    store.say("a", "one")
    store.dismiss("a")
    store.delete("a")
    store.say("a", "one")
    assert store.get("a") == Notice("a", "status", "one")


def test_notices_count_and_are_bounded() -> None:
    """The same key counts; the oldest leaves when there are too many."""
    store = NoticesStore(batch())
    store.say("a", "one")
    store.alert("a", "two")
    notice = store.get("a")
    assert notice is not None and (notice.role, notice.text, notice.count) == ("alert", "two", 2)
    for number in range(MAX_NOTICES):
        store.say(str(number), "x")
    assert len(store) == MAX_NOTICES and "a" not in store
