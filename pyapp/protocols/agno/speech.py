"""What agents and teams say and think. Pieces go on as they come; at its end a run tells all of it once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol import Json, Taken, taken
from .entities import known_run
from .fields import Event, kind_of, text
from .runs import Run
from .state import State

MAX_SAID = 1_000_000
"""Characters of a run that are remembered, to know at its end what of it is missing."""


def content(state: State, event: Event) -> Taken:
    """A piece of text, and of thought beside it."""
    before, ours = known_run(state, event), list[Json]()
    thought = event.get("reasoning_content")
    if isinstance(thought, str) and thought:
        ours.append(_said(state, "ReasoningContent", "TeamRunReasoningContent", event, thought))
    said = event.get("content")
    if said is not None and said != "":
        run = state.run(event)
        if run is not None:
            run.spoke = True
            run.said += said if isinstance(said, str) and len(run.said) < MAX_SAID else ""
        ours.append(_said(state, "RunContent", "TeamRunContent", event, said))
    return taken(before, ours or None)


def reasoning(state: State, event: Event) -> Taken:
    """A step tells itself; Agno's text beside it holds all the steps before it once more."""
    step = event.get("content")
    if isinstance(step, Mapping):
        said = _said(state, "ReasoningContent", "TeamRunReasoningContent", event, "")
        return taken(known_run(state, event), [{**said, "step": dict(step)}])
    words = event.get("reasoning_content") or (step if isinstance(step, str) else "")
    if not words:
        return None
    said = _said(state, "ReasoningContent", "TeamRunReasoningContent", event, words)
    return taken(known_run(state, event), [said])


def custom(state: State, event: Event) -> Taken:
    """An event of somebody's own: with `html` it is for the chat."""
    html = event.get("html")
    return [{"event": "ChatHTML", "html": html, "node_id": state.node_of(event)}] if isinstance(html, str) else None


def rest(state: State, run: Run, event: Event) -> list[Json]:
    """What a run said and no piece told: all of it where it did not stream, or a piece was missed."""
    whole = event.get("content")
    if whole is None or whole == "" or whole == event.get("reason"):
        return []
    if run.spoke and not (isinstance(whole, str) and len(whole) > len(run.said) and not run.said.endswith(whole)):
        return []
    run.spoke, run.said = True, whole if isinstance(whole, str) else run.said
    return [{**_said(state, "RunContent", "TeamRunContent", event, whole), "mode": "snapshot"}]


def _said(state: State, agent_event: str, team_event: str, event: Event, words: Any) -> Json:
    kind = kind_of(event)
    return {
        "event": team_event if kind == "team" else agent_event,
        "content": words,
        f"{kind}_id": text(event.get(f"{kind}_id")),
        "name": text(event.get(f"{kind}_name")),
        "node_id": state.node_of(event),
    }
