"""pyapp.protocols.agui.chunks: what a piece that names nothing goes on with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyapp.protocols.agui.chunks import Chunks, Place
from pyapp.protocols.agui.fields import Unreadable

from .support import FINISHED, Json, Run, call, called, subagent, subagent_over

A, B = {"subagentRunId": "A"}, {"subagentRunId": "B"}
PAUSED: Json = {**FINISHED, "outcome": {"type": "interrupt", "interrupts": [{"id": "i", "toolCallId": "c"}]}}


def piece(kind: str = "TOOL_CALL", **fields: Any) -> Json:
    return {"type": f"{kind}_CHUNK", **fields}


def begun(call_id: str, delta: str, **fields: Any) -> Json:
    return piece(toolCallId=call_id, toolCallName="look", delta=delta, **fields)


def sent_back(run: Run) -> list[Any]:
    """The arguments of every call, as the next leg is told them."""
    calls = [call for each in run.translator.conversation.messages() for call in each.get("toolCalls", ())]
    return [json.loads(each["function"]["arguments"]) for each in calls]


@pytest.mark.parametrize("last", [FINISHED, PAUSED, {"type": "RUN_ERROR", "message": "x"}])
def test_the_end_of_a_run_ends_what_is_open(last: Json) -> None:
    """What a call was called with is sent back when the run goes on."""
    run = Run(begun("c", '{"place":'), piece(delta='"here"}'), last)
    assert sent_back(run) == [{"place": "here"}]


def test_parallel_subagents_do_not_mix() -> None:
    run = Run(
        subagent("A", "Ann"), subagent("B", "Bob"), begun("a", '{"q":', **A), begun("b", '{"z":', **B),
        piece(delta='"ann"}', **A), piece(delta='"bob"}', **B),
    )  # fmt: skip
    assert [each.args for each in run.record.tools.values()] == [{"q": "ann"}, {"z": "bob"}]
    run.tell(piece(delta="?"))
    assert run.aside[-1]["reason"] == "it does not say what it goes on with, and several are open."
    run.tell(subagent_over("A"), subagent_over("B"))
    assert sent_back(run) == [{"q": "ann"}, {"z": "bob"}]


@pytest.mark.parametrize("last", [FINISHED, PAUSED])
def test_calls_that_take_turns_stay_whole(last: Json) -> None:
    """What is shown is what is sent; and it is said that a call went on behind its end."""
    run = Run(begun("c", '{"a":'), begun("d", '{"b":'), begun("c", '"AA"}'), begun("d", '"' + "B" * 300), last)
    assert [each.args for each in run.record.tools.values()] == [{"a": "AA"}, {"b": "B" * 300}]
    sent = [
        call["function"]["arguments"] for each in run.translator.conversation.messages() for call in each["toolCalls"]
    ]
    assert sent == ['{"a":"AA"}', '{"b":"' + "B" * 300]
    assert run.asides == ["TOOL_CALL_CHUNK (of a call whose arguments were complete)"] * 2


def test_arguments_behind_their_end_are_sent_too() -> None:
    late = {"type": "TOOL_CALL_ARGS", "toolCallId": "c"}
    run = Run(
        call("c"), {**late, "delta": '{"a": "'}, called("c"), {**late, "delta": "A" * 300}, {**late, "delta": "BC"}
    )
    run.tell({**late, "delta": '"}'}, FINISHED)
    assert [each.args for each in run.record.tools.values()] == sent_back(run) == [{"a": "A" * 300 + "BC"}]
    assert run.asides == ["TOOL_CALL_ARGS (of a call whose arguments were complete)"] * 3


def test_what_names_nothing_goes_on_with_the_only_one() -> None:
    run = Run(subagent("A", "Ann"), piece("TEXT_MESSAGE", messageId="m", delta="Hello ", **A))
    run.tell(piece("TEXT_MESSAGE", delta="world"))
    assert run.bubbles == [("text", "Hello world")]


def test_the_agents_own_goes_before_a_subagents() -> None:
    chunks = Chunks()
    assert chunks.of("x", None, None) == Place("")
    assert chunks.of("x", "A", "a") == Place("a", opened=True) and chunks.of("x", "A", "a") == Place("a")
    assert chunks.of("x", None, None) == Place("a") and chunks.of("x", "B", None) == Place("")
    assert chunks.of("x", None, "own") == Place("own", opened=True)
    assert chunks.of("x", None, None) == Place("own") and chunks.of("y", None, None) == Place("")
    assert chunks.of("x", "B", "b") == Place("b", opened=True)
    assert chunks.of("x", "B", "c") == Place("c", "b", opened=True)
    assert chunks.close("B") == [("x", "c")] and chunks.close() == [("x", "a"), ("x", "own")]
    chunks.of("x", "A", "a"), chunks.of("x", "B", "b")
    with pytest.raises(Unreadable, match="several"):
        chunks.of("x", None, None)
