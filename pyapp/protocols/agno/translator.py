"""AgnoTranslator: Agno's events of one root run, one at a time, into the contract's. Pure Python; knows no agno.

    translator = AgnoTranslator(flow_id="research")
    for event in agno_events:          # dicts, as Agno's Python API, SSE or WebSocket give them
        for ours in translator.translate(event):
            ...                         # dicts of docs/contract.md §1; `aside` for what says nothing to the page

A workflow's steps and groups (Parallel, Loop, Condition, Router, Steps) are nodes, named by their step; a nested
workflow is the step that it is in. In a bare run the agent or team is the node. A team's members are nodes in it, or in
its step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...locale.catalogue import Sentence
from ..protocol import Json, Taken, aside, taken
from .fields import Event, number, run_of, text
from .generation import Generation
from .state import State
from .table import EVENTS, Row

MAX_HELD = 1_000
UNREADABLE = "A field of it is not what Agno says it is."
UNPLACED = "Too many came before one that says which run they are part of."
UNKNOWN = Row()


class AgnoTranslator:
    """Owns what must be remembered of one root run. Never raises; tells at most one end of the run.

    `node_ids` gives the canvas's node id for a step or agent whose name is not that id; `given` is what the run was
    given, which Agno's events do not tell: the input of its first node; `run_id` names a run that no event names.
    """

    def __init__(
        self,
        flow_id: str | None = None,
        node_ids: Mapping[str, str] | None = None,
        given: Any = None,
        run_id: str = "run",
    ) -> None:
        self.unknown = 0
        """Events that could not be read."""
        self.generation = Generation()
        self._state = State(flow_id, node_ids, given, run_id)
        self._held: list[Event] = []
        """Events of a nested workflow that came before any that says what the root is."""

    @property
    def limits(self) -> tuple[Sentence, ...]:
        """What the Agno that speaks cannot do."""
        return self.generation.limits

    @property
    def stuck(self) -> Sentence | None:
        """What the run waits for, where nobody here can answer it."""
        return self._state.asked.stuck if not self._state.over else None

    def translate(self, event: Mapping[str, Any]) -> list[Json]:
        """The contract's events for one of Agno's; none where it changed what a later one says, or waits for one that
        says what the root is; and none for one that came before, by its `event_index`: it was told then.
        """
        name = event.get("event") if isinstance(event, Mapping) else None
        if not isinstance(name, str):
            self.unknown += 1
            return [aside("message", UNREADABLE, event if isinstance(event, Mapping) else None)]
        self.generation.hear(event)
        if not self._state.numbers.take(event):
            return []
        if not self._state.runs.learn(event, of_workflow=EVENTS.get(name, UNKNOWN).of_workflow):
            return self._hold(event)
        held, self._held = self._held, []
        return [ours for each in (*held, event) for ours in self._translated(each, str(each["event"]))]

    def _hold(self, event: Event) -> list[Json]:
        """Until it is known what the root is; of more than can be held the oldest is given up."""
        self._held.append(event)
        if len(self._held) <= MAX_HELD:
            return []
        oldest = self._held.pop(0)
        return [aside(str(oldest["event"]), UNPLACED, oldest)]

    def _translated(self, event: Event, name: str) -> list[Json]:
        row = EVENTS.get(name, UNKNOWN)
        try:
            ours = row.translate(self._state, event) if row.translate is not None else None
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            self.unknown += 1
            return [aside(name, UNREADABLE, event)]
        if row.works:
            ours = taken(self._state.asked.work(), ours)
        ours = self._once_over(ours)
        if ours is None:
            why = f" ({row.log.removeprefix('each; ')})" if row.log else ""
            return [aside(f"{name}{why}", event=event, known=row is not UNKNOWN)]
        return [self._common(each, event) for each in ours]

    def _once_over(self, ours: Taken) -> Taken:
        """The first end of the run is its end; of an event that would be nothing but one more, nothing is taken."""
        ends = [each for each in ours or () if each["event"] == "run_end"]
        again = ends if self._state.over else ends[1:]
        self._state.over = self._state.over or bool(ends)
        return [each for each in ours or () if each not in again] or None if again else ours

    def _common(self, ours: Json, event: Event) -> Json:
        """What every event bears: the root run, where it came from, and when. What is None is left out."""
        run_id, root = run_of(event), self._state.root
        common = {
            "run_id": root,
            "source_event": text(event.get("event")),
            "source_run_id": run_id if run_id != root else None,
            "parent_run_id": text(event.get("parent_run_id")),
            "session_id": text(event.get("session_id")),
            "ts": number(event.get("created_at")),
        }
        return {key: value for key, value in {**ours, **common}.items() if value is not None}
