"""The chat view store: the messages of each run, in the order they appeared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChatKind = Literal["text", "reasoning", "html", "tool"]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One bubble. `source` is the source_run_id, else agent_id/team_id, else the run id."""

    message_id: str
    run_id: str
    source: str
    kind: ChatKind
    text: str = ""
    name: str | None = None
    node_id: str | None = None
    busy: bool = False
    """Still streaming."""
