"""The truth is the `ag-ui-protocol` package: its types, its encoder, its list of events.

Run as a program (`python -m tests.protocols.agui.test_rules --write`) it renews the table of docs/protocols.md.
"""

from __future__ import annotations

import json
import sys
import typing
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pyapp.protocols.agui.rules import BEFORE, CURRENT, RULES

from .support import Json, Run

DOCS = Path(__file__).parents[3] / "docs" / "protocols.md"
BEGIN, END = "<!-- ag-ui: made by tests/protocols/agui/test_rules.py -->", "<!-- /ag-ui -->"


@cache
def core() -> Any:
    return pytest.importorskip("ag_ui.core")


def wire(event: Any) -> Json:
    """As the package's own encoder writes it."""
    encoded = pytest.importorskip("ag_ui.encoder").EventEncoder().encode(event)
    told: Json = json.loads(encoded.removeprefix("data: "))
    return told


def stories() -> list[list[Any]]:
    """Runs in which every event occurs, in each of its ways."""
    c = core()
    change = [c.events.StateDeltaEvent(delta=[{"op": "add", "path": "/a", "value": 1}])]
    started, finished = c.RunStartedEvent(thread_id="t", run_id="r"), c.RunFinishedEvent(thread_id="t", run_id="r")
    told = [
        started, started, c.StepStartedEvent(step_name="a"), c.StepFinishedEvent(step_name="a"),
        c.SubagentStartedEvent(subagent_run_id="s", name="Ada"), c.SubagentFinishedEvent(subagent_run_id="s"),
        c.SubagentStartedEvent(subagent_run_id="u", name="Bob"),
        c.SubagentErrorEvent(subagent_run_id="u", message="No."),
        c.SubagentErrorEvent(subagent_run_id="v", message="No."),
        c.TextMessageStartEvent(message_id="m"), c.TextMessageContentEvent(message_id="m", delta="Hi"),
        c.TextMessageContentEvent(message_id="m", delta=""), c.TextMessageEndEvent(message_id="m"),
        c.TextMessageStartEvent(message_id="e"), c.TextMessageEndEvent(message_id="e"),
        c.TextMessageChunkEvent(message_id="n", delta="Ho"),
        c.ReasoningStartEvent(message_id="t"), c.ReasoningMessageStartEvent(message_id="t"),
        c.ReasoningMessageContentEvent(message_id="t", delta="Hm"),
        c.ReasoningMessageContentEvent(message_id="t", delta=""),
        c.ReasoningMessageEndEvent(message_id="t"), c.ReasoningEndEvent(message_id="t"),
        c.ReasoningMessageStartEvent(message_id="w"), c.ReasoningMessageEndEvent(message_id="w"),
        c.ReasoningMessageChunkEvent(message_id="x", delta="So"),
        c.ToolCallStartEvent(tool_call_id="c", tool_call_name="search"),
        c.ToolCallArgsEvent(tool_call_id="c", delta='{"a": 1'),
        c.ToolCallEndEvent(tool_call_id="c"), c.ToolCallStartEvent(tool_call_id="l", tool_call_name="list"),
        c.ToolCallArgsEvent(tool_call_id="l", delta="[1]"), c.ToolCallEndEvent(tool_call_id="l"),
        c.ToolCallResultEvent(message_id="r", tool_call_id="c", content="ok"),
        c.ToolCallResultEvent(message_id="r", tool_call_id="c", content="ok"), c.ToolCallEndEvent(tool_call_id="ghost"),
        c.ToolCallResultEvent(message_id="r", tool_call_id="d", content=[{"type": "text", "text": "ok"}]),
        c.ToolCallChunkEvent(tool_call_id="k", tool_call_name="send", delta="{}"),
        c.ReasoningEncryptedValueEvent(subtype="tool-call", entity_id="c", encrypted_value="*"),
        c.ReasoningEncryptedValueEvent(subtype="message", entity_id="ghost", encrypted_value="*"),
        c.StateSnapshotEvent(snapshot={}), *change, c.StateDeltaEvent(delta=[{"op": "remove", "path": "/x"}]),
        c.ActivitySnapshotEvent(message_id="p", activity_type="PLAN", content={"a": 1}),
        c.ActivitySnapshotEvent(message_id="p", activity_type="PLAN", content={"a": 1}, replace=False),
        c.ActivityDeltaEvent(message_id="p", activity_type="PLAN", patch=[{"op": "replace", "path": "/a", "value": 2}]),
        c.ActivityDeltaEvent(message_id="q", activity_type="PLAN", patch=[]),
        c.MessagesSnapshotEvent(messages=[
            c.UserMessage(id="u", content="Go."), c.AssistantMessage(id="new", content="New.", tool_calls=[
                c.ToolCall(id="z", function=c.FunctionCall(name="search", arguments="{}"))]),
            c.ToolMessage(id="zr", tool_call_id="z", content="ok"), c.ReasoningMessage(id="y", content="Hm."),
        ]),
        c.RawEvent(event={"event": "RunStarted", "agent_name": "Desk"}, source="agno"), c.RawEvent(event={}),
        c.CustomEvent(name="report", value={"html": "<p>"}), c.CustomEvent(name="progress", value=1),
    ]  # fmt: skip
    pending = [
        c.MessagesSnapshotEvent(messages=[c.UserMessage(id="u", content="Go.")]),
        c.ToolCallStartEvent(tool_call_id="o", tool_call_name="ask"), c.ToolCallEndEvent(tool_call_id="o"),
        c.SubagentStartedEvent(subagent_run_id="s", name="Ada"),
        c.SubagentFinishedEvent(subagent_run_id="s", outcome=c.SubagentFinishedSuspendedOutcome()),
    ]  # fmt: skip
    passed = [
        c.ToolCallStartEvent(tool_call_id="o", tool_call_name="ask"), c.ToolCallEndEvent(tool_call_id="o"),
        c.TextMessageChunkEvent(message_id="m", delta="Anyway."),
    ]  # fmt: skip
    chunked = {
        each: [
            *([c.SubagentStartedEvent(subagent_run_id=each, name=each)] if each is not None else []),
            c.TextMessageChunkEvent(message_id=f"m{each}", delta="Ho", subagent_run_id=each),
            c.ReasoningMessageChunkEvent(message_id=f"t{each}", delta="So", subagent_run_id=each),
            c.ToolCallChunkEvent(tool_call_id=f"c{each}", tool_call_name="send", delta="[1]", subagent_run_id=each),
        ]
        for each in (None, "f", "g")
    }
    ended = [
        started, c.ToolCallStartEvent(tool_call_id="p", tool_call_name="send"), c.ToolCallEndEvent(tool_call_id="p"),
        c.ToolCallArgsEvent(tool_call_id="p", delta="{}"), *chunked["f"], c.SubagentFinishedEvent(subagent_run_id="f"),
        *chunked["g"], c.SubagentErrorEvent(subagent_run_id="g", message="No."), *chunked[None],
    ]  # fmt: skip
    openings = [
        *(c.TextMessageChunkEvent(message_id=each) for each in ("a", "b")),
        *(c.ReasoningMessageChunkEvent(message_id=each) for each in ("a", "b")),
        c.ToolCallStartEvent(tool_call_id="p", tool_call_name="send"), c.ToolCallArgsEvent(tool_call_id="p", delta=" "),
        c.ToolCallArgsEvent(tool_call_id="p", delta=""), c.ToolCallEndEvent(tool_call_id="p"),
        c.ToolCallChunkEvent(tool_call_id="p"), c.StateSnapshotEvent(snapshot={"b": 1}), c.StateDeltaEvent(delta=[]),
        c.ToolCallChunkEvent(tool_call_id="k", tool_call_name="send", delta=" "),
        c.MessagesSnapshotEvent(messages=[c.UserMessage(id="u", content="Go.")]),
        c.RawEvent(event={"event": "ModelRequestCompleted", "input_tokens": 1}, source="agno"),
    ]  # fmt: skip
    interrupt = c.RunFinishedInterruptOutcome(
        interrupts=[c.Interrupt(id="i", reason="a"), c.Interrupt(id="", reason="b")]
    )
    return [
        [started, c.CustomEvent(name="on_interrupt", value="Yes or no?"), finished],
        [*ended, finished], [*ended, c.RunErrorEvent(message="No.")],
        [event for event in [started, *told, *openings] for _ in range(2)],
        [*told, *passed, finished], [started, *passed, c.RunErrorEvent(message="No.")],
        [started, *pending, c.RunFinishedEvent(thread_id="t", run_id="r", outcome=interrupt),
         started, c.SubagentStartedEvent(subagent_run_id="s", name="Ada"), finished],
    ]  # fmt: skip


def test_every_event_of_the_protocol_has_its_rule() -> None:
    """A new one makes this test red; what is here and not there is of servers from before 1.0."""
    assert {each.value for each in core().EventType} == CURRENT.keys()
    assert all(name.startswith("THINKING_") for name in BEFORE) and RULES.keys() == CURRENT.keys() | BEFORE.keys()


def test_the_stories_tell_every_event() -> None:
    told = {wire(event)["type"] for story in stories() for event in story}
    assert told == {each.value for each in core().EventType}


def test_each_event_becomes_what_its_rule_says_and_nothing_else() -> None:
    """What is only named, or kept for a later one, is so because its rule says it; and whatever a rule says happens."""
    became: dict[str, set[str]] = {name: set() for name in CURRENT}
    named, kept = set[str](), set[str]()
    for story in stories():
        run = Run(begun=False)
        run.translator.done_elsewhere = {"o": "what a person gave as the result of a call"}
        for event in map(wire, story):
            before = len(run.aside)
            became[event["type"]] |= {each["event"] for each in run.tell(event)}
            if len(run.aside) > before:
                named.add(event["type"])
            elif not run.latest:
                kept.add(event["type"])
    assert became == {name: set(rule.becomes) for name, rule in CURRENT.items()}
    assert named == {name for name, rule in CURRENT.items() if rule.log}
    assert kept == {name for name, rule in CURRENT.items() if rule.later}


def test_every_field_of_the_protocol_is_known_here() -> None:
    """A field that an event of the package has and the translator never asked for makes this test red."""
    asked = {
        "TOOL_CALL_RESULT": {"role"}, "RUN_STARTED": {"protocolVersion"}, "RUN_FINISHED": {"threadId", "runId"},
        "REASONING_MESSAGE_START": {"role"},
        "SUBAGENT_STARTED": {"description", "parentToolCallId", "parentMessageId"}, "SUBAGENT_ERROR": {"code"},
    }  # fmt: skip
    source = "".join(
        path.read_text() for path in (Path(__file__).parents[3] / "pyapp" / "protocols" / "agui").glob("*.py")
    )
    for model in typing.get_args(typing.get_args(core().Event)[0]):
        name = model.model_fields["type"].default.value
        fields = {field.alias or key for key, field in model.model_fields.items()}
        unread = {each for each in fields - {"type", "metadata", "rawEvent"} if f'"{each}"' not in source}
        assert unread <= asked.get(name, set()), (name, unread)


def table() -> str:
    """The section of docs/protocols.md."""
    lines = ["| event | becomes | changes what a later one says | named in the log and counted |", "|---|---|---|---|"]
    for rules, old in ((CURRENT, ""), (BEFORE, " (before 1.0)")):
        for name, rule in rules.items():
            becomes = ", ".join(f"`{each}`" for each in rule.becomes)
            lines.append(f"| `{name}`{old} | {becomes or '–'} | {rule.later or '–'} | {rule.log or '–'} |")
    return "\n".join(lines)


def parts(text: str) -> tuple[str, str, str]:
    """What stands before the section, in it, and behind it."""
    start, stop = text.index(BEGIN) + len(BEGIN), text.index(END)
    return text[:start], text[start:stop], text[stop:]


@pytest.mark.skipif(not DOCS.exists(), reason="the docs are not here")
def test_the_table_in_the_docs_is_made_of_the_rules() -> None:
    assert parts(DOCS.read_text(encoding="utf-8"))[1].strip() == table(), f"Renew it: python -m {__spec__.name} --write"


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    before, _, behind = parts(DOCS.read_text(encoding="utf-8"))
    DOCS.write_text(f"{before}\n\n{table()}\n\n{behind}", encoding="utf-8")
