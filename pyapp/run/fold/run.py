"""The fold of the run itself: its name, its status, its end."""

from __future__ import annotations

from ...contract.events import BaseEvent, ResumeEnd, RunEnd, RunStart
from ..record import TERMINAL, begin_wait, end_wait
from . import chat, groups, nodes, people, tools
from .step import Step


def heard(step: Step, event: BaseEvent) -> None:
    """Any event: when the run was alive, and up to which number it has spoken."""
    record = step.record
    record.mark = event.seq if event.seq is not None else record.events
    record.events += 1
    record.timed = record.timed or event.ts is not None
    if record.status not in TERMINAL:
        if record.started_at is None or step.at < record.started_at:
            record.started_at = step.at
            step.touched.run = True
        if record.latest_at is None or step.at > record.latest_at:
            record.latest_at = step.at


def works(step: Step, event: BaseEvent) -> None:
    """Work seen after a pause, though no resume_start came: the run goes on; its cards stay."""
    if step.record.status == "paused":
        step.record.status = "executing"
        end_wait(step.record.waits, step.at)
        step.touched.run = True


def started(step: Step, event: RunStart) -> None:
    record = step.record
    record.flow_id = event.flow_id or record.flow_id
    record.kind = event.entity_kind or record.kind
    record.name = event.entity_name or record.name
    step.touched.run = True


def resume_ended(step: Step, event: ResumeEnd) -> None:
    if event.status != "paused":
        ended(step, event)
    elif not step.record.over:
        step.record.status = "paused"
        begin_wait(step.record.waits, step.at)
        step.touched.run = True


def ended(step: Step, event: RunEnd | ResumeEnd) -> None:
    """The first terminal event wins. What is open ends as the run did, unknown after a success, and is implied."""
    record, touched = step.record, step.touched
    if record.over:
        return
    status = event.status if event.status is not None and event.status != "paused" else "success"
    record.status = status
    record.error = event.error
    record.content = getattr(event, "content", None)
    record.ended_at = record.latest_at
    end_wait(record.waits, record.ended_at)
    touched.run = touched.ended = True
    outcome = record.outcome or "unknown"
    tools.settle(step, outcome)
    nodes.settle(step, outcome)
    groups.settle(step, outcome)
    people.settle(step)
    chat.settle(step)
