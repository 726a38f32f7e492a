"""A real AgentOS: an agent that asks first, a team, and workflows; only their models are scripted.

Everything over the wire is Agno's own: the page speaks to it as to any AgentOS.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("AGNO_TELEMETRY", "false")

from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from agno.os import AgentOS
from agno.workflow import HumanReview, Step, Workflow

from ..flows.agno_agent import make_agent
from ..flows.agno_model import ScriptedModel, Turn
from ..flows.agno_team import make_team
from ..flows.agno_tools import ProjectTools
from ..flows.agno_workflow import make_workflow

API = ""


def app(root: Path) -> Any:
    """The ASGI application of an AgentOS over the project at `root`."""
    db, tools = InMemoryDb(), ProjectTools(root)
    agent, team, research = make_agent(tools), make_team(tools), make_workflow(tools)
    for each in (agent, team, research):
        each.db = db
    agentos = AgentOS(
        id="flowglow-agno",
        name="flowglow",
        agents=[agent],
        teams=[team],
        workflows=[research, make_release(db)],
        db=db,
        telemetry=False,
    )
    return agentos.get_app()


def make_release(db: InMemoryDb) -> Workflow:
    """Draft, then leave to publish (the workflow itself asks), then publish."""

    def step(name: str, words: str, **options: Any) -> Step:
        def script(asked: str, results: list[str]) -> Turn:
            return words

        agent = Agent(name=name.title(), id=name, model=ScriptedModel(f"scripted-{name}", script), telemetry=False)
        return Step(name=name, agent=agent, max_retries=0, **options)

    asks = HumanReview(requires_confirmation=True, confirmation_message="May this be published?")
    draft = step("draft", "A note of a few words, to be read before it goes out.")
    steps = [draft, step("publish", "It is out.", human_review=asks)]
    return Workflow(name="Release that asks first", id="release", db=db, steps=steps, telemetry=False)
