"""An agent surveys the project, asks leave to publish, and asks who signs (a real Agno agent).
The input is what it is asked to publish; as long as people take.

Only the model is scripted (agno_model). Pausing, continuing and every event are Agno's own.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("AGNO_TELEMETRY", "false")

from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from agno.run.agent import RunPausedEvent
from agno.tools import tool
from agno.tools.reasoning import ReasoningTools

from flowglow.producer.agno_answers import give
from pyapp.protocols.agno import AgnoTranslator

from ..engine.flow import Flow, Node, Position
from ..engine.runs import RunHandle
from .agno_emit import emit
from .agno_model import Call, ScriptedModel, Turn
from .agno_tools import ProjectTools

ASK = "Publish a note on how large the project is."
Answered = Callable[..., Awaitable[dict[str, dict[str, Any]]]]
"""Waits for the answers to these requirement ids."""


def flow(root: Path) -> Flow:
    """The agent over the project at `root`."""
    return AgnoAgentFlow(root)


def make_agent(tools: ProjectTools) -> Agent:
    """Think, survey (no leave needed), a look that fails, publish (confirmation), sign (user input)."""

    @tool(requires_confirmation=True)  # type: ignore[untyped-decorator]  # agno is not type-checked here
    def publish(title: str) -> str:
        """Publish the note under a title."""
        return f"“{title}” is published."

    @tool(requires_user_input=True, user_input_fields=["author"])  # type: ignore[untyped-decorator]
    def sign(text: str, author: str) -> str:
        """Sign the note; the author is a person's to give."""
        return f"{text} — signed by {author}"

    def look_up(term: str) -> str:
        """Look a term up in the glossary."""
        raise LookupError(f"There is no glossary to find “{term}” in.")

    def script(asked: str, results: list[str]) -> Turn:
        thought = {
            "title": "How to go about it", "thought": "First the figures, then leave to publish, then a signature.",
            "action": "survey", "confidence": 0.9,
        }  # fmt: skip
        steps = [
            [Call("think", thought)],
            [Call("survey")],
            [Call("look_up", {"term": "lane"})],
            [Call("publish", {"title": asked[:80]})],
            [Call("sign", {"text": "The project in figures"})],
        ]
        if len(results) < len(steps):
            return steps[len(results)]
        return f"Done.\n\n```\n{results[1]}\n```\n\n- {results[3]}\n- {results[4]}\n"

    return Agent(
        name="Clerk",
        id="clerk",
        model=ScriptedModel("scripted-clerk", script),
        tools=[ReasoningTools(enable_analyze=False), tools.survey, look_up, publish, sign],
        db=InMemoryDb(),
        telemetry=False,
    )


class AgnoAgentFlow(Flow):
    """One agent as a flow of one node."""

    def __init__(self, root: Path) -> None:
        self._tools = ProjectTools(root)
        nodes = [Node("clerk", "agno.agent.Agent", "Clerk", position=Position(24, 60))]
        super().__init__("agno_agent", "Agent that asks first (Agno)", nodes)

    async def run(self, run: RunHandle, input: Any) -> None:
        """Run the agent to its end, through every pause."""
        asked = input if isinstance(input, str) and input.strip() else ASK
        translator = AgnoTranslator(flow_id=self.id, given=asked)
        run.log("info", f"Asked: {asked}", "clerk")
        given: dict[str, dict[str, Any]] = {}

        async def answered(*ids: str) -> dict[str, dict[str, Any]]:
            given.update(await run.answered(*ids))
            return given

        async for event in events_of(make_agent(self._tools), asked, run.run_id, answered):
            translated = translator.translate(event)
            for ours in translated:
                ours.pop("continue_run_id", None)  # answers come to the run as this server knows it
                if ours.get("event") == "resume_start":
                    ours["answers"] = list(given.values())
                    given.clear()
            emit(run, translated)


async def events_of(agent: Agent, asked: str, session: str, answered: Answered) -> AsyncIterator[dict[str, Any]]:
    """Agno's events of one run, as dicts; where it pauses, people's answers are waited for and given to Agno."""
    stream = agent.arun(input=asked, session_id=session, stream=True, stream_events=True)
    while stream is not None:
        paused: RunPausedEvent | None = None
        async for event in stream:
            if isinstance(event, RunPausedEvent):
                paused = event
            yield event.to_dict()
        stream = None
        if paused is not None:
            requirements = list(paused.requirements or [])
            open_ones = [each for each in requirements if not each.is_resolved()]
            give(open_ones, await answered(*[each.id for each in open_ones]))
            stream = agent.acontinue_run(
                run_id=paused.run_id, session_id=session, requirements=requirements, stream=True, stream_events=True
            )
