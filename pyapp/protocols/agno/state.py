"""What must be remembered of one root run, by what owns it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .asked import Asked
from .calls import Calls
from .fields import Event, run_of, text
from .nodes import Nodes
from .numbers import Numbers
from .runs import Run, Runs
from .usage import AgnoUsage


class State:
    """Holds the parts; each has its own rules. `given` is what the run was given: the input of its first node;
    `run_id` what it is called while no event names it.
    """

    def __init__(
        self, flow_id: str | None, node_ids: Mapping[str, str] | None, given: Any, run_id: str = "run"
    ) -> None:
        self.flow_id = flow_id
        self.given = given
        self.numbers = Numbers()
        self.nodes = Nodes(node_ids)
        self.runs = Runs(run_id)
        self.calls = Calls()
        self.asked = Asked()
        self.usage = AgnoUsage()
        self.failure: tuple[str | None, Any] = None, None
        """The name of the step that failed last, and why."""
        self.begun = False
        """The start of the root was told."""
        self.over = False
        """The end of the root was told."""

    @property
    def root(self) -> str | None:
        return self.runs.root

    def is_root(self, event: Event) -> bool:
        """Whether an agent's or a team's event is of the root itself; one that names no run is (Agno 2.2)."""
        return run_of(event) in (None, self.root)

    def run(self, event: Event) -> Run | None:
        """The agent's or team's run that an event is of."""
        return self.runs.find(run_of(event) or self.root)

    def node_of(self, event: Event) -> str | None:
        """The node that an event is of: its run's, else its step's."""
        run = self.run(event)
        if run is not None:
            return run.node_id
        name = text(event.get("step_name"))
        return self.nodes.find(text(event.get("step_id"))) or (self.nodes.named(name) if name is not None else None)
