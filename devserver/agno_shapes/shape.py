"""What a shape is: something of Agno's that runs, since which version, and when its run is cancelled."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

os.environ.setdefault("AGNO_TELEMETRY", "false")

from agno.agent import Agent
from agno.db.in_memory import InMemoryDb

from ..flows.agno_model import Script, ScriptedModel

AGNO = tuple(int(part) for part in version("agno").split(".")[:2])
"""The installed version, as (major, minor)."""

Kind = Literal["agents", "teams", "workflows"]
Cancel = Literal["", "at once", "in the middle"]


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is where AgentOS serves it; `make` builds a new one, whose id is `name`."""

    name: str
    kind: Kind
    make: Callable[[], Any]
    since: tuple[int, int] = (2, 2)
    cancel: Cancel = ""
    """At once: behind the start of its first agent, before a word; in the middle: behind its first words."""
    sync: bool = False
    """It is run by `run`, not `arun`: AgentOS never does, a program that uses Agno may."""

    @property
    def available(self) -> bool:
        """Whether the installed Agno can have it."""
        return self.since <= AGNO


def scripted(name: str, script: Script, *tools: Any, think_s: float = 0.0, **options: Any) -> Agent:
    """An agent whose model is the script; it thinks for so long before its first words."""
    model = ScriptedModel(f"scripted-{name}", script, pace_s=0.002, think_s=think_s)
    return Agent(
        name=name.title(), id=name, model=model, tools=list(tools), db=InMemoryDb(), telemetry=False, **options
    )


def speaker(name: str, text: str = "Well said.", **options: Any) -> Agent:
    """An agent that says one thing."""
    return scripted(name, lambda asked, results: text, **options)


def broken(name: str) -> Agent:
    """An agent whose model cannot be reached."""

    def script(asked: str, results: list[str]) -> str:
        raise ConnectionError("upstream 503")

    return scripted(name, script)
