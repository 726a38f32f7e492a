"""A team leader hands a question to two members at once, and sums up what they find (a real Agno team).
The input is the question; about 5 s.

Only the model is scripted (agno_model).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("AGNO_TELEMETRY", "false")

from agno.agent import Agent
from agno.team import Team

from pyapp.protocols.agno import AgnoTranslator

from ..engine.flow import Flow, Node, Position
from ..engine.runs import RunHandle
from .agno_emit import emit
from .agno_model import Call, Script, ScriptedModel, Turn
from .agno_tools import ProjectTools, key_words

QUESTION = "Who keeps a lane of its own, and why?"
MEMBERS = {"documents": "docs", "sources": "pyapp devserver"}
"""Member → the folders it searches."""


def flow(root: Path) -> Flow:
    """The team over the project at `root`."""
    return AgnoTeamFlow(root)


def make_team(tools: ProjectTools) -> Team:
    """The leader and its members, new for each run."""

    def searcher(folders: str) -> Script:
        def search(asked: str, results: list[str]) -> Turn:
            if not results:
                return [Call("search", {"words": " ".join(key_words(asked)), "folders": folders})]
            return f"In {folders}:\n\n" + "\n".join(f"- `{hit}`" for hit in results[0].splitlines()[:4])

        return search

    def lead(asked: str, results: list[str]) -> Turn:
        if not results:
            return [Call("delegate_task_to_member", {"member_id": member, "task": asked}) for member in MEMBERS]
        hits = sum(text.count("- `") for text in results)
        return f"**{hits} passages** were found by {len(results)} members.\n\n" + "\n\n".join(results)

    members = [
        Agent(
            name=member.title(),
            id=member,
            model=ScriptedModel(f"scripted-{member}", searcher(folders)),
            tools=[tools.search],
            telemetry=False,
        )
        for member, folders in MEMBERS.items()
    ]
    model = ScriptedModel("scripted-lead", lead)
    return Team(name="Project team", id="team", members=members, model=model, telemetry=False)


class AgnoTeamFlow(Flow):
    """A team as a flow: the members are nodes in it."""

    def __init__(self, root: Path) -> None:
        self._tools = ProjectTools(root)
        inside = [
            Node(member, "agno.team.Agent", member.title(), position=Position(20 + 210 * column, 50), parent="team")
            for column, member in enumerate(MEMBERS)
        ]
        nodes = [Node("team", "agno.team.Team", "Project team", position=Position(24, 40)), *inside]
        super().__init__("agno_team", "Research team (Agno)", nodes)

    async def run(self, run: RunHandle, input: Any) -> None:
        """Run the team; every event of Agno's that means something to the page is emitted."""
        question = input if isinstance(input, str) and input.strip() else QUESTION
        translator = AgnoTranslator(flow_id=self.id, given=question)
        run.log("info", f"Question: {question}", "team")
        stream = make_team(self._tools).arun(input=question, stream=True, stream_events=True, stream_member_events=True)
        async for event in stream:
            emit(run, translator.translate(event.to_dict()))
