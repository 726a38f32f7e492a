"""What a run waits for: requirements that a person must answer, and sign-ins elsewhere. Pure.

Both are known by (run, id): the same id again updates what is there. What the stream has closed, an answer
over HTTP never opens again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..contract.events import AgentPaused, InteractionEvent, Requirement
from .bounded import BoundedDict

if TYPE_CHECKING:
    from .record_old import RunRecord

MAX_WAITING = 500
SignInStatus = Literal["pending", "completed", "failed", "expired"]


@dataclass(slots=True)
class Wanted:
    """One requirement of one run. `open` until the run went on with an answer, whoever gave it, or ended."""

    requirement: Requirement
    node_id: str | None = None
    continue_run_id: str | None = None
    content: Any = None
    """What the pause itself said: the text to look at, for an output review."""
    asked: int = 1
    """How often it was asked: asked again, an answer that was given counts no more."""
    open: bool = True


@dataclass(slots=True)
class SignIn:
    """One sign-in of one run. `open` until its run is over; how it went is `status`."""

    event: InteractionEvent
    status: SignInStatus = "pending"
    open: bool = True


@dataclass(slots=True)
class Waiting:
    """Everything one run waits for, or waited for, in the order it was heard of."""

    wanted: BoundedDict[str, Wanted] = field(
        default_factory=lambda: BoundedDict(MAX_WAITING, lambda wanted: not wanted.open)
    )
    sign_ins: BoundedDict[str, SignIn] = field(
        default_factory=lambda: BoundedDict(MAX_WAITING, lambda sign_in: not sign_in.open)
    )

    def paused(self, event: AgentPaused) -> None:
        """The run waits for these; one that was answered before is asked again."""
        for each in event.requirements:
            before = self.wanted.get(each.id)
            asked = before.asked + 1 if before is not None else 1
            self.wanted[each.id] = Wanted(each, event.node_id, event.continue_run_id, event.content, asked)

    def answered(self, requirement_ids: Iterable[str] | None) -> None:
        """The run went on: these are answered, or all where it does not say which."""
        for each in list(self.wanted) if requirement_ids is None else requirement_ids:
            if each in self.wanted:
                self.wanted[each].open = False
        for sign_in in self.sign_ins.values():
            wanted = self.wanted.get(sign_in.event.requirement_id or "")
            if sign_in.status == "pending" and wanted is not None and not wanted.open:
                sign_in.status = "completed"

    def signed(self, event: InteractionEvent) -> None:
        """A sign-in is wanted, or went on."""
        self.sign_ins[event.interaction_id] = SignIn(event, event.status or "pending")

    def over(self) -> None:
        """The run is over: nothing is waited for."""
        for wanted in self.wanted.values():
            wanted.open = False
        for sign_in in self.sign_ins.values():
            sign_in.open = False

    def listed(self, requirements: list[Requirement], sign_ins: list[InteractionEvent], *, whole: bool) -> None:
        """The server's list of what is open. Where it is `whole` (and as new as the stream), the rest is not."""
        for each in requirements:
            if each.id not in self.wanted:
                node_id, content = getattr(each, "node_id", None), getattr(each, "content", None)
                self.wanted[each.id] = Wanted(each, node_id if isinstance(node_id, str) else None, None, content)
        for event in sign_ins:
            if event.interaction_id not in self.sign_ins:
                self.signed(event)
        if whole:
            still_open = {each.id for each in requirements}
            self.answered([each for each in self.wanted if each not in still_open])

    def nodes(self) -> set[str]:
        """The nodes that cannot go on before a person has acted."""
        return {wanted.node_id for wanted in self.wanted.values() if wanted.open and wanted.node_id is not None}


def pause(run: RunRecord, event: AgentPaused) -> None:
    """An `AgentPaused`, applied to the record of its run."""
    if run.over:
        return
    run.status = "paused"
    run.waiting.paused(event)
    if event.node_id is not None:
        run.node(event.node_id).waiting = True
    else:
        for node in run.nodes.values():
            node.waiting = node.waiting or node.executing


def resume(run: RunRecord, resolved: list[str] | None) -> None:
    """A `resume_start`: the run goes on; what is still open goes on waiting."""
    run.status, run.provisional = "executing", False
    run.waiting.answered(resolved)
    waiting = run.waiting.nodes()
    for node in run.nodes.values():
        node.waiting = node.executing and node.node_id in waiting
