from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import Unknown
from pyapp.protocols.agui.interrupts import resume_entry
from pyapp.protocols.agui.rules import RULES
from pyapp.protocols.agui.translator import UNANSWERABLE, UNFORESEEN, AguiTranslator
from pyapp.protocols.protocol import decoded

from . import support
from .support import FINISHED, STARTED, Json, Run, args, begin, call, called, end, result, say, step, subagent


def test_a_run_is_a_node_that_begins_and_ends() -> None:
    run = Run(begun=False, given="What is new?", flow_id="news", node_id="desk", name="Desk")
    run.tell(STARTED, begin("m"), say("m", "Nothing."), end("m"), {**FINISHED, "timestamp": 1_500})
    assert run.names == ["run_start", "start_node", "RunContent", "RunContent", "end_node", "run_end"]
    start, node, said, _, ended, over = run.ours
    assert (start["run_id"], start["flow_id"], start["session_id"], start["entity_kind"]) == ("r", "news", "t", "agent")
    assert (node["node_id"], node["node_name"], node["order"], node["input"]) == ("desk", "Desk", 0, "What is new?")
    assert (said["content"], said["source_run_id"], said["agent_id"], said["node_id"]) == (
        "Nothing.",
        "m",
        "desk",
        "desk",
    )
    assert (ended["status"], ended["content"], over["content"], over["ts"]) == ("success", "Nothing.", "Nothing.", 1.5)
    assert run.record.status == "success" and not run.aside


@pytest.mark.parametrize(
    ("over", "status", "said"),
    [
        ({**FINISHED, "result": {"n": 1}}, "success", {"n": 1}),
        ({**FINISHED, "outcome": {"type": "success"}}, "success", None),
        ({**FINISHED, "outcome": {"type": "cancelled"}}, "killed", None),
        ({**FINISHED, "outcome": "strange"}, "success", None),
        ({"type": "RUN_ERROR", "message": "No more.", "code": "quota"}, "error", "quota: No more."),
        ({"type": "RUN_ERROR"}, "error", "The run failed."),
    ],
)
def test_how_a_run_ends(over: Json, status: str, said: Any) -> None:
    run = Run(over)
    assert run.names == ["end_node", "run_end"]
    for each in run.ours:
        assert (each["status"], each.get("error" if status == "error" else "content")) == (status, said)
    assert run.record.over and run.tell(say("m", "late")) == [] and run.asides == ["TEXT_MESSAGE_CONTENT after the end"]


def test_what_a_run_was_given_is_learnt_from_its_echo() -> None:
    messages = [{"role": "user", "content": "one"}, {"role": "assistant"}, {"role": "user", "content": "two"}, 7]
    run = Run({**STARTED, "input": {"messages": messages}, "parentRunId": "p"}, begun=False)
    assert run.ours[1]["input"] == "two" and run.ours[0]["parent_run_id"] == "p"
    assert Run({**STARTED, "input": {"messages": 7}}, begun=False).ours[1].get("input") is None


def test_state_is_shown_at_the_end_and_sent_on() -> None:
    delta = {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/b", "value": 2}]}
    run = Run({"type": "STATE_SNAPSHOT", "snapshot": {"a": 1}}, delta, FINISHED)
    assert run.ours[0]["variables"] == run.translator.conversation.state == {"a": 1, "b": 2}
    assert Run({"type": "STATE_SNAPSHOT", "snapshot": [1]}, FINISHED).ours[0]["variables"] == {"state": [1]}


def test_a_change_of_the_state_fits_the_one_that_was_posted() -> None:
    """An agent that was given no state was given an empty one; while it is empty there is nothing to tell of it."""
    run = Run({"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/count", "value": 1}]}, FINISHED)
    assert run.ours[0]["variables"] == {"count": 1}
    assert "variables" not in Run(FINISHED).ours[0]


def test_a_patch_that_does_not_fit_is_said_and_changes_nothing() -> None:
    delta = {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/b", "value": 2}, {"op": "remove", "path": "/c"}]}
    run = Run({"type": "STATE_SNAPSHOT", "snapshot": {"a": 1}}, delta, {"type": "STATE_DELTA", "delta": 7})
    assert run.translator.conversation.state == {"a": 1}
    assert [(each["aside"], each["reason"]) for each in run.aside] == [
        ("STATE_DELTA", "Change 1 (remove '/c'): 'c'."), ("STATE_DELTA", "its `delta` is no list of changes."),
    ]  # fmt: skip


def test_usage_is_the_sum_of_all_legs() -> None:
    usage = [{"model": "m", "inputTokens": 3, "outputTokens": 1}, {"model": "n", "inputTokens": 4}]
    wants = {"type": "interrupt", "interrupts": [{"id": "i", "reason": "ask"}]}
    run = Run({**FINISHED, "usage": usage, "outcome": wants}, {**STARTED, "runId": "r2"}, {**FINISHED, "usage": usage})
    assert run.ours[-2]["usage"] == {"input_tokens": 14, "output_tokens": 2, "model": "m"}


# -- pauses -----------------------------------------------------------------------------------------------
def status(run: Run) -> str:
    return run.record.status


def test_an_interrupt_pauses_the_run_and_the_next_one_goes_on_with_it() -> None:
    """Its id is another one; here it is the same run, as for a person it is."""
    asked = {
        "id": "i",
        "reason": "tool_call",
        "message": "Send?",
        "toolCallId": "c",
        "expiresAt": "2030-01-01T00:00:00Z",
    }
    run = Run(call("c", "send"), args("c", '{"to": "Ada"}'), called("c"))
    (paused,) = run.tell({**FINISHED, "outcome": {"type": "interrupt", "interrupts": [asked]}})
    (need,) = paused["requirements"]
    assert (paused["event"], paused["node_id"]) == ("AgentPaused", "agent")
    assert (need["id"], need["prompt"], need["tool_name"], need["tool_args"]) == ("i", "Send?", "send", {"to": "Ada"})
    assert need["expires_at"] == "2030-01-01T00:00:00Z" and need["raw"] == asked
    assert status(run) == "paused" and run.translator.paused
    run.tell({**STARTED, "runId": "r2"}, call("c", "send"), result("c", "sent"), FINISHED)
    assert run.names[-5:] == ["resume_start", "start_tool", "end_tool", "end_node", "run_end"]
    assert {each["run_id"] for each in run.ours} == {"r"} and status(run) == "success"


@pytest.mark.parametrize("named", [[], None, "i", [{"reason": "no id"}], [{"id": ""}, {"id": 7}, 7]])
def test_an_interrupt_that_nobody_can_answer_is_no_success(named: Any) -> None:
    run = Run({**FINISHED, "result": "done", "outcome": {"type": "interrupt", "interrupts": named}})
    assert run.names == ["end_node", "run_end"] and status(run) == "error"
    assert {(each["status"], each.get("error")) for each in run.ours[-2:]} == {("error", UNANSWERABLE)}
    assert run.asides == ["RUN_FINISHED (interrupt)"] * (len(named) if isinstance(named, list) else 0)
    run.tell({**STARTED, "runId": "r2"})
    assert run.names[-2:] == ["run_start", "start_node"], "whoever runs it again begins anew"


def test_an_interrupt_that_names_nothing_waits_for_the_calls_without_a_result() -> None:
    run = Run(call("c", "send"), called("c"))
    (paused,) = run.tell({**FINISHED, "outcome": {"type": "interrupt", "interrupts": []}})
    assert [each["id"] for each in paused["requirements"]] == ["c"] and status(run) == "paused"


def test_interrupts_in_several_nodes_are_one_pause() -> None:
    """A subagent that is suspended goes on where it was."""
    listed = [{"id": "i", "reason": "a", "subagentRunId": "s"}, {"id": "j", "reason": "b"}, {"reason": "no id"}, 7]
    run = Run(
        subagent("s", "Ada"),
        {"type": "SUBAGENT_FINISHED", "subagentRunId": "s", "outcome": {"type": "suspended", "interruptIds": ["i"]}},
    )
    (paused,) = run.tell({**FINISHED, "outcome": {"type": "interrupt", "interrupts": listed}})
    assert [each["id"] for each in paused["requirements"]] == ["i", "j"] and "node_id" not in paused
    assert [(each["aside"], each["reason"]) for each in run.aside[-2:]] == [
        ("RUN_FINISHED (interrupt)", "interrupt 3 cannot be answered: it has no `id` that is text."),
        ("RUN_FINISHED (interrupt)", "interrupt 4 cannot be answered: it has no `id` that is text."),
    ]
    run.tell({**STARTED, "runId": "r2"}, subagent("s", "Ada"), {"type": "SUBAGENT_FINISHED", "subagentRunId": "s"})
    assert [each["event"] for each in run.latest] == ["resume_start", "end_node"]


def test_a_call_without_a_result_is_waited_for() -> None:
    run = Run(call("c", "locate"), args("c", "{}"), called("c"), FINISHED)
    assert run.names[-1] == "AgentPaused"
    (need,) = run.ours[-1]["requirements"]
    assert (need["id"], need["kind"], need["tool_name"]) == ("c", "external_execution", "locate")
    assert run.record.status == "paused"


def test_a_call_that_the_agent_went_on_without_is_not_waited_for() -> None:
    run = Run(call("c"), called("c"), begin("m"), say("m", "Anyway."), FINISHED)
    assert run.names[-3:] == ["end_tool", "end_node", "run_end"] and run.record.tools["=c"].status == "success"


def test_the_calls_that_a_server_names_are_waited_for() -> None:
    """Whatever was said since; what it names and nobody knows is not."""
    named = {"type": "success", "pendingToolCallIds": ["c", "ghost", 7]}
    run = Run(call("c"), called("c"), call("d"), called("d"), say("m", "Anyway."), {**FINISHED, "outcome": named})
    assert [each["id"] for each in run.ours[-1]["requirements"]] == ["c"]


def test_another_run_in_the_same_stream_begins_anew() -> None:
    run = Run(step("a"), say("m", "one"), FINISHED, {**STARTED, "runId": "r2"}, step("a"), say("m", "two"))
    assert [(each["run_id"], each["event"]) for each in run.ours[-4:]] == [
        ("r2", "run_start"), ("r2", "start_node"), ("r2", "start_node"), ("r2", "RunContent"),
    ]  # fmt: skip


def test_the_same_start_twice_is_one() -> None:
    assert Run(STARTED).asides == ["RUN_STARTED again"]


# -- what comes beside ------------------------------------------------------------------------------------
def test_what_agno_tells_beside_the_stream() -> None:
    """The agent's name, once; what its model spent; the rest is named."""

    def raw(name: str, **fields: Any) -> Json:
        return {"type": "RAW", "source": "agno", "event": {"event": name, **fields}}

    run = Run(raw("RunStarted", agent_name="Desk"), raw("RunStarted", agent_name="Member", parent_run_id="r"))
    assert [(each["event"], each["node_name"]) for each in run.ours] == [("start_node", "Desk")]
    run.tell(raw("ModelRequestCompleted", input_tokens=4, output_tokens=2, model="m"), raw("MemoryUpdated"), raw(""))
    assert run.asides == ["RAW agno RunStarted", "RAW agno MemoryUpdated", "RAW agno ?"]
    (need,) = run.tell(call("c"), called("c"), FINISHED)[-1]["requirements"]
    assert (need["kind"], need["input_schema"][0]["name"]) == ("user_input", "accepted"), (
        "Agno does not tell which it is"
    )
    run.tell({**STARTED, "runId": "r2"}, result("c", "ok"), FINISHED)
    assert run.ours[-2]["usage"] == {"input_tokens": 4, "output_tokens": 2, "model": "m"}


def test_what_agno_says_twice_is_shown_once() -> None:
    """Before a person is waited for, it says all of its text once more; behind a call the same words are new ones."""
    agno = {"type": "RAW", "source": "agno", "event": {"event": "RunStarted"}}
    twice = [begin("m"), say("m", "I "), say("m", "ask."), end("m"), begin("n"), say("n", "I ask."), end("n")]
    run = Run(agno, *twice)
    assert run.bubbles == [("text", "I ask.")] and "TEXT_MESSAGE_CONTENT (said just before)" in run.asides
    run.tell(call("c"), begin("o"), say("o", "I ask."))
    assert [text for kind, text in run.bubbles if kind == "text"] == ["I ask.", "I ask."]
    assert Run(*twice).bubbles == [("text", "I ask."), ("text", "I ask.")]


def test_custom_events_are_named_but_for_reports() -> None:
    run = Run(step("a"), {"type": "CUSTOM", "name": "report", "value": {"html": "<p>"}})
    run.tell({"type": "CUSTOM", "name": "progress", "value": 7}, {"type": "CUSTOM"}, {"type": "RAW", "event": 7})
    assert (run.ours[1]["event"], run.ours[1]["html"], run.ours[1]["node_id"]) == ("ChatHTML", "<p>", "a")
    assert run.asides == ["CUSTOM progress", "CUSTOM ?", "RAW ?"]


def test_only_what_no_table_has_is_called_unknown() -> None:
    items = [decoded(each) for each in Run(say("m", ""), {"type": "NEW_THING"}).aside]
    assert [each.reason for each in items if isinstance(each, Unknown)] == [
        "“TEXT_MESSAGE_CONTENT (an empty piece)” came; the page shows nothing of it.",
        "“NEW_THING” is not known to this page; it is skipped.",
    ]


def test_what_is_no_event_of_ag_ui_is_named() -> None:
    run = Run({"type": "NEW_THING", "x": 1}, {"type": 7}, {})
    run.tell(7, None)
    assert run.asides == ["NEW_THING", "AG-UI", "AG-UI", "AG-UI", "AG-UI"]
    assert (
        run.aside[0]["raw"] == {"type": "NEW_THING", "x": 1} and not run.aside[0]["reason"] and run.aside[1]["reason"]
    )


# -- whatever comes ---------------------------------------------------------------------------------------
KEYS = [
    *("messageId", "toolCallId", "toolCallName", "stepName", "subagentRunId", "parentSubagentRunId", "delta", "name"),
    *("role", "content", "messages", "snapshot", "patch", "outcome", "usage", "runId", "threadId", "event", "source"),
    *("value", "timestamp", "entityId", "subtype", "encryptedValue", "activityType", "replace", "input", "result"),
]
INNER = [*KEYS, "type", "id", "op", "path", "interrupts", "toolCalls", "function", "responseSchema", "properties"]
WORDS = st.sampled_from(["a", "b", "", "assistant", "user", "tool", "agno", "interrupt", "{", '{"a": "\\ud83d"}'])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=4),
    max_leaves=10,
)
EVENTS = st.builds(
    lambda kind, fields: {**fields, "type": kind},
    st.sampled_from([*RULES]),
    st.dictionaries(st.sampled_from(KEYS), WORDS | VALUES, max_size=6),
)


@given(st.lists(EVENTS, max_size=20))
def test_it_never_raises_and_no_event_vanishes(events: list[Json]) -> None:
    """Each becomes events of the contract (folded: they are), is named, or is of those that change what comes later."""
    run = Run(begun=False)
    for event in events:
        before = len(run.ours) + len(run.aside)
        run.tell(event)
        assert len(run.ours) + len(run.aside) > before or RULES[event["type"]].later
    assert all(isinstance(each["aside"], str) and isinstance(each["raw"], dict) for each in run.aside)
    assert [each for each in run.aside if each["reason"].startswith(UNFORESEEN)] == []
    run.translator.conversation.messages()


@given(st.data())
def test_a_stream_that_is_torn_never_leaves_the_page_without_its_end(data: st.DataObject) -> None:
    """Pieces lost, told twice or out of place: what came is shown, and the end of the run ends it."""
    whole = [
        begin("m"), say("m", "Hello "), say("m", "you."), end("m"), step("a"), call("c"), args("c", '{"q": '),
        args("c", '"x"}'), called("c"), result("c", "found"), support.step_over("a"), subagent("s", "Ada"),
        begin("n", subagentRunId="s"), say("n", "Yes."), end("n"), {"type": "SUBAGENT_FINISHED", "subagentRunId": "s"},
    ]  # fmt: skip
    torn = data.draw(st.lists(st.sampled_from(whole), max_size=30))
    run = Run(*torn, {"type": "RUN_ERROR", "message": "over"})
    assert run.record.over and all(not each.busy for each in run.record.messages.values())
    assert all(not each.executing for each in run.record.nodes.values())


def test_a_translator_of_its_own_for_each_run() -> None:
    """Two at once share nothing."""
    one, other = Run(step("a"), say("m", "one")), Run(step("b"), say("m", "two"))
    assert [each["content"] for each in (one.ours[-1], other.ours[-1])] == ["one", "two"]
    assert isinstance(one.translator, AguiTranslator) and one.record.nodes.keys() == {"agent", "a"}


def test_two_interrupts_of_one_id_are_two_questions_and_one_that_is_told_twice_is_one() -> None:
    """Each is answered by the id that its server gave it, in the order in which they were asked."""
    first, second = {"id": "i", "reason": "pay?"}, {"id": "i", "reason": "send?"}
    listed = [first, second, first, {"id": "i (2)", "reason": "else?"}]
    run = Run({**FINISHED, "outcome": {"type": "interrupt", "interrupts": listed}})
    asked = run.ours[-1]["requirements"]
    assert [(each["id"], each["prompt"]) for each in asked] == [
        ("i", "pay?"),
        ("i (2)", "send?"),
        ("i (2) (2)", "else?"),
    ]
    answers = [resume_entry(each, {"values": {"feedback": each["prompt"]}}) for each in asked]
    assert [(each["interruptId"], each["payload"]) for each in answers] == [
        ("i", "pay?"), ("i", "send?"), ("i (2)", "else?"),
    ]  # fmt: skip


def test_an_interrupt_that_is_called_as_its_call_is_asked_for_once() -> None:
    interrupt = {"type": "interrupt", "interrupts": [{"id": "gated", "reason": "confirmation"}]}
    run = Run(call("gated"), called("gated"), {**FINISHED, "outcome": interrupt})
    assert [(each["id"], each["kind"]) for each in run.ours[-1]["requirements"]] == [("gated", "confirmation")]


def test_calls_beside_an_interrupt_are_asked_for_too() -> None:
    """All of it is answered before the run goes on; a call that the interrupt is about is not asked for twice."""
    interrupt = {"type": "interrupt", "interrupts": [{"id": "i", "reason": "pay?", "toolCallId": "gated"}]}
    run = Run(call("gated"), called("gated"), call("own"), called("own"), {**FINISHED, "outcome": interrupt})
    asked = run.ours[-1]["requirements"]
    assert [(each["id"], each["kind"]) for each in asked] == [("i", "user_feedback"), ("own", "external_execution")]
