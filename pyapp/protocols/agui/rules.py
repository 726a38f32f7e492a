"""Rules: what becomes of each event of AG-UI, in one table. docs/protocols.md shows it; a test holds it complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..protocol import Taken
from . import snapshot
from .speech import REASONING, TEXT

if TYPE_CHECKING:
    from .translator import AguiTranslator

Handle = Callable[["AguiTranslator", Mapping[str, Any]], Taken]


@dataclass(frozen=True, slots=True)
class Rule:
    """`handle` says what was taken of an event. The rest says in words what that may be: `becomes`: the contract's
    events. `later`: how it changes what a later one says, where it becomes none of them. `log`: where nothing is taken
    of it, so that it is named in the log and counted.
    """

    handle: Handle
    becomes: tuple[str, ...] = ()
    later: str = ""
    log: str = ""


def _begins(kind: str) -> Handle:
    return lambda run, event: run.messages.start(event, kind)


def _says(kind: str) -> Handle:
    return lambda run, event: run.messages.content(event, kind)


def _ends(kind: str) -> Handle:
    return lambda run, event: run.messages.end(event, kind)


def _chunk(kind: str) -> Handle:
    return lambda run, event: run.messages.chunk(event, kind)


def _nothing(run: AguiTranslator, event: Mapping[str, Any]) -> Taken:
    return None


SPEAKS = "who says what comes with its `messageId`, and where"
AGAIN = "one more of the same"
COMPLETE = "that the call's arguments were complete: they go on all the same"
EMPTY = "a message without text has no end to tell"
CLOSES = (TEXT, REASONING, "start_tool")
"""What may still be told of what is open in chunks when whoever told it is over."""
BRACKET = "thoughts are told by what is in it"

CURRENT: dict[str, Rule] = {
    "RUN_STARTED": Rule(
        lambda run, event: run.run_started(event),
        ("run_start", "start_node", "resume_start", "end_tool"),
        log="one more while the run goes on; that its `runId` is not the one that was posted",
    ),
    "RUN_FINISHED": Rule(
        lambda run, event: run.run_finished(event),
        (*CLOSES, "end_tool", "end_node", "run_end", "AgentPaused"),
        log="an interrupt that has no `id`; where none has one the run ends as failed",
    ),
    "RUN_ERROR": Rule(lambda run, event: run.run_error(event), (*CLOSES, "end_tool", "end_node", "run_end")),
    "STEP_STARTED": Rule(lambda run, event: run.step_started(event), ("start_node",)),
    "STEP_FINISHED": Rule(lambda run, event: run.step_finished(event), ("end_node",)),
    "SUBAGENT_STARTED": Rule(
        lambda run, event: run.subagent_started(event),
        ("start_node",),
        log="one that was suspended goes on; one more of the same",
    ),
    "SUBAGENT_FINISHED": Rule(
        lambda run, event: run.subagent_finished(event),
        (*CLOSES, "end_node"),
        log="of one that is suspended: its node waits; without its start",
    ),
    "SUBAGENT_ERROR": Rule(
        lambda run, event: run.subagent_error(event), (*CLOSES, "end_node"), log="without its start"
    ),
    "TEXT_MESSAGE_START": Rule(_begins(TEXT), later=SPEAKS, log=AGAIN),
    "TEXT_MESSAGE_CONTENT": Rule(_says(TEXT), (TEXT,), log="an empty piece"),
    "TEXT_MESSAGE_END": Rule(_ends(TEXT), (TEXT,), log=EMPTY),
    "TEXT_MESSAGE_CHUNK": Rule(_chunk(TEXT), (TEXT,), later=SPEAKS, log="an empty piece"),
    "TOOL_CALL_START": Rule(lambda run, event: run.messages.tool_start(event), ("start_tool",)),
    "TOOL_CALL_ARGS": Rule(
        lambda run, event: run.messages.tool_arguments(event),
        ("start_tool",),
        later="arguments are shown as far as they can be read",
        log=f"an empty piece; {COMPLETE}",
    ),
    "TOOL_CALL_END": Rule(
        lambda run, event: run.messages.tool_end(event),
        ("start_tool",),
        later="the call waits for its result",
        log=f"without its start; {AGAIN}",
    ),
    "TOOL_CALL_CHUNK": Rule(
        lambda run, event: run.messages.tool_chunk(event),
        ("start_tool",),
        later="as TOOL_CALL_ARGS and TOOL_CALL_END",
        log=f"an empty piece; {COMPLETE}",
    ),
    "TOOL_CALL_RESULT": Rule(
        lambda run, event: run.messages.tool_result(event), ("start_tool", "end_tool"), log="one more for the same call"
    ),
    "MESSAGES_SNAPSHOT": Rule(
        lambda run, event: snapshot.take(run.messages, event),
        (TEXT, REASONING, "start_tool", "end_tool"),
        later="the conversation that is sent when the run goes on",
        log="the conversation as it was",
    ),
    "STATE_SNAPSHOT": Rule(
        lambda run, event: run.state_snapshot(event),
        later="`variables` of the agent's `end_node`, and what is sent next",
        log="the state as it was",
    ),
    "STATE_DELTA": Rule(
        lambda run, event: run.state_delta(event),
        later="as STATE_SNAPSHOT",
        log="a patch that does not fit; the state as it was",
    ),
    "ACTIVITY_SNAPSHOT": Rule(
        lambda run, event: run.messages.activity(event), (TEXT,), log="with `replace: false` over one that is there"
    ),
    "ACTIVITY_DELTA": Rule(
        lambda run, event: run.messages.activity_changed(event), (TEXT,), log="a patch that does not fit"
    ),
    "REASONING_START": Rule(_nothing, log=BRACKET),
    "REASONING_MESSAGE_START": Rule(_begins(REASONING), later=SPEAKS, log=AGAIN),
    "REASONING_MESSAGE_CONTENT": Rule(_says(REASONING), (REASONING,), log="an empty piece"),
    "REASONING_MESSAGE_END": Rule(_ends(REASONING), (REASONING,), log=EMPTY),
    "REASONING_MESSAGE_CHUNK": Rule(_chunk(REASONING), (REASONING,), later=SPEAKS, log="an empty piece"),
    "REASONING_END": Rule(_nothing, log=BRACKET),
    "REASONING_ENCRYPTED_VALUE": Rule(
        lambda run, event: run.messages.sealed(event),
        later="it is sent back with its message or call",
        log=f"of nothing that is known; {AGAIN}",
    ),
    "RAW": Rule(
        lambda run, event: run.raw(event),
        ("start_node",),
        later="Agno's: `usage`, and how its pauses are answered",
        log="each by its source and name",
    ),
    "CUSTOM": Rule(
        lambda run, event: run.custom(event),
        ("ChatHTML",),
        later="`on_interrupt`: the run waits, where its end does not say how it ended",
        log="each by its name, but for one with `html`",
    ),
}
"""Every event of AG-UI 1.0."""

BEFORE: dict[str, Rule] = {
    "THINKING_START": Rule(_nothing, log=BRACKET),
    "THINKING_END": Rule(_nothing, log=BRACKET),
    "THINKING_TEXT_MESSAGE_START": Rule(_begins(REASONING), later=SPEAKS),
    "THINKING_TEXT_MESSAGE_CONTENT": Rule(_says(REASONING), (REASONING,), log="an empty piece"),
    "THINKING_TEXT_MESSAGE_END": Rule(_ends(REASONING), (REASONING,), log=EMPTY),
}
"""Events that servers from before 1.0 send."""

RULES = {**CURRENT, **BEFORE}
