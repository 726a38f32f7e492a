"""The fold: one event applied to the record of its run. Pure: no clock, no network, no drawing.

    touched = fold(record, event, at, flow)

Total: whatever the order in which events come, twice or never, the record stays consistent and nothing raises. The
record of a run is the fold of its whole log, so a late event is inserted there and the record folded anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...contract.events import Event
from ...contract.flow import FlowGraph
from ..record import RunRecord
from . import chat, nodes, people, run, tools
from .step import Step, Touched

Apply = Callable[[Step, Any], None]

_STEPS: dict[str, tuple[Apply, ...]] = {
    "run_start": (run.started,),
    "run_end": (run.ended,),
    "resume_start": (people.resumed,),
    "resume_end": (run.resume_ended,),
    "start_node": (run.works, nodes.started),
    "end_node": (nodes.ended,),
    "start_tool": (run.works, tools.started),
    "end_tool": (run.works, tools.ended),
    "TeamToolCallCompleted": (run.works, tools.ended),
    "RunContent": (run.works, chat.said),
    "TeamRunContent": (run.works, chat.said),
    "ReasoningContent": (run.works, chat.said),
    "RunReasoningContent": (run.works, chat.said),
    "TeamRunReasoningContent": (run.works, chat.said),
    "ChatHTML": (chat.html,),
    "AgentPaused": (people.paused,),
    "interaction_event": (people.interaction,),
}


def fold(record: RunRecord, event: Event, at: float, flow: FlowGraph) -> Touched:
    """Apply `event` to `record`; `at` is when it happened, seconds since the epoch by the server's clock. What is told
    behind the end of the run happened in it: no part is longer than its whole.
    """
    touched, since, until = Touched(), record.started_at, record.ended_at
    step = Step(record, at if since is None or until is None else min(max(at, since), until), flow, touched)
    run.heard(step, event)
    for apply in _STEPS.get(event.event, ()):  # a message of a portal's own is in the log, and nothing more
        apply(step, event)
    return touched
