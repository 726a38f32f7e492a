"""pyapp.protocols.protocol: items that are no events of the contract do not vanish."""

from __future__ import annotations

import pytest

from pyapp.contract.decode import Malformed, Unknown
from pyapp.contract.events import BaseEvent
from pyapp.protocols.protocol import Reply, Request, aside, decoded, kept, refusal, taken, told_apart


def test_an_event_of_the_contract_is_read_as_one() -> None:
    assert isinstance(decoded({"event": "run_start", "run_id": "r", "seq": 0}), BaseEvent)


def test_what_the_page_has_no_use_for_is_unknown_by_its_name() -> None:
    """Also where the contract has an event of that name that means something else."""
    item = decoded(aside("RunContent", event={"event": "RunContent", "content": "x"}))
    assert isinstance(item, Unknown)
    assert (item.name, item.raw["content"]) == ("RunContent", "x")


def test_what_could_not_be_read_is_malformed_with_the_reason() -> None:
    item = decoded(aside("StepStarted", "it has no name.", {"a": 1}))
    assert item == Malformed("StepStarted: it has no name.", "{'a': 1}")


def test_what_was_taken_of_an_event_is_what_any_of_its_parts_took() -> None:
    """Nothing of it, where none of them did: that is another thing than what becomes nothing by itself."""
    assert taken() is taken(None, kept(False)) is None
    assert taken(None, kept(True)) == []
    assert taken([{"event": "a"}], None, [], [{"event": "b"}]) == [{"event": "a"}, {"event": "b"}]


def test_each_question_has_an_id_of_its_own_however_many_share_one() -> None:
    """Also where a number is a name already. As many as a frame can hold cost no more than they are."""
    told = [("a (2)", 0), ("a", 1), ("a", 2), ("a", 1), ("a", 3)]
    named = [(each["id"], each["raw"]) for each in told_apart({"id": id, "raw": raw} for id, raw in told)]
    assert named == [("a (2)", 0), ("a", 1), ("a (3)", 2), ("a (4)", 3)]
    assert len({each["id"] for each in told_apart({"id": "a", "raw": raw} for raw in range(20_000))}) == 20_000


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"detail": [{"loc": ["body", "resume", 0], "msg": "Field required", "type": "missing"}]}',
         "body.resume.0: Field required"),
        ('{"detail": [7, {"loc": "x", "msg": 1}, {"loc": ["a"], "msg": "b"}, {"loc": [0], "msg": "d"}]}', "a: b; 0: d"),
        ('{"detail": [], "message": "No."}', "No."), ('{"detail": "Not now."}', "Not now."),
        ('{"error": {"message": "Full."}}', "Full."), ("<html>", "POST /x gave status 422."),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_the_backends_words(body: str, words: str) -> None:
    """As FastAPI says them too: which fields of what was sent are wrong, and why."""
    assert str(refusal(Request("POST", "/x"), Reply(422, body))) == words
