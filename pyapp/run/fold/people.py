"""The fold of what waits for a person: requirements to answer, and sign-ins elsewhere, each known by its id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...contract.events import AgentPaused, InteractionEvent, ResumeStart
from ..record import NodeRecord, SignIn, Wanted, begin_wait, end_wait
from . import groups
from .nodes import node_of
from .step import MAX_CARDS, Step, evict


def paused(step: Step, event: AgentPaused) -> None:
    """The run waits for these; one that was answered before is asked again."""
    record = step.record
    if record.over:
        return
    record.status = "paused"
    begin_wait(record.waits, step.at)
    for each in event.requirements:
        before = record.wanted.pop(each.id, None)
        wanted = Wanted(each, event.node_id, event.continue_run_id, event.content, mark=record.mark)
        wanted.asked = before.asked + 1 if before is not None else 1
        record.card_serial += 1
        wanted.serial = record.card_serial
        record.wanted[each.id] = wanted
        evict(record.wanted, MAX_CARDS, lambda other: not other.open)
    for node in [node_of(step, event, event.node_id)] if event.node_id is not None else list(record.nodes.values()):
        if not node.waiting and (node.executing or event.node_id is not None):
            node.waiting = True
            _waits(step, node)
    step.touched.run = step.touched.cards = True


def resumed(step: Step, event: ResumeStart) -> None:
    """The run goes on; what it does not name as resolved goes on waiting, unless it names nothing."""
    record = step.record
    if record.over:
        return
    record.status = "executing"
    end_wait(record.waits, step.at)
    step.touched.run = True
    if event.resolved is None:
        record.resumed_mark = record.mark
    _answered(step, list(record.wanted) if event.resolved is None else event.resolved)
    _learned(step, event.answers or ())
    _release(step)
    step.touched.cards = True


def interaction(step: Step, event: InteractionEvent) -> None:
    """A sign-in is wanted, or went on: what was told of it before and is not told again is so still."""
    record = step.record
    if record.over:
        return
    record.card_serial += 1
    before, status, serial = record.sign_ins.get(event.interaction_id), event.status or "pending", record.card_serial
    if before is not None:
        event, serial = before.event.model_copy(update={k: v for k, v in event if v is not None}), before.serial
    node = record.nodes.get(event.node_id) if event.node_id is not None else None
    sign_in = SignIn(event, status, serial, mark=record.mark)
    sign_in.open = sign_in.status != "failed" or node is None or node.executing
    record.sign_ins[event.interaction_id] = sign_in
    evict(record.sign_ins, MAX_CARDS, lambda other: not other.asks)
    if node is not None and node.executing and sign_in.asks:
        node.waiting = True
        _waits(step, node)
    elif node is not None:
        _release(step)
    step.touched.cards = True


def settle(step: Step) -> None:
    """The run is over: nothing is waited for."""
    for wanted in step.record.wanted.values():
        wanted.open = False
    for sign_in in step.record.sign_ins.values():
        sign_in.open = False
    step.touched.cards = True


def _waits(step: Step, node: NodeRecord) -> None:
    """What is open of the node waits from now on, or waits no more."""
    step.touched.nodes[node.node_id] = None
    for order in node.open_orders:
        (begin_wait if node.waiting else end_wait)(node.executions[order].waits, step.at)
        step.touched.executions[node.node_id, order] = None
    groups.worked(step, node)


def _release(step: Step) -> None:
    """Nodes of which nothing is asked any more wait no longer."""
    record = step.record
    still = {wanted.node_id for wanted in record.wanted.values() if wanted.open}
    still |= {each.event.node_id or "" for each in record.sign_ins.values() if each.asks}
    for node in record.nodes.values():
        if node.waiting and not (node.executing and (node.node_id in still or None in still)):
            node.waiting = False
            _waits(step, node)


def _learned(step: Step, answers: Iterable[Any]) -> None:
    """What people answered, as the server tells it: it stays with what was asked."""
    for answer in answers:
        known = isinstance(answer, dict) and step.record.wanted.get(str(answer.get("id")))
        if known:
            known.answer = answer


def _answered(step: Step, requirement_ids: Iterable[str]) -> None:
    record = step.record
    for each in requirement_ids:
        wanted = record.wanted.get(each)
        if wanted is not None:
            if wanted.open:
                wanted.answered_at, wanted.place = step.at, record.message_serial
            wanted.open, wanted.mark = False, record.mark
        else:
            record.resolved[each] = record.mark
            evict(record.resolved, MAX_CARDS, lambda mark: True)
    for sign_in in record.sign_ins.values():
        needed = record.wanted.get(sign_in.event.requirement_id or "")
        if needed is not None and not needed.open:
            sign_in.open = sign_in.status != "failed"
            sign_in.status = "completed" if sign_in.status == "pending" else sign_in.status
