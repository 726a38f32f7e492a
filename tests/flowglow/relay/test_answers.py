"""What an answer must have, and that each is given once."""

from __future__ import annotations

from typing import Any

import pytest

from flowglow.errors import Refused
from flowglow.relay.answers import NEEDED, complaint, take_answers
from flowglow.relay.log.memory import MemoryLog
from tests.flowglow.relay.support import said

GOOD: dict[str, dict[str, Any]] = {
    "confirmation": {"confirmed": False},
    "user_input": {"values": {"name": "x"}},
    "user_feedback": {"values": {}},
    "external_execution": {"result": None},
    "route_selection": {"choices": ["a"]},
    "output_review": {"confirmed": True, "result": "edited"},
}


@pytest.mark.parametrize("kind", sorted(NEEDED))
def test_each_kind_needs_its_field(kind: str) -> None:
    """A fitting answer is taken; one without the field is refused in a sentence that names it."""
    requirement = {"id": "q", "kind": kind}
    assert complaint(requirement, {"id": "q", **GOOD[kind]}) is None
    words = complaint(requirement, {"id": "q"})
    assert words is not None and f"`{NEEDED[kind][0]}`" in words and "'q'" in words


def test_wrong_types_are_refused() -> None:
    """A text is not yes, and an array no object."""
    assert complaint({"id": "q", "kind": "confirmation"}, {"id": "q", "confirmed": "true"})
    assert complaint({"id": "q", "kind": "user_input"}, {"id": "q", "values": []})


async def test_the_same_answer_twice_is_one_and_another_is_refused() -> None:
    """Also once the run has gone on; and what it never asked is told from that."""
    log = MemoryLog()
    asked = {"id": "q", "kind": "confirmation"}
    await log.append("r", [said("AgentPaused", "ask1", requirements=[asked])])
    yes, no = {"id": "q", "confirmed": True}, {"confirmed": False, "id": "q"}
    await take_answers(log, await log.run("r"), [yes])
    await take_answers(log, await log.run("r"), [dict(reversed(yes.items()))])
    with pytest.raises(Refused, match="answered already, and differently"):
        await take_answers(log, await log.run("r"), [no])
    await log.append("r", [said("resume_start", resolved=["q"])])
    await take_answers(log, await log.run("r"), [yes])
    with pytest.raises(Refused, match="does not wait for 'q'"):
        await take_answers(log, await log.run("r"), [no])
    with pytest.raises(Refused, match="does not wait for 'other'") as not_waiting:
        await take_answers(log, await log.run("r"), [{"id": "other"}])
    assert not_waiting.value.status == 409
    assert len((await log.read("r", stream="orders")).entries) == 1


async def test_what_is_asked_again_can_be_answered_again() -> None:
    log = MemoryLog()
    asked = {"id": "q", "kind": "confirmation"}
    for number, confirmed in enumerate((True, False)):
        await log.append("r", [said("AgentPaused", f"ask{number}", requirements=[asked])])
        await take_answers(log, await log.run("r"), [{"id": "q", "confirmed": confirmed}])
        await log.append("r", [said("resume_start", f"go{number}", resolved=["q"])])
    assert len((await log.read("r", stream="orders")).entries) == 2


async def test_one_bad_answer_takes_none() -> None:
    log = MemoryLog()
    asked = [{"id": "q", "kind": "confirmation"}, {"id": "p", "kind": "confirmation"}]
    await log.append("r", [said("AgentPaused", requirements=asked)])
    with pytest.raises(Refused, match="`confirmed`") as bad:
        await take_answers(log, await log.run("r"), [{"id": "q", "confirmed": True}, {"id": "p"}])
    assert bad.value.status == 422
    assert (await log.read("r", stream="orders")).entries == []


async def test_yes_and_no_to_one_card_in_one_call_take_none() -> None:
    """Which of them was meant is nobody's guess; the same twice is one answer."""
    log = MemoryLog()
    asked = [{"id": "p", "kind": "confirmation"}, {"id": "q", "kind": "confirmation"}]
    await log.append("r", [said("AgentPaused", requirements=asked)])
    other, yes, no = {"id": "p", "confirmed": True}, {"id": "q", "confirmed": True}, {"id": "q", "confirmed": False}
    with pytest.raises(Refused, match="'q' is answered twice in this call, and differently") as refused:
        await take_answers(log, await log.run("r"), [other, yes, no])
    assert refused.value.status == 409
    assert (await log.read("r", stream="orders")).entries == []
    await take_answers(log, await log.run("r"), [other, yes, dict(reversed(yes.items()))])
    assert len((await log.read("r", stream="orders")).entries) == 2
