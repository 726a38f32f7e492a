"""The runs that are part of one root run: agents, teams and their members, nested workflows."""

from __future__ import annotations

from dataclasses import dataclass

from ...run.bounded import BoundedDict
from .fields import Event, is_nested, run_of, text

MAX_KNOWN = 10_000


@dataclass(slots=True)
class Run:
    """One run of an agent or team. `node_id` is where it speaks; `own`: it is that node, and no step is."""

    run_id: str
    node_id: str | None
    own: bool
    step: str | None = None
    """The step that it works for, by its id."""
    over: bool = False
    waits: bool = False
    """It asks a person, and did not go on."""
    spoke: bool = False
    said: str = ""
    """What it said in pieces."""


class Runs:
    """Owns which run is the root, and what is known of the others. `nameless` is the root that no event names."""

    def __init__(self, nameless: str = "run") -> None:
        self._nameless = nameless
        self.root: str | None = None
        self._known: BoundedDict[str, Run] = BoundedDict(MAX_KNOWN)

    def find(self, run_id: str | None) -> Run | None:
        return self._known.get(run_id) if run_id is not None else None

    def add(self, run: Run) -> Run:
        self._known[run.run_id] = run
        return run

    def waits_for(self, step: str) -> bool:
        """Whether what works for a step asks a person."""
        return any(run.waits and run.step == step for run in self._known.values())

    def learn(self, event: Event, *, of_workflow: bool) -> bool:
        """Find the root by an event, if it is not known yet; False where the event cannot tell."""
        if self.root is None:
            self.root = _root_of(event, of_workflow=of_workflow, nameless=self._nameless)
        return self.root is not None


def _root_of(event: Event, *, of_workflow: bool, nameless: str) -> str | None:
    """A workflow before an agent in it, a team before its member; a nested workflow does not know its root."""
    if of_workflow:
        return None if is_nested(event) else run_of(event)
    return text(event.get("workflow_run_id")) or text(event.get("parent_run_id")) or run_of(event) or nameless
