"""The fold: one event applied to the record of its run. Pure: no clock, no network, no drawing.

    touched = fold(record, event, at, shape)

Total: whatever the order in which events come, twice or never, the record stays consistent and nothing raises. The
record of a run is the fold of its whole log, so a late event is inserted there and the record folded anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...contract.events import Event
from ..record import RunRecord
from ..shape import Shape
from ..touched import Touched
from . import chat, nodes, people, run, tools


@dataclass(slots=True)
class Step:
    """What every part of the fold is given: the record, the moment of the event, the flow's shape, what is touched."""

    record: RunRecord
    at: float
    shape: Shape
    touched: Touched


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


def fold(record: RunRecord, event: Event, at: float, shape: Shape) -> Touched:
    """Apply `event` to `record`; `at` is when it happened, seconds since the epoch by the server's clock."""
    touched = Touched()
    step = Step(record, at, shape, touched)
    run.heard(step, event)
    for apply in _STEPS[event.event]:
        apply(step, event)
    return touched
