from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyapp.contract.decode import Unknown, decode_item
from pyapp.contract.events import BaseEvent
from pyapp.protocols.agno import AgnoTranslator
from pyapp.protocols.agno.steps import GROUPS
from pyapp.protocols.agno.table import EVENTS
from pyapp.protocols.protocol import decoded
from pyapp.run.fold import fold
from pyapp.run.record import RunRecord
from tests.run.support import Tree

from .support import Json, agent, aside, folded, names, needs_recordings, recorded, step, texts, tool, translated


@needs_recordings
@pytest.mark.parametrize("name", ["agno_workflow", "agno_agent", "agno_team"])
def test_the_text_of_each_source_is_exactly_what_it_sent(name: str) -> None:
    """Our own recordings of real runs, over pauses and side by side."""
    raw = recorded(name)
    ours = translated(*raw)
    assert texts(ours, "source_run_id") == texts(raw, "run_id")
    run = folded(ours)
    assert run.status == "success"
    assert not any(node.executing or node.waiting for node in run.nodes.values())
    assert not any(call.open for call in run.tools.values())


@needs_recordings
def test_a_recorded_agent_pauses_and_goes_on() -> None:
    """A thought as a step, a tool that fails, leave to publish, a form; what was answered is not asked again."""
    ours = translated(*recorded("agno_agent"))
    pauses = [event["requirements"] for event in ours if event["event"] == "AgentPaused"]
    assert [[need["kind"] for need in needs] for needs in pauses] == [["confirmation"], ["user_input"]]
    ((confirmation,), (form,)) = pauses
    assert (confirmation["tool_name"], form["tool_name"]) == ("publish", "sign")
    assert [field["name"] for field in form["input_schema"]] == ["text", "author"]
    assert names(ours).count("resume_start") == 2
    (thought,) = [event for event in ours if event["event"] == "ReasoningContent"]
    assert (thought["step"]["title"], thought["content"]) == ("How to go about it", "")
    run = folded(ours)
    assert {call.name: call.status for call in run.tools.values()} == {
        "think": "success", "survey": "success", "look_up": "error", "publish": "success", "sign": "success",
    }  # fmt: skip
    assert not any(wanted.open for wanted in run.wanted.values())


@needs_recordings
def test_a_recorded_team_speaks_at_the_same_time() -> None:
    """Members are nodes in the team; each is a source of its own, and they take turns."""
    ours = translated(*recorded("agno_team"))
    run = folded(ours)
    assert {node.node_id: node.parent_id for node in run.nodes.values()} == {
        "team": None, "documents": "team", "sources": "team",
    }  # fmt: skip
    order = [event["source_run_id"] for event in ours if event["event"] == "RunContent"]
    assert len(set(order)) == 2
    assert sum(one != other for one, other in itertools.pairwise(order)) > 3


@needs_recordings
def test_a_recorded_event_of_ones_own_is_a_report() -> None:
    """Agno's CustomEvent with HTML, in the node whose tool told it."""
    ours = translated(*recorded("agno_custom"))
    (report,) = [event for event in ours if event["event"] == "ChatHTML"]
    assert report["html"].startswith("<pre>docs: ") and report["node_id"] == "clerk"
    assert folded(ours).status == "success"


@needs_recordings
def test_a_recorded_step_that_fails_leaves_nothing_executing() -> None:
    """Agno skips the step and completes the workflow, without an end of its own for the step."""
    run = folded(translated(*recorded("agno_failing")))
    assert run.status == "success"
    shown = {node.node_id: node.outcome for node in run.nodes.values()}
    assert shown == {"survey": "success", "fail": "error"}


def test_questions_with_options_become_fields() -> None:
    """One of several is a choice; more than one is a list of them."""
    schema = [
        {"question": "Which?", "options": [{"label": "a"}, {"label": "b"}], "multi_select": False},
        {"question": "Whom?", "options": [{"label": "c"}], "multi_select": True},
    ]
    call = {"tool_call_id": "t", "tool_name": "ask", "user_feedback_schema": schema}
    paused = agent("RunPaused", requirements=[{"id": "q", "tool_execution": call, "user_feedback_schema": schema}])
    (need,) = translated(agent("RunStarted"), paused)[-1]["requirements"]
    assert need["kind"] == "user_feedback"
    assert need["input_schema"] == [
        {"name": "Which?", "type": "str", "choices": [{"label": "a"}, {"label": "b"}]},
        {"name": "Whom?", "type": "list", "choices": [{"label": "c"}]},
    ]


@needs_recordings
def test_a_recorded_workflow_is_told_from_start_to_end() -> None:
    """Our own recording of a real run: every node ends, every tool ends, each source's text is whole."""
    raw = recorded()
    ours = translated(*raw, flow_id="agno")
    assert (ours[0]["event"], ours[0]["flow_id"], ours[-1]["event"]) == ("run_start", "agno", "run_end")
    run = RunRecord(ours[0]["run_id"])
    for event in ours:
        message: Any = decode_item(event)
        assert message.run_id == run.run_id
        fold(run, message, 0.0, Tree())
    assert run.status == "success"
    assert set(run.nodes) == {"plan", "search", "search_documents", "search_sources", "write"}
    assert {each.status for node in run.nodes.values() for each in node.executions.values()} == {"success"}
    assert [each.order for node in run.nodes.values() for each in node.executions.values()] == [0, 1, 2, 3, 4]
    assert run.nodes["search_sources"].parent_id == "search"
    assert run.nodes["search"].child_count == 2
    assert len(run.tools) == 3 and not any(call.open for call in run.tools.values())
    texts: dict[str, str] = {}
    for event in ours:
        if event["event"] == "RunContent":
            texts[event["source_run_id"]] = texts.get(event["source_run_id"], "") + event["content"]
    whole = {each["run_id"]: each["content"] for each in raw if each["event"] == "RunCompleted"}
    assert texts == whole


@pytest.mark.skipif(importlib.util.find_spec("agno") is None, reason="agno is not installed")
async def test_the_real_workflow_runs() -> None:
    """Agno itself, now: its events are all understood, and the picture is the recorded one."""
    from devserver.flows.agno_tools import ProjectTools
    from devserver.flows.agno_workflow import make_workflow

    root = Path(__file__).resolve().parents[3]
    translator = AgnoTranslator()
    ours: list[Json] = []
    async for event in make_workflow(ProjectTools(root)).arun(input="the router", stream=True, stream_events=True):
        ours += [each for each in translator.translate(event.to_dict()) if "aside" not in each]
    assert translator.unknown == 0
    ends = [each for each in ours if each["event"] == "end_node"]
    assert sorted(each["node_id"] for each in ends) == ["plan", "search", "search_documents", "search_sources", "write"]
    assert "passages" in ends[-1]["content"]


def test_groups_loops_and_iterations() -> None:
    """Groups are nodes with their kind; what runs in a loop says in which round."""
    ours = translated(
        {"event": "WorkflowStarted", "run_id": "w", "workflow_name": "W", "session_id": "s", "created_at": 5},
        step("LoopExecutionStarted", "again", max_iterations=2),
        step("LoopIterationStarted", "again", iteration=1),
        step("StepStarted", "inner", parent_step_id="id-again"),
        step("StepCompleted", "inner", content="x"),
        step("LoopIterationStarted", "again", iteration=2),
        step("StepStarted", "inner", parent_step_id="id-again"),
        step("StepCompleted", "inner", step_response={"success": False, "error": "no"}),
        step("LoopExecutionCompleted", "again"),
        step("StepCompleted", "never started"),
        {"event": "WorkflowCompleted", "run_id": "w", "content": "end"},
        node_ids={"inner": "n-7"},
    )
    assert [e["node_id"] for e in ours if e["event"] == "start_node"] == ["again", "n-7", "n-7"]
    assert [e.get("iteration") for e in ours if e["event"] == "start_node"] == [None, 1, 2]
    assert [e["status"] for e in ours if e["event"] == "end_node"] == ["success", "error", "success"]
    assert ours[0] | {"ts": 5.0, "session_id": "s", "entity_name": "W"} == ours[0]
    for group in GROUPS:
        assert names(translated(step(f"{group}ExecutionStarted", "g"), step(f"{group}ExecutionCompleted", "g"))) == [
            "start_node",
            "end_node",
        ]
    parallel = translated(step("ParallelExecutionStarted", "p", parallel_step_count=3))
    assert parallel[0]["child_count"] == 3


def test_a_bare_agent_is_a_run_with_one_node() -> None:
    """run_start, its node, text and tools in it, its end, run_end."""
    ours = translated(
        agent("RunStarted"),
        agent("RunContent", content="Hel"),
        agent("RunContent", content="lo", reasoning_content="hm"),
        agent("RunContent", content=None),
        tool("Started"),
        tool("Completed", result="r", metrics={"duration": 0.5}),
        agent("RunContentCompleted"),
        agent("RunCompleted", content="Hello"),
    )
    assert names(ours) == [
        "run_start", "start_node", "RunContent", "ReasoningContent", "RunContent", "start_tool", "end_tool",
        "end_node", "run_end",
    ]  # fmt: skip
    assert {each["node_id"] for each in ours if "node_id" in each} == {"ada"}
    assert ours[5]["tool_args"] == {"q": 1}
    assert (ours[6]["status"], ours[6]["result"], ours[6]["duration"]) == ("success", "r", 0.5)


def test_a_run_that_did_not_stream_gives_its_text_at_the_end() -> None:
    """As a snapshot, once."""
    ours = translated(agent("RunStarted"), agent("RunCompleted", content="Hello"))
    assert [(e["event"], e.get("mode")) for e in ours][2] == ("RunContent", "snapshot")


def test_team_members_are_nodes_in_the_team() -> None:
    """Each with a source of its own; the team's tools and text are the team's."""
    team = {"run_id": "t", "team_id": "duo", "team_name": "Duo"}
    ours = translated(
        {"event": "TeamRunStarted", **team},
        {"event": "TeamToolCallStarted", **team, "tool": {"tool_name": "delegate"}},
        agent("RunStarted", "m", parent_run_id="t"),
        agent("RunContent", "m", content="L1", parent_run_id="t"),
        agent("RunCompleted", "m", content="L1", parent_run_id="t"),
        {"event": "TeamToolCallCompleted", **team, "tool": {"tool_name": "delegate"}},
        {"event": "TeamRunContent", **team, "content": "done"},
        {"event": "TeamReasoningStep", **team, "content": {"title": "T"}, "reasoning_content": "why"},
        {"event": "TeamRunCompleted", **team, "content": "done"},
    )
    assert names(ours) == [
        "run_start", "start_node", "start_tool", "start_node", "RunContent", "end_node", "TeamToolCallCompleted",
        "TeamRunContent", "TeamRunReasoningContent", "end_node", "run_end",
    ]  # fmt: skip
    assert (ours[3]["parent_node_id"], ours[4]["source_run_id"], ours[4]["parent_run_id"]) == ("duo", "m", "t")
    assert (ours[7]["team_id"], ours[8]["step"]) == ("duo", {"title": "T"})


def test_failures_end_what_failed() -> None:
    """A failed agent ends its step or itself; a cancelled one is killed; a workflow says why."""
    in_step = {"step_id": "id-s", "step_name": "s"}
    ours = translated(
        {"event": "WorkflowStarted", "run_id": "w"},
        step("StepStarted", "s"),
        agent("RunStarted", **in_step),
        agent("RunError", content="upstream 503", **in_step),
        agent("RunError", content="again", **in_step),
        {"event": "WorkflowError", "run_id": "w", "error": "boom"},
    )
    assert [(e["event"], e.get("status"), e.get("error")) for e in ours][-2:] == [
        ("end_node", "error", "upstream 503"),
        ("run_end", "error", "boom"),
    ]
    assert translated(agent("RunStarted"), agent("RunCancelled", reason="stop"))[-1]["status"] == "killed"
    assert translated({"event": "WorkflowCancelled", "run_id": "w", "reason": "stop"})[0]["status"] == "killed"
    assert translated(step("StepStarted", "s"), step("StepError", "s", error="e"))[-1]["error"] == "e"
    failed = translated(agent("RunStarted"), tool("Started"), tool("Error", tool_call_error=True, result="bad"))
    assert (failed[-1]["status"], failed[-1]["error"]) == ("error", "bad")


@pytest.mark.parametrize(
    ("execution", "kind"),
    [
        ({"requires_confirmation": True}, "confirmation"),
        ({"requires_user_input": True}, "user_input"),
        ({"user_feedback_schema": [{}]}, "user_feedback"),
        ({"external_execution_required": True}, "external_execution"),
    ],
)
def test_pauses_name_what_they_wait_for(execution: Json, kind: str) -> None:
    """From requirements, or from the bare tools; forms with their fields; then the run goes on."""
    execution = {"tool_call_id": "c", "tool_name": "send", "tool_args": {"a": 1}, **execution}
    schema = [{"name": "to", "field_type": "str", "description": "whom", "value": "x"}, {"name": ""}, 7]
    paused = agent("RunPaused", requirements=[{"id": "q", "tool_execution": execution, "user_input_schema": None}, 3])
    ours = translated(agent("RunStarted"), paused, agent("RunContinued"))
    requirement = ours[2]["requirements"][0]
    assert (requirement["id"], requirement["kind"], requirement["tool_name"]) == ("q", kind, "send")
    assert (ours[2]["node_id"], ours[2]["continue_run_id"], ours[3]["event"]) == ("ada", "a1", "resume_start")
    bare = translated(agent("RunStarted"), agent("RunPaused", tools=[{**execution, "user_input_schema": schema}]))
    assert bare[2]["requirements"][0]["id"] == "c"
    assert bare[2]["requirements"][0]["input_schema"] == [
        {"name": "to", "type": "str", "description": "whom", "value": "x"}
    ]
    assert translated(agent("RunStarted"), agent("RunPaused"))[2]["requirements"] == []


def test_a_second_leg_stands_alone() -> None:
    """A continued run whose first leg was another stream still has its node."""
    ours = translated(agent("RunContinued"), agent("RunCompleted", content="x"))
    assert names(ours) == ["resume_start", "start_node", "RunContent", "end_node", "run_end"]


def test_what_is_known_and_says_nothing_is_named_with_why() -> None:
    """As the table has it; only what the table does not have is called unknown."""
    told = AgnoTranslator()
    events = agent("RunStarted"), agent("RunContent", content=""), agent("ModelRequestStarted"), agent("Unheard")
    items = [decoded(each) for event in events for each in told.translate(event) if "aside" in each]
    assert [each.reason for each in items if isinstance(each, Unknown)] == [
        "“RunContent (an empty piece)” came; the page shows nothing of it.",
        "“ModelRequestStarted (a model was asked)” came; the page shows nothing of it.",
        "“Unheard” is not known to this page; it is skipped.",
    ]


def test_html_and_odd_events() -> None:
    """CustomEvent with html is a ChatHTML; what says nothing gives nothing; what cannot be read is counted."""
    ours = translated(agent("RunStarted"), agent("CustomEvent", html="<b>"), agent("CustomEvent", title="x"))
    assert ours[-1] | {"event": "ChatHTML", "html": "<b>", "node_id": "ada"} == ours[-1]
    assert translated(agent("CustomEvent", html="<i>"))[0]["event"] == "ChatHTML"
    silent = agent("ModelRequestStarted"), agent("ReasoningStarted"), agent("ReasoningStep")
    assert aside(*silent) == ["ModelRequestStarted", "ReasoningStarted", "ReasoningStep"]
    assert translated(*silent) == []
    assert names(translated(tool("Started"))) == ["start_node", "start_tool"], "the start of its run was missed"
    translator = AgnoTranslator()
    odd: list[Any] = [{}, {"event": 7}, [], agent("ToolCallStarted"), {"event": "LoopIterationStarted", "run_id": "w"}]
    assert [len(translator.translate(each)) for each in odd] == [1] * len(odd), "each is told aside"
    assert translator.unknown == len(odd)
    assert aside({"event": "Unheard", "run_id": "r"}) == ["Unheard"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "run_id", "step_id", "step_name", "parent_step_id", "parent_run_id", "tool", "tools", "requirements", "content",
    "agent_id", "agent_name", "team_id", "html", "event_index", "nested_depth", "step_index", "step_requirements",
    "step_output", "available_choices", "workflow_run_id", "iteration", "parallel_step_count", "created_at",
    "step_response",
]  # fmt: skip
kinds = st.sampled_from(sorted(EVENTS))


@given(st.lists(st.tuples(kinds, st.dictionaries(st.sampled_from(FIELDS), values, max_size=8)), max_size=6))
def test_nothing_makes_it_raise(stream: list[tuple[str, Json]]) -> None:
    """Any JSON in any field: events or nothing, never an exception."""
    translator = AgnoTranslator()
    for name, fields in stream:
        for ours in translator.translate({**fields, "event": name}):
            assert "aside" in ours or isinstance(decode_item(ours), BaseEvent), ours


@given(st.lists(values, max_size=6))
def test_no_garbage_makes_it_raise(stream: list[Any]) -> None:
    """Whatever comes is told aside; nothing of it is an event."""
    translator = AgnoTranslator()
    for each in stream:
        assert all("aside" in ours for ours in translator.translate(each))


@pytest.mark.parametrize("name", ["agno_workflow", "agno_team", "agno_agent"])
def test_what_agents_spent_is_told_by_node_and_adds_up(name: str) -> None:
    """As Agno counts it at the end of each run; a team's own requests are not its members'."""
    events = recorded(name)
    over = [each["metrics"] for each in events if each["event"].endswith("RunCompleted")]
    record = folded(translated(*events, given="Why?"))
    assert record.spent.input_tokens == sum(each["input_tokens"] for each in over) > 0
    assert record.spent.output_tokens == sum(each["output_tokens"] for each in over) > 0
    models = {model["id"] for each in over for model in each["details"]["model"]}
    assert set(record.spent.models) == models
    first = next(each for node in record.nodes.values() for each in node.executions.values() if each.order == 0)
    assert first.input == "Why?"
