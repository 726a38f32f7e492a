"""Every event that Agno has, up to 3.1, and what becomes of it, in one table; docs/protocols.md shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..protocol import Taken
from . import endings, entities, people, speech, steps, tools, workflows
from .fields import Event
from .state import State


@dataclass(frozen=True, slots=True)
class Row:
    """`translate` says what was taken of an event; without it nothing is. The rest says in words what that may be:
    `becomes`: the contract's events. `later`: how it changes what a later one says, where it becomes none of them.
    `log`: where nothing is taken of it, so that it is named in the log and counted.
    """

    becomes: tuple[str, ...] = ()
    later: str = ""
    log: str = ""
    translate: Callable[[State, Event], Taken] | None = None
    works: bool = False
    """Behind a pause it shows that the run goes on: then it gives a `resume_start` as well."""
    of_workflow: bool = False


SAID = ("RunContent", "TeamRunContent")
THOUGHT = ("ReasoningContent", "TeamRunReasoningContent")
ENDS = ("end_node", "run_end")
BEGINS = ("start_node",)
"""What any event of an agent or a team can give as well, where its start was missed."""
MODEL = "each; a model was asked"
WITHIN = "each; it is work of Agno's own"
AGAIN = "one more of the same"
OF_STEP = "the first of its run: what that says is its step's, where it runs for one"
OVER = "its run is over, and `usage` of its step"
WAITS = "of a step's run: how the step ends, if nobody tells"


def _run(*becomes: str, later: str = "", log: str = "", **rest: object) -> Row:
    return replace(Row((*becomes, *BEGINS), later, log), **rest)  # type: ignore[arg-type]


_SPEAKS = _run(*SAID, *THOUGHT, later=OF_STEP, log="an empty piece", translate=speech.content, works=True)

_OF_RUNS: dict[str, Row] = {
    "RunStarted": _run("run_start", later=OF_STEP, log=AGAIN, translate=entities.started, works=True),
    "RunContent": _SPEAKS,
    "RunIntermediateContent": _SPEAKS,
    "RunContentCompleted": Row(log="each; the end of the run tells it"),
    "RunCompleted": _run(*SAID, *ENDS, later=OVER, log=AGAIN, translate=endings.completed),
    "RunError": _run(*ENDS, later=OVER, log=AGAIN, translate=endings.failed),
    "RunCancelled": _run(*SAID, *ENDS, later=OVER, log=AGAIN, translate=endings.failed),
    "RunPaused": _run(
        "AgentPaused", "resume_start", later=WAITS, log="of any other part: its root asks, once it waits",
        translate=people.run_paused,
    ),
    "RunContinued": _run(
        "resume_start", later=WAITS, log="one more behind the same pause", translate=people.continued
    ),
    "ToolCallStarted": _run("start_tool", log=AGAIN, translate=tools.started, works=True),
    "ToolCallCompleted": _run("end_tool", log=AGAIN, translate=tools.ended, works=True),
    "ToolCallError": _run("end_tool", log="behind a completion that said so", translate=tools.ended, works=True),
    "ReasoningStarted": Row(log="each; thoughts are told by what is in it"),
    "ReasoningStep": _run(*THOUGHT, log="an empty one", translate=speech.reasoning, works=True),
    "ReasoningContentDelta": _run(*THOUGHT, log="an empty one", translate=speech.reasoning, works=True),
    "ReasoningCompleted": Row(log="each; thoughts are told by what is in it"),
    "ModelRequestStarted": Row(log=MODEL),
    "ModelRequestCompleted": Row(
        later="`usage` of its run, where that tells none", log="without numbers, or behind its run",
        translate=endings.requested,
    ),
    **dict.fromkeys(
        (
            "PreHookStarted", "PreHookCompleted", "PostHookStarted", "PostHookCompleted", "MemoryUpdateStarted",
            "MemoryUpdateCompleted", "SessionSummaryStarted", "SessionSummaryCompleted", "ParserModelResponseStarted",
            "ParserModelResponseCompleted", "OutputModelResponseStarted", "OutputModelResponseCompleted",
            "CompressionStarted", "CompressionCompleted", "FollowupsStarted", "FollowupsCompleted",
        ),
        Row(log=WITHIN),
    ),
}  # fmt: skip


def _workflow(*becomes: str, later: str = "", log: str = "", **rest: object) -> Row:
    return replace(Row(becomes, later, log, of_workflow=True), **rest)  # type: ignore[arg-type]


_BEGINS = _workflow("start_node", "end_node", log=AGAIN, translate=steps.started, works=True)
_ENDS = _workflow("end_node", log="of a step that has ended", translate=steps.completed)
_ASKS = _workflow("AgentPaused", "resume_start", translate=people.step_paused)
_GOES_ON = _workflow("resume_start", log="one more behind the same pause", translate=people.step_continued)

_FAILS = _workflow(*ENDS, log=f"nested, of a step that has ended; {AGAIN}", translate=workflows.failed)

_OF_WORKFLOWS: dict[str, Row] = {
    "WorkflowStarted": _workflow("run_start", log=f"nested: its step has begun; {AGAIN}", translate=workflows.started),
    "WorkflowCompleted": _workflow(*ENDS, log=f"nested: its step will end; {AGAIN}", translate=workflows.completed),
    "WorkflowError": _FAILS,
    "WorkflowCancelled": _FAILS,
    "WorkflowPaused": _workflow(
        "AgentPaused", "resume_start", log="nested: its root asks, once it waits", translate=people.workflow_paused
    ),
    "WorkflowAgentStarted": _workflow("start_node", log=AGAIN, translate=workflows.agent_started, works=True),
    "WorkflowAgentCompleted": _workflow("end_node", log=AGAIN, translate=workflows.agent_completed),
    "StepStarted": _BEGINS,
    "StepCompleted": _ENDS,
    "StepError": replace(_ENDS, translate=steps.failed),
    "StepOutput": _workflow(
        "end_node",
        later="how its step ends, if nobody tells",
        log=f"of a step that has ended; {AGAIN}",
        translate=steps.output,
    ),
    "StepProgress": _workflow(log="each; what a function tells of itself"),
    "StepPaused": _ASKS,
    "StepOutputReview": _ASKS,
    "RouterPaused": _ASKS,
    "ConditionPaused": _ASKS,
    "StepContinued": _GOES_ON,
    "StepExecutorPaused": _workflow(log="each; the workflow asks, once it waits"),
    "StepExecutorContinued": _GOES_ON,
    **{f"{group}ExecutionStarted": _BEGINS for group in steps.GROUPS},
    **{f"{group}ExecutionCompleted": _ENDS for group in steps.GROUPS},
    "LoopIterationStarted": _workflow(later="`iteration` of what begins in it", log=AGAIN, translate=steps.iteration),
    "LoopIterationCompleted": _workflow(log="each; the next one tells it"),
}

_TEAMS = ("TaskIterationStarted", "TaskIterationCompleted", "TaskStateUpdated", "TaskCreated", "TaskUpdated")

_OF_AGENTS = ("RunContent", "ReasoningContent")


def _of_team(row: Row) -> Row:
    return replace(row, becomes=tuple(each for each in row.becomes if each not in _OF_AGENTS))


EVENTS: dict[str, Row] = {
    **_OF_RUNS,
    "CompactionStarted": Row(log=WITHIN),
    "CompactionCompleted": Row(log=WITHIN),
    **{f"Team{name}": _of_team(row) for name, row in _OF_RUNS.items()},
    "TeamToolCallCompleted": _run("TeamToolCallCompleted", log=AGAIN, translate=tools.ended, works=True),
    **{f"Team{name}": Row(log="each; a list of tasks that a team keeps") for name in _TEAMS},
    **_OF_WORKFLOWS,
    "CustomEvent": Row(("ChatHTML",), log="without `html`", translate=speech.custom),
}
