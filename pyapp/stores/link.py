"""The link store: the state of the connection, as `#connection` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LinkPhase = Literal["connecting", "open", "waiting", "offline", "closed"]


@dataclass(frozen=True, slots=True)
class LinkState:
    """`retry_at` is the monotonic moment of the next attempt while waiting; `reason` says why, in words."""

    phase: LinkPhase = "closed"
    reason: str | None = None
    attempt: int = 0
    retry_at: float | None = None
