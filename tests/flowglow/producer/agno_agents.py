"""Real agents, teams and workflows of Agno for the tests of its producer; only their model is a script."""

from __future__ import annotations

from typing import Any

from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from agno.team import Team
from agno.tools import tool
from agno.tools.reasoning import ReasoningTools
from agno.workflow import HumanReview, Step, Workflow

from devserver.flows.agno_model import Call, ScriptedModel, Turn


@tool(requires_confirmation=True)  # type: ignore[untyped-decorator]  # agno is not type-checked here
def publish(title: str) -> str:
    """Publish the note under a title."""
    return f"“{title}” is published."


@tool(requires_user_input=True, user_input_fields=["author"])  # type: ignore[untyped-decorator]
def sign(text: str, author: str) -> str:
    """Sign the note; the author is a person's to give."""
    return f"{text}, by {author}"


def look_up(term: str) -> str:
    """Look a term up in the glossary."""
    raise LookupError(f"There is no glossary to find “{term}” in.")


def agent(name: str, *steps: Call, tools: tuple[Any, ...] = (publish, sign, look_up), **more: Any) -> Agent:
    """Calls these, one after the other, and says at last what the last one gave."""

    def script(asked: str, results: list[str]) -> Turn:
        if len(results) < len(steps):
            return [steps[len(results)]]
        return f"Done: {results[-1]}" if results else f"You said {asked}"

    model = ScriptedModel(f"scripted-{name}", script, pace_s=0)
    given = [ReasoningTools(enable_analyze=False), *tools] if any(each.tool == "think" for each in steps) else tools
    return Agent(name=name.title(), id=name, model=model, tools=list(given), telemetry=False, **more)


def team(*members: Agent) -> Team:
    """A leader that asks each of its members at once."""

    def lead(asked: str, results: list[str]) -> Turn:
        if results:
            return "All have answered."
        return [Call("delegate_task_to_member", {"member_id": each.id, "task": asked}) for each in members]

    model = ScriptedModel("scripted-lead", lead, pace_s=0)
    return Team(name="Both", id="both", members=list(members), model=model, telemetry=False)


def workflow(*, keeps: bool) -> Workflow:
    """A step for which leave is needed, with an agent in it that asks for leave itself."""
    asks = HumanReview(requires_confirmation=True, confirmation_message="Begin?")
    step = Step(name="work", agent=agent("clerk", Call("publish", {"title": "Lanes"})), human_review=asks)
    db = InMemoryDb() if keeps else None
    return Workflow(name="Desk", id="desk", steps=[step], db=db, telemetry=False)
