"""Teams: members side by side, one that fails, one that asks for leave, a team in a team."""

from __future__ import annotations

from typing import Any

from agno.db.in_memory import InMemoryDb
from agno.team import Team
from agno.tools import tool

from ..flows.agno_model import Call, ScriptedModel, Turn
from .shape import Shape, broken, scripted, speaker


def team(name: str, *members: Any) -> Team:
    """A leader that asks each of its members at once, and says what they found."""

    def lead(asked: str, results: list[str]) -> Turn:
        if results:
            return f"{len(results)} have answered."
        return [Call("delegate_task_to_member", {"member_id": each.id, "task": "Look."}) for each in members]

    model = ScriptedModel(f"scripted-{name}", lead, pace_s=0.002)
    return Team(name=name.title(), id=name, members=list(members), model=model, db=InMemoryDb(), telemetry=False)


def cautious(name: str) -> Any:
    """A member whose tool needs leave."""

    @tool(requires_confirmation=True)  # type: ignore[untyped-decorator]  # agno is not type-checked here
    def delete(path: str) -> str:
        """Delete a file."""
        return f"{path} is gone."

    def script(asked: str, results: list[str]) -> Turn:
        return "Done." if results else [Call("delete", {"path": f"/tmp/{name}"})]

    return scripted(name, script, delete)


TEAMS = [
    shape
    for shape in (
        Shape("team_members", "teams", lambda: team("team_members", speaker("left"), speaker("right"))),
        Shape("team_member_error", "teams", lambda: team("team_member_error", broken("ill"), speaker("well"))),
        Shape("team_pause", "teams", lambda: team("team_pause", cautious("first"), cautious("second")), since=(2, 9)),
        Shape("team_nested", "teams", lambda: team("team_nested", team("inner", speaker("leaf")), speaker("other"))),
    )
    if shape.available
]
