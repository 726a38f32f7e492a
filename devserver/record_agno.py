"""`python -m devserver.record_agno FOLDER`: run what is Agno's among the flows, and write its own events, a line each.

The tests translate those files, so that they need no agno; run this again when agno's version changes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from .flows import agno_agent, agno_team
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


RUNS = {"agno_workflow": workflow, "agno_agent": agent, "agno_team": team}


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
