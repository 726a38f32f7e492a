"""A voice: one of several who speak in a node, each in a stream of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .context import NodeContext, Output

T = TypeVar("T")
WORDS_PER_S = 60
"""As fast as a quick language model speaks."""


class Voice:
    """Says, thinks and calls tools under one `source_run_id`. A team's voice tells the team's events."""

    def __init__(self, context: NodeContext, source: str, name: str, *, team: bool = False) -> None:
        self._context = context
        self._prefix = "Team" if team else ""
        who = {"team_id" if team else "agent_id": name.lower().replace(" ", "-")}
        self._fields = {"source_run_id": source, "name": name, **who}

    @property
    def source(self) -> dict[str, str]:
        """What an event bears that is of this voice."""
        return {"source_run_id": self._fields["source_run_id"]}

    def say(self, text: str) -> None:
        """Stream a piece of text."""
        self._context.check()
        self._context.tell(f"{self._prefix}RunContent", content=text, **self._fields)

    async def speak(self, text: str) -> None:
        """Say a text word by word, at the pace of a model."""
        for word in re.findall(r"\s*\S+|\s+$", text):
            self.say(word)
            await asyncio.sleep(1 / WORDS_PER_S)

    def think(self, text: str, **step: Any) -> None:
        """Stream a piece of reasoning; `step` names its title, action, result, next_action, confidence."""
        self._context.check()
        extra = {"step": step} if step else {}
        self._context.tell(f"{self._prefix}RunReasoningContent", content=text, **self._fields, **extra)

    def tool(self, name: str, function: Callable[..., T | Output], /, **args: Any) -> T:
        """Call a tool under this voice. Its exception comes through."""
        return self._context.tool(name, function, self.source, **args)
