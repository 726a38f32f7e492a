"""Of which root run a message of an AgentOS's socket is: several runs share one socket, and never mix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...run.bounded import BoundedDict
from ..runs import ForeignRun, ForeignRuns

MAX_MEMBERS = 20_000


class Roots:
    """Owns which runs (of agents, teams, nested workflows) are part of which root run."""

    def __init__(self, runs: ForeignRuns, make: Callable[[str, str], ForeignRun]) -> None:
        self._runs = runs
        self._make = make
        self._members: BoundedDict[str, str] = BoundedDict(MAX_MEMBERS)
        """Run id of a part → key of its root."""

    def of(self, event: Mapping[str, Any]) -> ForeignRun | None:
        """By the ids that the message bears, the nearest first; else by its session, each start has its own."""
        ids = [event.get(name) for name in ("workflow_run_id", "run_id", "parent_run_id")]
        for each in filter(None, ids):
            run = self._runs.find(str(each)) or self._runs.find(self._members.get(str(each)))
            if run is not None:
                return run
        session = event.get("session_id")
        of_session = [run for run in self._runs if session and run.session == session and not run.over]
        if of_session:
            return of_session[-1]
        return self._joined(event)

    def note(self, event: Mapping[str, Any], run: ForeignRun) -> None:
        """Learn what the message says of ids. The first id of a run's own kind is that of the root itself."""
        run_id = event.get("run_id")
        if not isinstance(run_id, str) or not run_id:
            return
        if run.run_id is None:
            run.run_id = str(event.get("workflow_run_id") or run_id)
        if run_id != run.run_id:
            self._members[run_id] = run.key

    def _joined(self, event: Mapping[str, Any]) -> ForeignRun | None:
        """A run that nobody here began: known from now on, if the message says what it is of."""
        workflow, run_id = event.get("workflow_id"), event.get("workflow_run_id") or event.get("run_id")
        if not isinstance(workflow, str) or not isinstance(run_id, str):
            return None
        run = self._runs.add(self._make(run_id, f"workflows/{workflow}"))
        run.run_id, run.session = run_id, str(event.get("session_id") or "")
        return run
