"""`python -m devserver.record_agno FOLDER`: run what is Agno's among the flows, and write its own events, a line each.

The tests translate those files, so that they need no agno; run this again when agno's version changes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from agno.agent import Agent
from agno.run.agent import CustomEvent
from agno.workflow import Step, StepOutput, Workflow

from .flows import agno_agent, agno_team
from .flows.agno_model import Call, ScriptedModel, Turn
from .flows.agno_tools import ProjectTools
from .flows.agno_workflow import QUESTION, make_workflow


async def workflow(tools: ProjectTools) -> AsyncIterator[dict[str, Any]]:
    """Steps, a parallel group, agents with tools."""
    async for event in make_workflow(tools).arun(input=QUESTION, stream=True, stream_events=True):
        yield event.to_dict()


async def agent(tools: ProjectTools) -> AsyncIterator[dict[str, Any]]:
    """Reasoning, a tool that fails, a confirmation that is given, a form that is filled in."""
    given = {"confirmed": True, "values": {"author": "Ann"}}

    async def answered(*ids: str) -> dict[str, dict[str, Any]]:
        return dict.fromkeys(ids, given)

    async for event in agno_agent.events_of(agno_agent.make_agent(tools), agno_agent.ASK, "recorded", answered):
        yield event


async def team(tools: ProjectTools) -> AsyncIterator[dict[str, Any]]:
    """Two members at the same time."""
    stream = agno_team.make_team(tools).arun(
        input=agno_team.QUESTION, stream=True, stream_events=True, stream_member_events=True
    )
    async for event in stream:
        yield event.to_dict()


@dataclass
class Report(CustomEvent):  # type: ignore[misc]  # agno is not type-checked here
    """An event of our own in Agno's stream: a report as HTML."""

    html: str = ""


async def custom(tools: ProjectTools) -> AsyncIterator[dict[str, Any]]:
    """A tool that tells an event of its own."""

    def report() -> Iterator[Any]:
        """Put the figures into the chat."""
        yield Report(html=f"<pre>{escape(tools.survey())}</pre>")

    def script(asked: str, results: list[str]) -> Turn:
        return "There it is." if results else [Call("report")]

    clerk = Agent(name="Clerk", id="clerk", model=ScriptedModel("scripted", script), tools=[report], telemetry=False)
    async for event in clerk.arun(input="Report", stream=True, stream_events=True):
        yield event.to_dict()


async def failing(tools: ProjectTools) -> AsyncIterator[dict[str, Any]]:
    """A workflow whose second step fails."""

    def fail(step_input: Any) -> Any:
        raise RuntimeError("The second step cannot work.")

    def survey(step_input: Any) -> StepOutput:
        return StepOutput(content=tools.survey())

    steps = [Step(name="survey", executor=survey), Step(name="fail", executor=fail, max_retries=0)]
    flow = Workflow(name="Failing", id="failing", steps=steps, telemetry=False)
    try:
        async for event in flow.arun(input="Go", stream=True, stream_events=True):
            yield event.to_dict()
    except RuntimeError:
        return  # Agno tells it, and raises it too


RUNS = {
    "agno_workflow": workflow, "agno_agent": agent, "agno_team": team, "agno_custom": custom, "agno_failing": failing,
}  # fmt: skip


async def record(root: Path, folder: Path) -> dict[str, int]:
    """Write the events of one run of each over the project at `root`; how many there were."""
    counts = {}
    for name, run in RUNS.items():
        lines = [json.dumps(event, default=str) async for event in run(ProjectTools(root))]
        (folder / f"{name}.ndjson").write_text("\n".join(lines) + "\n")
        counts[name] = len(lines)
    return counts


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m devserver.record_agno FOLDER")
    for name, count in asyncio.run(record(Path(__file__).resolve().parents[1], Path(sys.argv[1]))).items():
        print(f"{count} events in {name}.ndjson")
