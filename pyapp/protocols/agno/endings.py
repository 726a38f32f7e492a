"""How runs of agents and teams end: each once, with all that it said; the root's end is the end of the run."""

from __future__ import annotations

from typing import Any

from ..protocol import Taken, kept, taken
from .entities import known_run
from .fields import Event, Json, failed_as, reason_of
from .runs import Run
from .speech import rest
from .state import State
from .steps import end


def completed(state: State, event: Event) -> Taken:
    return _ended(state, event, "success", None)


def failed(state: State, event: Event) -> Taken:
    """An error, or a cancel: what it had said until then stays."""
    return _ended(state, event, failed_as(event), reason_of(event) if failed_as(event) == "error" else _why(event))


def _why(event: Event) -> Any:
    return event.get("reason") or event.get("content")


def requested(state: State, event: Event) -> Taken:
    """A model has answered: what it spent is told with the end of its run."""
    run = state.run(event)
    return kept((run is None or not run.over) and state.usage.request(event))


def _ended(state: State, event: Event, status: str, error: Any) -> Taken:
    before = known_run(state, event)
    run = state.run(event)
    if run is None:
        return [_run_end(state, event, status, error)]  # of the root, which no event names (Agno 2.2)
    if run.over:
        return before
    run.over = True
    said = None if status == "error" else rest(state, run, event)
    over = [_run_end(state, event, status, error)] if run.run_id == state.root else []
    return taken(before, said, _end_node(state, run, event, status, error), over)


def _end_node(state: State, run: Run, event: Event, status: str, error: Any) -> list[Json]:
    """A node of its own ends with it; a step tells its own end, but not one whose agent failed."""
    output = event.get("content") if status == "success" else run.said or None
    if run.own:
        usage = state.usage.run_over(event, None)
        if run.run_id not in state.nodes.open:
            return []
        return [state.nodes.end(run.run_id, status, content=output, error=error, usage=usage)]
    state.usage.run_over(event, run.step)
    step = run.step or ""
    if status == "success" or step not in state.nodes.open:
        return []
    state.nodes.failed[step] = state.nodes.open[step]
    return [end(state, step, status, content=output, error=error)]


def _run_end(state: State, event: Event, status: str, error: Any) -> Json:
    return {
        "event": "run_end",
        "status": status,
        "content": event.get("content") if status == "success" else None,
        "error": error,
    }
