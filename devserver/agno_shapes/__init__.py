"""Agents, teams and workflows of every shape that Agno streams differently: what is recorded, and what is tested live.

Only the model is scripted. Built in whatever version of Agno is installed; what a version has not is left out.
"""

from .agents import AGENTS
from .shape import Shape
from .teams import TEAMS
from .workflows import WORKFLOWS

SHAPES: dict[str, Shape] = {shape.name: shape for shape in (*AGENTS, *TEAMS, *WORKFLOWS)}
"""Those that the installed Agno can have."""
